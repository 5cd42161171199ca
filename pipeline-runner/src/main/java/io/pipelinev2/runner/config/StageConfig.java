package io.pipelinev2.runner.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the engine treats a stage: the keys that the blocks of all {@code stages} share.
 *
 * @param enabled whether trials go through it
 * @param maxAttempts how often its work is tried before the trial fails
 * @param timeout how long one attempt may take; in the file {@code timeout_seconds}, or {@code timeout} as in the original
 * @param retryDelays the waits after failed attempts, if they are not those of the block {@code retry}
 * @param retryJitter by what share a wait may be longer or shorter, if not as in the block {@code retry}
 * @param workers how many attempts of it run at a time, by whatever process; 0 for as many as there are workers
 */
public record StageConfig(
        boolean enabled,
        int maxAttempts,
        Duration timeout,
        Optional<List<Duration>> retryDelays,
        Optional<Double> retryJitter,
        int workers) {

    private static final Rule<Integer> MAX_ATTEMPTS = Rule.atLeast(1);
    private static final Rule<Integer> WORKERS = Rule.between(0, 256);
    private static final Rule<Duration> TIMEOUT = Rule.atLeast(Duration.ofMillis(1));

    public StageConfig {
        MAX_ATTEMPTS.require("max_attempts", maxAttempts);
        TIMEOUT.require("timeout_seconds", timeout);
        retryDelays = retryDelays.map(List::copyOf);
        retryDelays.ifPresent(delays -> RetryConfig.DELAYS.require("retry_delays", delays));
        retryJitter.ifPresent(jitter -> RetryConfig.JITTER.require("retry_jitter", jitter));
        WORKERS.require("workers", workers);
    }

    StageConfig(boolean enabled, int maxAttempts, Duration timeout) {
        this(enabled, maxAttempts, timeout, Optional.empty(), Optional.empty(), 0);
    }

    /** @param available what {@code enabled} may be */
    static StageConfig read(Options options, StageConfig defaults, Rule<Boolean> available) {
        if (options.has("timeout_seconds") && options.has("timeout")) {
            options.refuse("timeout", "left out where there is timeout_seconds: they are one setting");
        }
        Duration alias =
                options.has("timeout") ? options.duration("timeout", defaults.timeout, TIMEOUT) : defaults.timeout;
        return new StageConfig(
                options.flag("enabled", defaults.enabled, available),
                options.integer("max_attempts", defaults.maxAttempts, MAX_ATTEMPTS),
                options.duration("timeout_seconds", alias, TIMEOUT),
                options.optional("retry_delays", Kind.DURATION.list(), RetryConfig.DELAYS),
                options.optional("retry_jitter", Kind.NUMBER, RetryConfig.JITTER),
                options.integer("workers", defaults.workers, WORKERS));
    }
}
