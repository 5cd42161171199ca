package io.pipelinev2.runner.config;

import java.time.Duration;
import java.util.List;

/**
 * How failed attempts are repeated: the block {@code retry}.
 *
 * @param delays the wait after the first failure, the second, and so on; the last one repeats
 */
public record RetryConfig(List<Duration> delays) {

    static final Rule<List<Duration>> DELAYS = Rule.each(Rule.NOT_NEGATIVE);

    public RetryConfig {
        delays = List.copyOf(delays);
        DELAYS.require("delays", delays);
    }

    static RetryConfig read(Options options) {
        List<Duration> standard = List.of(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5));
        RetryConfig retry = new RetryConfig(options.value("delays", standard, Kind.DURATION.list(), DELAYS));
        options.refuseUnknown();
        return retry;
    }
}
