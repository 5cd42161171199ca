package io.pipelinev2.deploy.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.deployment.ProcessRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrashBudgetTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final CrashBudget budget = new CrashBudget(2, Duration.ofMinutes(30));
    private final RestartDelay delay = new RestartDelay(() -> 0.5);
    private final List<ProcessRun> runs = new ArrayList<>();
    private Instant now = START;

    private void crashAfter(Duration life) {
        ProcessRun run = ProcessRun.started(1, new ProcessIdentity("boot", 100, 1, "n" + runs.size()), now);
        now = now.plus(life);
        runs.add(run.ended(now, 1, true, "crashed"));
    }

    @Test
    void the_budget_is_a_number_of_restarts_within_a_sliding_window() {
        crashAfter(Duration.ofMinutes(1));
        crashAfter(Duration.ofMinutes(1));
        assertThat(budget.isExhausted(runs, 1, now)).isFalse();
        crashAfter(Duration.ofMinutes(1));
        assertThat(budget.isExhausted(runs, 2, now)).isTrue();
        assertThat(budget.isExhausted(runs, 2, now.plus(Duration.ofMinutes(28))))
                .isFalse();
    }

    @Test
    void a_healthy_minute_does_not_refill_it() {
        for (int i = 0; i < 3; i++) {
            crashAfter(Duration.ofSeconds(61));
        }
        assertThat(budget.isExhausted(runs, 2, now)).isTrue();
    }

    @Test
    void an_operators_reset_refills_it() {
        crashAfter(Duration.ofMinutes(1));
        crashAfter(Duration.ofMinutes(1));
        crashAfter(Duration.ofMinutes(1));
        crashAfter(Duration.ofMinutes(1));
        assertThat(budget.isExhausted(runs, 0, now)).isFalse();
    }

    @Test
    void what_an_operator_ended_does_not_count() {
        ProcessRun run = ProcessRun.started(1, new ProcessIdentity("boot", 100, 1, "n"), now);
        for (int i = 0; i < 5; i++) {
            runs.add(run.ended(now, 143, false, "ended on SIGTERM"));
        }
        assertThat(budget.isExhausted(runs, 5, now)).isFalse();
    }

    @Test
    void the_delay_doubles_with_each_crash_in_a_row_up_to_five_minutes() {
        List<Duration> delays = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            crashAfter(Duration.ofSeconds(1));
            delays.add(delay.after(runs, i));
        }
        assertThat(delays)
                .startsWith(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4))
                .endsWith(Duration.ofSeconds(300), Duration.ofSeconds(300));
    }

    @Test
    void a_good_run_ends_the_row() {
        crashAfter(Duration.ofSeconds(1));
        crashAfter(Duration.ofSeconds(1));
        crashAfter(Duration.ofMinutes(10));
        assertThat(delay.after(runs, 2)).isEqualTo(Duration.ofSeconds(1));
        crashAfter(Duration.ofSeconds(1));
        assertThat(delay.after(runs, 3)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void the_delay_varies_by_a_quarter() {
        crashAfter(Duration.ofSeconds(1));
        assertThat(new RestartDelay(() -> 0).after(runs, 0)).isEqualTo(Duration.ofMillis(750));
        assertThat(new RestartDelay(() -> 1).after(runs, 0)).isEqualTo(Duration.ofMillis(1250));
    }
}
