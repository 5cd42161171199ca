package io.pipelinev2.runner.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When a stage counts as failing by itself, and how long it is left alone then. */
class FailureStreaksTest {

    private static FailureStreaks streaks(int trials) {
        return new FailureStreaks(trials, Duration.ofSeconds(30), Duration.ofMinutes(10));
    }

    /** Fails for so many trials that have not failed yet, and tells of each whether it was one too many. */
    private static List<Boolean> failFor(FailureStreaks streaks, String stage, long first, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> streaks.failed(stage, first + i))
                .toList();
    }

    @Test
    void so_many_different_trials_in_a_row_are_one_too_many() {
        assertThat(failFor(streaks(3), "backtest", 1, 3)).containsExactly(false, false, true);
        assertThat(failFor(streaks(1), "backtest", 1, 1)).containsExactly(true);
    }

    @Test
    void several_attempts_on_one_trial_count_once() {
        FailureStreaks streaks = streaks(3);

        for (int attempt = 0; attempt < 10; attempt++) {
            assertThat(streaks.failed("backtest", 1)).isFalse();
            assertThat(streaks.failed("backtest", 2)).isFalse();
        }
        assertThat(streaks.failed("backtest", 3)).isTrue();
    }

    @Test
    void a_success_in_between_starts_anew() {
        FailureStreaks streaks = streaks(3);
        failFor(streaks, "backtest", 1, 2);

        streaks.succeeded("backtest");

        assertThat(failFor(streaks, "backtest", 1, 3))
                .as("those that failed before count again")
                .containsExactly(false, false, true);
    }

    @Test
    void a_success_before_all_failures_is_forgotten_by_them() {
        FailureStreaks streaks = streaks(3);
        for (int i = 0; i < 100; i++) {
            streaks.succeeded("backtest");
        }
        assertThat(failFor(streaks, "backtest", 1, 3)).containsExactly(false, false, true);
    }

    @Test
    void each_stage_is_counted_by_itself() {
        FailureStreaks streaks = streaks(3);
        failFor(streaks, "backtest", 1, 2);

        assertThat(failFor(streaks, "cge_stress", 1, 2)).containsExactly(false, false);
        streaks.succeeded("cge_stress");

        assertThat(streaks.failed("backtest", 3)).isTrue();
    }

    @Test
    void once_it_is_held_it_is_counted_anew() {
        FailureStreaks streaks = streaks(2);
        failFor(streaks, "backtest", 1, 2);

        assertThat(failFor(streaks, "backtest", 1, 2)).containsExactly(false, true);
    }

    @Test
    void the_pauses_double_up_to_the_longest() {
        FailureStreaks streaks = streaks(5);

        assertThat(IntStream.rangeClosed(0, 6).mapToObj(streaks::pause))
                .extracting(Duration::toSeconds)
                .containsExactly(30L, 60L, 120L, 240L, 480L, 600L, 600L);
        assertThat(streaks.pause(10_000)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void a_longest_pause_below_the_first_is_no_limit_to_the_first() {
        FailureStreaks streaks = new FailureStreaks(5, Duration.ofMinutes(1), Duration.ofSeconds(1));

        assertThat(streaks.pause(0)).isEqualTo(Duration.ofMinutes(1));
        assertThat(streaks.pause(3)).isEqualTo(Duration.ofMinutes(1));
    }
}
