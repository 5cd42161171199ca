package io.pipelinev2.core.execution;

import static io.pipelinev2.core.testkit.PipelineAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.stage.StageUnfitException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.testkit.PipelineTestKit;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How much is begun at a time, and when nothing is. */
class LimitsTest {

    private static final Duration PAUSE = Duration.ofSeconds(30);

    @RegisterExtension
    final PipelineTestKit kit = new PipelineTestKit();

    private boolean broken = true;
    private final Set<Long> failing = new TreeSet<>();

    /** Holds a stage that has failed for three different trials without a success in between. */
    private final StageBreaker breaker = new StageBreaker() {
        @Override
        public boolean failed(String stage, long trialId) {
            failing.add(trialId);
            return failing.size() >= 3;
        }

        @Override
        public void succeeded(String stage) {
            failing.clear();
        }

        @Override
        public Duration pause(int probes) {
            return PAUSE.multipliedBy(probes + 1L);
        }
    };

    private final Stage work = Stage.of("work", context -> {
        if (broken) {
            throw new IOException("No space left on device");
        }
        return StageOutcome.passed("fine");
    });

    private Queue queue(StageSettings settings, Stage... stages) {
        StagePlan.Builder plan = StagePlan.builder();
        for (Stage stage : stages) {
            plan.add(stage, settings);
        }
        return new Queue(
                kit.store(),
                plan.build(),
                new RunnerSettings(
                        RunnerIdentity.fresh("here"),
                        RunnerLiveness.unknown(),
                        breaker,
                        100,
                        Duration.ofMinutes(1),
                        Duration.ZERO));
    }

    @Test
    void a_stages_own_limit_holds_for_all_runners_together() {
        kit.with(work).submit(0, 1, 2, 3, 4).discover();
        Queue here = queue(StageSettings.DEFAULT.withWorkers(3), work);
        Queue there = queue(StageSettings.DEFAULT.withWorkers(3), work);

        assertThat(here.turn(List.of(), 2)).hasSize(2);
        List<Claim> third = there.turn(List.of(), 2);
        assertThat(third).hasSize(1);
        assertThat(here.turn(List.of(), 2)).isEmpty();
        assertThat(here.look(List.of(), 0, false).claimable())
                .as("so nobody tries in vain")
                .isFalse();

        Ending passed = there.endings().decided(third.get(0), StageOutcome.passed("fine"));
        assertThat(there.turn(List.of(passed), 2))
                .as("a place is free again at once")
                .hasSize(1);
    }

    @Test
    void claims_are_made_in_batches_those_first_that_are_due_for_longest() {
        kit.with(work, Stage.of("next", context -> StageOutcome.passed("fine")))
                .submit(3, 1, 2)
                .discover();
        kit.advance(Duration.ofSeconds(1));
        kit.submit(0).discover();

        List<Claim> claims = queue(StageSettings.DEFAULT, work).turn(List.of(), 10);

        assertThat(claims)
                .extracting(claim -> claim.trial().key().number())
                .hasSize(4)
                .endsWith(0);
        assertThat(claims).allSatisfy(claim -> {
            assertThat(claim.stage().token()).isEqualTo(1);
            assertThat(claim.attempt().number()).isEqualTo(1);
        });
    }

    private void trip() {
        kit.with(work, StageSettings.DEFAULT)
                .configured(builder -> builder.breaker(breaker))
                .submit(0, 1, 2, 3, 4)
                .discover();
        kit.runDue();
    }

    @Test
    void a_stage_that_fails_for_one_trial_after_another_is_held_and_says_so() {
        trip();

        for (int number = 3; number < 5; number++) {
            assertThat(kit.stage(number, "work")).as("spared").hasAttempts(0);
        }
        assertThat(kit.pipeline().status().pipeline()).as("no daemon runs here").isEqualTo(HealthStatus.DOWN);
        assertThat(kit.pipeline().status().holds()).singleElement().satisfies(hold -> {
            assertThat(hold.kind()).isEqualTo(StageHold.Kind.TRIPPED);
            assertThat(hold.reason()).contains("No space left on device");
            assertThat(hold.probeAt()).isEqualTo(kit.clock().now().plus(PAUSE));
        });
        assertThat(kit.store().<List<HealthReport>>read(StoreReader::latestHealth))
                .filteredOn(report -> report.component().equals("work"))
                .extracting(HealthReport::status)
                .containsExactly(HealthStatus.DEGRADED);
    }

    @Test
    void one_attempt_at_a_time_tries_whether_it_goes_again_with_longer_and_longer_pauses() {
        trip();
        kit.advance(PAUSE);
        assertThat(kit.runDue()).as("one attempt").isEqualTo(1);
        assertThat(kit.runDue()).isZero();
        kit.advance(PAUSE);
        assertThat(kit.runDue()).as("the second pause is longer").isZero();
        kit.advance(PAUSE);
        assertThat(kit.runDue()).isEqualTo(1);

        broken = false;
        kit.advance(PAUSE.multipliedBy(3));
        kit.runUntilIdle();

        assertThat(kit.pipeline().status().holds()).isEmpty();
        for (int number = 0; number < 5; number++) {
            assertThat(kit.trial(number)).isCompleted();
        }
        assertThat(kit.store().<List<Event>>read(tx -> tx.events(null, 1000)))
                .extracting(event -> event.type())
                .contains(EventType.STAGE_TRIPPED, EventType.STAGE_RECOVERED);
    }

    @Test
    void a_held_stage_that_nobody_waits_for_is_waited_for_once_and_then_left_alone() {
        kit.with(work, StageSettings.DEFAULT.withMaxAttempts(1))
                .configured(builder -> builder.breaker(breaker))
                .submit(0, 1, 2)
                .discover();
        kit.runDue();
        assertThat(kit.pipeline().status().holds()).hasSize(1);
        Queue queue = queue(StageSettings.DEFAULT, work);
        assertThat(queue.look(List.of(), 0, false).next())
                .isEqualTo(kit.clock().now().plus(PAUSE));

        kit.advance(PAUSE);

        assertThat(queue.look(List.of(), 0, false).next())
                .as("else an idle daemon looks all the time")
                .isNull();
    }

    @Test
    void a_hold_outlives_the_runner_that_put_it() {
        trip();
        kit.restart();
        assertThat(kit.runDue()).isZero();
        kit.advance(PAUSE);
        assertThat(kit.runDue()).isEqualTo(1);
    }

    @Test
    void whoever_asks_for_everything_to_be_done_has_it_tried_at_once() throws Exception {
        trip();
        broken = false;
        kit.advance(Duration.ofSeconds(10));
        kit.pipeline().runOnce();
        assertThat(kit.pipeline().status().holds()).isEmpty();
        assertThat(kit.trial(4)).isCompleted();
    }

    @Test
    void an_operator_ends_a_hold_of_the_engine() {
        trip();
        broken = false;
        kit.operations().unpause("work", "made room", PipelineTestKit.OPERATOR);
        kit.runUntilIdle();
        assertThat(kit.trial(0)).isCompleted();
        assertThat(kit.trial(4)).isCompleted();
    }

    @Test
    void a_permanent_error_of_one_trial_says_nothing_of_the_others_unless_it_says_so() {
        boolean[] forAll = {false};
        kit.with(Stage.of("work", context -> {
                    throw forAll[0] ? new StageUnfitException("no data") : new PermanentStageException("no model");
                }))
                .configured(builder -> builder.breaker(breaker))
                .submit(0, 1, 2, 3, 4)
                .discover();
        kit.runDue();
        assertThat(kit.pipeline().status().holds()).isEmpty();

        forAll[0] = true;
        kit.submit(5, 6, 7, 8).discover();
        kit.runDue();
        assertThat(kit.pipeline().status().holds())
                .extracting(StageHold::reason)
                .singleElement()
                .asString()
                .contains("no data");
        assertThat(kit.stage(8, "work")).as("spared").hasAttempts(0);
    }

    @Test
    void a_verdict_against_a_trial_is_no_failure_of_the_stage() {
        kit.with(Stage.of("work", context -> StageOutcome.rejected("Sharpe below 0")))
                .configured(builder -> builder.breaker(breaker))
                .submit(0, 1, 2, 3, 4)
                .discover();
        kit.runDue();
        assertThat(kit.pipeline().status().holds()).isEmpty();
        List<StageRun> all = kit.store()
                .read(tx -> tx.stagesByTrial().values().stream()
                        .flatMap(List::stream)
                        .toList());
        assertThat(all).allMatch(stage -> stage.status() == StageStatus.FAILED);
    }
}
