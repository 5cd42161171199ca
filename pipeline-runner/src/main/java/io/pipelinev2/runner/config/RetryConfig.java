package io.pipelinev2.runner.config;

import java.time.Duration;
import java.util.List;

/**
 * How failed attempts are repeated: the block {@code retry}.
 *
 * @param delays the wait after the first failure, the second, and so on; the last one repeats
 * @param jitter by what share a wait may be longer or shorter, at random, so that what failed together is not tried again
 *     together; 0 for not at all
 */
public record RetryConfig(List<Duration> delays, double jitter) {

    static final Rule<List<Duration>> DELAYS = Rule.each(Rule.NOT_NEGATIVE);

    static final Rule<Double> JITTER = new Rule<>(share -> share >= 0 && share < 1, "at least 0 and below 1");

    public RetryConfig {
        delays = List.copyOf(delays);
        JITTER.require("jitter", jitter);
        DELAYS.require("delays", delays);
    }

    static RetryConfig read(Options options) {
        List<Duration> standard = List.of(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5));
        RetryConfig retry = new RetryConfig(
                options.value("delays", standard, Kind.DURATION.list(), DELAYS),
                options.number("jitter", 0, JITTER) + 0.0);
        options.refuseUnknown();
        return retry;
    }
}
