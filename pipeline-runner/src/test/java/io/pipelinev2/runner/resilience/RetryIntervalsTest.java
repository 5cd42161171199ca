package io.pipelinev2.runner.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.core.IntervalFunction;
import io.pipelinev2.core.stage.StageSettings.RetryDelays;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryIntervalsTest {

    @Test
    void the_delays_come_in_their_order_and_the_last_one_repeats() {
        RetryDelays delays =
                RetryIntervals.of(List.of(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5)));

        assertThat(delays.after(1)).isEqualTo(Duration.ofSeconds(5));
        assertThat(delays.after(2)).isEqualTo(Duration.ofSeconds(30));
        assertThat(delays.after(3)).isEqualTo(Duration.ofMinutes(5));
        assertThat(delays.after(100)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void with_jitter_each_wait_is_longer_or_shorter_by_that_share_at_most() {
        RetryDelays delays = RetryIntervals.of(List.of(Duration.ofSeconds(10), Duration.ofSeconds(100)), 0.25);

        List<Duration> first = draw(delays, 1);
        assertThat(first).allMatch(wait -> isBetween(wait, 7_500, 12_500));
        assertThat(Set.copyOf(first)).as("at random").hasSizeGreaterThan(10);
        assertThat(first).anyMatch(wait -> wait.toMillis() < 10_000).anyMatch(wait -> wait.toMillis() > 10_000);
        assertThat(draw(delays, 2)).allMatch(wait -> isBetween(wait, 75_000, 125_000));
        assertThat(draw(delays, 9)).as("the last one repeats").allMatch(wait -> isBetween(wait, 75_000, 125_000));
    }

    @Test
    void the_largest_jitter_leaves_no_wait_negative() {
        RetryDelays delays = RetryIntervals.of(List.of(Duration.ofMillis(1), Duration.ofDays(30)), 0.999);

        assertThat(draw(delays, 1)).allMatch(wait -> isBetween(wait, 0, 2));
        assertThat(draw(delays, 2)).noneMatch(Duration::isNegative);
    }

    @Test
    void without_jitter_the_waits_are_exact_and_no_wait_stays_none_with_it() {
        RetryDelays exact = RetryIntervals.of(List.of(Duration.ofSeconds(5), Duration.ZERO), 0);
        assertThat(draw(exact, 1)).containsOnly(Duration.ofSeconds(5));
        assertThat(draw(exact, 2)).containsOnly(Duration.ZERO);

        assertThat(draw(RetryIntervals.of(List.of(Duration.ZERO), 0.5), 1)).containsOnly(Duration.ZERO);
    }

    private static List<Duration> draw(RetryDelays delays, int failures) {
        return IntStream.range(0, 200).mapToObj(i -> delays.after(failures)).toList();
    }

    private static boolean isBetween(Duration wait, long least, long most) {
        return wait.toMillis() >= least && wait.toMillis() <= most;
    }

    @Test
    void any_interval_function_will_do() {
        RetryDelays delays = RetryIntervals.of(IntervalFunction.ofExponentialBackoff(Duration.ofSeconds(1), 3));

        assertThat(delays.after(3)).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void no_delays_or_negative_ones_are_refused() {
        assertThatThrownBy(() -> RetryIntervals.of(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RetryIntervals.of(List.of(Duration.ofSeconds(-1))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RetryIntervals.of(List.of(), 0.1)).isInstanceOf(IllegalArgumentException.class);
    }
}
