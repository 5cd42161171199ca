package io.pipelinev2.core.stage;

import java.time.Duration;

/**
 * How the engine treats a stage.
 *
 * @param enabled whether trials go through it
 * @param maxAttempts how often its work is tried before the trial fails, at least 1
 * @param timeout how long one attempt may take, positive
 * @param retryDelays how long to wait after a failed attempt
 */
public record StageSettings(boolean enabled, int maxAttempts, Duration timeout, RetryDelays retryDelays) {

    /** Three attempts of a minute each, with the delays of {@link RetryDelays#standard()}. */
    public static final StageSettings DEFAULT =
            new StageSettings(true, 3, Duration.ofMinutes(1), RetryDelays.standard());

    public StageSettings {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("max_attempts must be at least 1, was " + maxAttempts);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, was " + timeout);
        }
    }

    public StageSettings withEnabled(boolean newEnabled) {
        return new StageSettings(newEnabled, maxAttempts, timeout, retryDelays);
    }

    public StageSettings withMaxAttempts(int newMaxAttempts) {
        return new StageSettings(enabled, newMaxAttempts, timeout, retryDelays);
    }

    public StageSettings withTimeout(Duration newTimeout) {
        return new StageSettings(enabled, maxAttempts, newTimeout, retryDelays);
    }

    public StageSettings withRetryDelays(RetryDelays newRetryDelays) {
        return new StageSettings(enabled, maxAttempts, timeout, newRetryDelays);
    }
}
