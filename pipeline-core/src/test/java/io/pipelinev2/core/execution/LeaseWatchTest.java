package io.pipelinev2.core.execution;

import static io.pipelinev2.core.testkit.PipelineAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.testkit.PipelineTestKit;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whose work is taken over, and whose is not, whatever happens to the wall clock. */
class LeaseWatchTest {

    private static final Duration LEASE = PipelineTestKit.LEASE;

    @RegisterExtension
    final PipelineTestKit kit = new PipelineTestKit();

    private final Stage work = Stage.of("work", context -> StageOutcome.passed("fine"));
    private Queue other;
    private List<Claim> held;

    @BeforeEach
    void another_runner_holds_a_claim() {
        // a timeout that does not get in the way
        StageSettings settings = StageSettings.DEFAULT.withTimeout(Duration.ofDays(2));
        kit.with(work, settings).submit(0).discover();
        other = new Queue(
                kit.store(),
                StagePlan.builder().add(work, settings).build(),
                new RunnerSettings(
                        RunnerIdentity.fresh("elsewhere"),
                        RunnerLiveness.unknown(),
                        StageBreaker.never(),
                        1,
                        LEASE,
                        Duration.ZERO));
        held = other.turn(List.of(), 1);
        assertThat(held).hasSize(1);
        assertThat(kit.runDue()).isZero();
    }

    private void assertHeld() {
        kit.runDue();
        assertThat(kit.stage(0, "work")).isRunning().hasCrashes(0);
    }

    private void assertTakenOver() {
        kit.runDue();
        assertThat(kit.stage(0, "work")).isPassed().hasOutcomes(Attempt.Outcome.CRASHED, Attempt.Outcome.PASSED);
        assertThat(kit.trial(0)).hasEvent(EventType.STAGE_CRASHED);
    }

    @Test
    void a_lease_that_is_renewed_is_kept_for_as_long_as_it_is() {
        for (int i = 0; i < 20; i++) {
            kit.advance(LEASE.dividedBy(3));
            assertThat(other.renew(held)).isEmpty();
            assertHeld();
        }
    }

    @Test
    void a_lease_that_is_renewed_no_more_is_over_when_it_ends() {
        kit.advance(LEASE.minusMillis(1));
        assertHeld();
        kit.advance(Duration.ofMillis(1));
        assertTakenOver();
    }

    @Test
    void a_clock_that_is_set_forward_takes_nobodys_work_away() {
        ManualClock clock = kit.clock();
        clock.set(clock.now().plus(Duration.ofDays(1)));
        assertHeld();
        kit.advance(LEASE.dividedBy(3));
        assertThat(other.renew(held)).isEmpty();
        assertHeld();
    }

    @Test
    void a_dead_runners_work_is_not_kept_by_a_clock_that_is_set_back() {
        ManualClock clock = kit.clock();
        clock.set(clock.now().minus(Duration.ofDays(1)));
        kit.advance(LEASE);
        assertHeld();
        kit.advance(LEASE);
        assertTakenOver();
    }

    @Test
    void a_runner_that_was_frozen_learns_that_its_claim_is_gone_and_its_result_is_late() {
        kit.advance(LEASE);
        assertTakenOver();

        assertThat(other.renew(held)).containsExactlyElementsOf(held);
        other.turn(List.of(other.endings().decided(held.get(0), StageOutcome.rejected("what it came to"))), 1);
        assertThat(kit.trial(0)).isCompleted().hasEvent(EventType.LATE_RESULT);
    }

    @Test
    void a_runner_that_gives_signs_but_never_gives_up_what_is_overdue_loses_it() {
        kit.advance(Duration.ofDays(2));
        other.renew(held);
        assertHeld();
        for (int i = 0; i < 5; i++) {
            kit.advance(LEASE.dividedBy(3));
            other.renew(held);
            kit.runDue();
        }
        assertThat(kit.stage(0, "work")).isPassed().hasOutcomes(Attempt.Outcome.TIMED_OUT, Attempt.Outcome.PASSED);
        assertThat(kit.store().<List<StageRun>>read(StoreReader::running)).isEmpty();
    }
}
