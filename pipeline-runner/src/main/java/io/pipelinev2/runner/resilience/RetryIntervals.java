package io.pipelinev2.runner.resilience;

import io.github.resilience4j.core.IntervalFunction;
import io.pipelinev2.core.stage.StageSettings.RetryDelays;
import java.time.Duration;
import java.util.List;

/** The waits between the attempts of a stage, by Resilience4j's interval functions. */
public final class RetryIntervals {

    private RetryIntervals() {}

    /**
     * The given waits in their order, the last one repeated.
     *
     * @param delays one or more, none negative
     */
    public static RetryDelays of(List<Duration> delays) {
        return of(inOrder(delays));
    }

    /**
     * The given waits in their order, the last one repeated, each longer or shorter at random.
     *
     * @param jitter by what share at most, at least 0 and below 1
     */
    public static RetryDelays of(List<Duration> delays, double jitter) {
        if (jitter == 0) {
            return of(delays);
        }
        IntervalFunction exact = inOrder(delays);
        return of((IntervalFunction) failures -> {
            long millis = exact.apply(failures);
            return millis == 0
                    ? 0
                    : IntervalFunction.ofRandomized(millis, jitter).apply(1);
        });
    }

    /** The waits of any interval function, such as {@link IntervalFunction#ofExponentialBackoff()}. */
    public static RetryDelays of(IntervalFunction intervals) {
        return failures -> Duration.ofMillis(intervals.apply(failures));
    }

    private static IntervalFunction inOrder(List<Duration> delays) {
        List<Long> millis = delays.stream().map(Duration::toMillis).toList();
        if (millis.isEmpty() || delays.stream().anyMatch(Duration::isNegative)) {
            throw new IllegalArgumentException("retry delays must be one or more, none negative, were " + delays);
        }
        return failures -> millis.get(Math.min(failures, millis.size()) - 1);
    }
}
