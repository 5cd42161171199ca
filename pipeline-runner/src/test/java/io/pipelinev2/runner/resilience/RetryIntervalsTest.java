package io.pipelinev2.runner.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.core.IntervalFunction;
import io.pipelinev2.core.stage.RetryDelays;
import java.time.Duration;
import java.util.List;
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
    void any_interval_function_will_do() {
        RetryDelays delays = RetryIntervals.of(IntervalFunction.ofExponentialBackoff(Duration.ofSeconds(1), 3));

        assertThat(delays.after(3)).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void no_delays_or_negative_ones_are_refused() {
        assertThatThrownBy(() -> RetryIntervals.of(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RetryIntervals.of(List.of(Duration.ofSeconds(-1))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
