package io.pipelinev2.core.execution;

import java.time.Duration;

/**
 * Decides when a stage that fails for one trial after another is held, because the cause is probably not in the trials: the
 * disk is full, the data is gone. The engine does the holding, writes it to the store, and makes one attempt from time to
 * time to see whether the stage goes again.
 *
 * <p>Implementations are safe for use by several threads.
 */
public interface StageBreaker {

    /**
     * An attempt could not do its work.
     *
     * @return whether that is one too many, so that the stage is held
     */
    boolean failed(String stage, long trialId);

    /** An attempt came to a verdict, whichever. */
    void succeeded(String stage);

    /**
     * How long a held stage is left alone before the next attempt.
     *
     * @param probes how many attempts have failed since it is held
     */
    Duration pause(int probes);

    /** Never holds any. */
    static StageBreaker never() {
        return new StageBreaker() {
            @Override
            public boolean failed(String stage, long trialId) {
                return false;
            }

            @Override
            public void succeeded(String stage) {}

            @Override
            public Duration pause(int probes) {
                return Duration.ofMinutes(1);
            }
        };
    }
}
