package io.pipelinev2.core.stage;

import io.pipelinev2.core.stage.StageSettings.RetryDelays;
import java.time.Duration;
import java.util.List;

/**
 * How the engine treats a stage.
 *
 * @param enabled whether trials go through it
 * @param maxAttempts how often its work is tried before the trial fails, at least 1
 * @param timeout how long one attempt may take, positive
 * @param retryDelays how long to wait after a failed attempt
 * @param workers how many attempts of it run at a time, by whatever runner; 0 for as many as there are workers
 */
public record StageSettings(boolean enabled, int maxAttempts, Duration timeout, RetryDelays retryDelays, int workers) {

    /** Three attempts of a minute each, with the delays of {@link RetryDelays#standard()}. */
    public static final StageSettings DEFAULT =
            new StageSettings(true, 3, Duration.ofMinutes(1), RetryDelays.standard(), 0);

    /**
     * Checks them.
     *
     * @param enabled whether trials go through it
     * @param maxAttempts at least 1
     * @param timeout positive
     * @param retryDelays asked once after each failed attempt that is to be repeated
     * @param workers 0 for no limit of its own, or more
     * @throws IllegalArgumentException if a value is out of its range; the message names it as a configuration does
     */
    public StageSettings {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("max_attempts must be at least 1, was " + maxAttempts);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, was " + timeout);
        }
        if (workers < 0) {
            throw new IllegalArgumentException("workers must be 0 (no limit) or more, was " + workers);
        }
    }

    /**
     * A copy that differs in whether trials go through the stage.
     *
     * @param newEnabled whether they do
     * @return the copy
     */
    public StageSettings withEnabled(boolean newEnabled) {
        return new StageSettings(newEnabled, maxAttempts, timeout, retryDelays, workers);
    }

    /**
     * A copy with another number of attempts.
     *
     * @param newMaxAttempts at least 1
     * @return the copy
     */
    public StageSettings withMaxAttempts(int newMaxAttempts) {
        return new StageSettings(enabled, newMaxAttempts, timeout, retryDelays, workers);
    }

    /**
     * A copy with another time for an attempt.
     *
     * @param newTimeout positive
     * @return the copy
     */
    public StageSettings withTimeout(Duration newTimeout) {
        return new StageSettings(enabled, maxAttempts, newTimeout, retryDelays, workers);
    }

    /**
     * A copy with other waits after failures.
     *
     * @param newRetryDelays how long to wait
     * @return the copy
     */
    public StageSettings withRetryDelays(RetryDelays newRetryDelays) {
        return new StageSettings(enabled, maxAttempts, timeout, newRetryDelays, workers);
    }

    /**
     * A copy with another limit of attempts at a time.
     *
     * @param newWorkers 0 for no limit of its own
     * @return the copy
     */
    public StageSettings withWorkers(int newWorkers) {
        return new StageSettings(enabled, maxAttempts, timeout, retryDelays, newWorkers);
    }

    /** How long a stage waits after a failed attempt before the next. */
    @FunctionalInterface
    public interface RetryDelays {

        /**
         * {@return the wait after a failed attempt, not negative}
         *
         * @param failures how many have failed, 1 after the first
         */
        Duration after(int failures);

        /**
         * {@return these delays in their order, the last one repeated}
         *
         * @param delays at least one, none negative
         * @throws IllegalArgumentException if there is none, or one is negative
         */
        static RetryDelays of(Duration... delays) {
            List<Duration> list = List.of(delays);
            if (list.isEmpty() || list.stream().anyMatch(Duration::isNegative)) {
                throw new IllegalArgumentException("retry delays must be one or more, none negative, were " + list);
            }
            return failures -> list.get(Math.min(failures, list.size()) - 1);
        }

        /** {@return 5 seconds, 30 seconds, then 5 minutes each time} */
        static RetryDelays standard() {
            return of(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5));
        }
    }
}
