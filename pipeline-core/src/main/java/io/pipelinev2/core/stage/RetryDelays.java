package io.pipelinev2.core.stage;

import java.time.Duration;
import java.util.List;

/** How long a stage waits after a failed attempt before the next. */
@FunctionalInterface
public interface RetryDelays {

    /**
     * The wait after the {@code failures}-th failed attempt.
     *
     * @param failures 1 after the first
     */
    Duration after(int failures);

    /** The given delays in their order, the last one repeated. */
    static RetryDelays of(Duration... delays) {
        List<Duration> list = List.of(delays);
        if (list.isEmpty() || list.stream().anyMatch(Duration::isNegative)) {
            throw new IllegalArgumentException("retry delays must be one or more, none negative, were " + list);
        }
        return failures -> list.get(Math.min(failures, list.size()) - 1);
    }

    /** 5 seconds, 30 seconds, then 5 minutes each time. */
    static RetryDelays standard() {
        return of(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5));
    }
}
