package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.deployment.Review;
import io.pipelinev2.core.execution.TrialNotFoundException;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Finding;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.ranking.RankBy;
import io.pipelinev2.deploy.ranking.Standings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is deployed, as it ends up in the store. */
class SelectionTest {

    private static final DeploySettings TWO = Home.script("exec sleep 100").withMaxDeployed(2);

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private Home home;
    private DeployStage stage;

    @BeforeEach
    void open() {
        home = new Home(directory, clock);
        stage = home.stage(TWO).build();
    }

    @AfterEach
    void nothing_is_left_running() {
        home.close();
    }

    private void settle() {
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            boolean settled = stage.reconcile();
            assertThat(Remains.in(directory)).hasSizeLessThanOrEqualTo(2);
            return settled;
        });
    }

    private List<Integer> deployed() {
        return home.store.read(StoreReader::deployments).stream()
                .filter(deployment -> deployment.status() == DeploymentStatus.RUNNING)
                .map(deployment -> deployment.key().number())
                .sorted()
                .toList();
    }

    @Test
    void the_best_are_deployed_and_the_others_completed_with_a_reason() {
        home.validated(1, 0.5);
        home.validated(2, 1.5);
        home.validated(3, 2.5);
        settle();

        assertThat(deployed()).containsExactly(2, 3);
        assertThat(home.trial(3))
                .extracting(Trial::status, Trial::reason)
                .containsExactly(TrialStatus.DEPLOYED, "rank 1 of 3 by sharpe");
        assertThat(home.deployStage(3).status()).isEqualTo(StageStatus.PASSED);
        assertThat(home.trial(1))
                .extracting(Trial::status, Trial::reason)
                .containsExactly(TrialStatus.COMPLETED, "rank 3 of 3 by sharpe; the 2 slots went to 3, 2");
        assertThat(home.deployStage(1).status()).isEqualTo(StageStatus.SKIPPED);
        assertThat(home.eventTypes(1)).containsExactly(EventType.TRIAL_RANKED_OUT);
    }

    @Test
    void nothing_is_started_before_the_batch_is_through() {
        home.validated(1, 0.5);
        Trial late = home.discovered(2, 1);

        assertThat(stage.reconcile()).isFalse();
        assertThat(home.store.read(StoreReader::deployments)).isEmpty();

        home.finish(late, Map.of("metrics", Map.of("sharpe", 0.4), "model_sha256", "a".repeat(64)));
        settle();
        assertThat(deployed()).containsExactly(1, 2);
    }

    /** Writes findings about the trials that are there, and then lets something happen. */
    private final class TestReview implements Review {
        private final Map<Integer, String> objections = new HashMap<>();
        private final Set<Integer> overlooked = new HashSet<>();
        private boolean required = true;
        private Runnable during = () -> {};
        private Runnable after = () -> {};

        @Override
        public Outcome review() {
            during.run();
            home.store.write(tx -> {
                for (Trial trial : tx.trials()) {
                    int number = trial.key().number();
                    if (!overlooked.contains(number)) {
                        tx.put(new Finding(trial.id(), "overfit", objections.get(number), Map.of(), clock.now()));
                    }
                }
                return null;
            });
            Runnable once = after;
            after = () -> {};
            once.run();
            return Outcome.CHANGED;
        }

        @Override
        public Set<String> required() {
            return required ? Set.of("overfit") : Set.of();
        }
    }

    @Test
    void one_that_a_review_objects_to_is_not_deployed_until_the_objection_is_gone() {
        TestReview review = new TestReview();
        review.objections.put(2, "luck would do as well");
        review.overlooked.add(3);
        stage = home.stage(TWO).review(review).build();
        home.validated(1, 0.5);
        home.validated(2, 1.5);
        home.validated(3, 2.5);
        settle();

        assertThat(deployed()).containsExactly(1);
        assertThat(home.trial(2).reason()).isEqualTo("rank 2 of 3 by sharpe, but not deployed: luck would do as well");
        assertThat(home.trial(3).reason())
                .isEqualTo("rank 1 of 3 by sharpe, but not deployed: it has not been reviewed (overfit); run"
                        + " `revalidate ppo/3`");

        review.objections.clear();
        settle();
        assertThat(deployed()).containsExactly(1, 2);
    }

    @Test
    void one_that_passes_just_after_a_review_waits_for_the_next_and_its_batch_with_it() {
        TestReview review = new TestReview();
        review.after = () -> home.validated(2, 1.5);
        stage = home.stage(TWO.withMaxDeployed(1)).review(review).build();
        home.validated(1, 0.5);

        assertThat(stage.reconcile()).isFalse();
        assertThat(home.store.read(StoreReader::deployments)).isEmpty();
        assertThat(home.deployStage(2).status()).isEqualTo(StageStatus.PENDING);

        settle();
        assertThat(deployed()).containsExactly(2);
        assertThat(home.trial(1).reason()).isEqualTo("rank 2 of 2 by sharpe; the slot went to 2");
    }

    @Test
    void what_trades_is_looked_after_even_while_no_review_is_possible() {
        TestReview review = new TestReview();
        review.during = () -> {
            throw new IllegalStateException("a bug in the review");
        };
        stage = home.stage(TWO).review(review).build();
        home.validated(1, 0.5);
        home.validated(2, 1.5);
        home.commands(2).deploy(new TrialKey("ppo", 1), "", Home.ANA);

        assertThatThrownBy(stage::reconcile)
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("a bug in the review");
        assertThat(deployed()).containsExactly(1);
        assertThat(home.deployStage(2).status()).as("waits for its review").isEqualTo(StageStatus.PENDING);

        review.during = () -> {};
        settle();
        assertThat(deployed()).containsExactly(1, 2);
    }

    @Test
    void a_review_that_decides_nothing_keeps_nobody_from_being_deployed() {
        TestReview review = new TestReview();
        review.required = false;
        review.during = () -> {
            throw new PipelineException("the sealed bars cannot be read");
        };
        stage = home.stage(TWO).review(review).build();
        home.validated(1, 0.5);

        assertThatThrownBy(stage::reconcile).hasMessage("the sealed bars cannot be read");
        assertThat(deployed()).containsExactly(1);
    }

    @Test
    void a_deployed_trial_goes_on_while_its_validation_is_repeated_and_afterwards() {
        home.validated(1, 0.5);
        settle();
        Object process = home.deployment(1).process();
        home.revalidate(1);
        settle();

        assertThat(home.trial(1).status()).isEqualTo(TrialStatus.PROCESSING);
        assertThat(deployed()).containsExactly(1);
        assertThat(home.deployment(1).process()).isEqualTo(process);

        home.backtest(1, 0.7, "d2");
        settle();
        assertThat(home.trial(1).status()).isEqualTo(TrialStatus.DEPLOYED);
        assertThat(home.deployment(1).process()).isEqualTo(process);
    }

    @Test
    void a_deployed_trial_whose_repetition_is_cancelled_stays_deployed() {
        home.validated(1, 0.5);
        settle();
        Object process = home.deployment(1).process();
        home.revalidate(1);
        home.operations().cancel(new TrialKey("ppo", 1), "not now", Home.ANA);
        settle();

        assertThat(home.trial(1))
                .extracting(Trial::status, Trial::reason)
                .containsExactly(TrialStatus.DEPLOYED, "rank 1 of 1 by sharpe");
        assertThat(home.deployment(1).process()).isEqualTo(process);
    }

    private void reject(int number) {
        home.revalidate(number);
        home.backtest(number, context -> StageOutcome.rejected("bad on the new data"));
    }

    @Test
    void a_deployed_trial_that_fails_its_repeated_validation_is_ended_and_gives_its_slot_up() {
        stage = home.stage(TWO.withMaxDeployed(1)).build();
        home.validated(1, 1.5);
        home.validated(2, 0.5);
        settle();
        reject(1);
        settle();

        assertThat(deployed()).containsExactly(2);
        assertThat(home.trial(1).status()).isEqualTo(TrialStatus.FAILED);
        assertThat(home.deployStage(1).reason())
                .isEqualTo("its validation was repeated, and it failed: backtest: bad on the new data");
        assertThat(home.eventTypes(1)).contains(EventType.TRIAL_RANKED_OUT);
    }

    @Test
    void it_is_ended_even_while_nobody_is_chosen() {
        home.validated(1, 1.5);
        home.validated(2, 0.5);
        home.validated(3, 0.1);
        settle();
        home.operations().pause(DeployStage.NAME, "holidays", Home.ANA);
        reject(1);
        settle();
        assertThat(deployed()).as("paused").containsExactly(2);

        stage = home.stage(TWO).selecting(false).build();
        reject(2);
        settle();
        assertThat(deployed()).as("disabled").isEmpty();
    }

    @Test
    void its_successor_starts_only_when_it_is_gone() {
        stage = home.stage(Home.script("trap '' TERM; while :; do sleep 0.02; done")
                        .withMaxDeployed(1))
                .build();
        home.validated(1, 1.5);
        home.validated(2, 0.5);
        await().until(stage::reconcile);
        reject(1);

        for (int i = 0; i < 5; i++) {
            assertThat(stage.reconcile()).isFalse();
            assertThat(deployed()).containsExactly(1);
        }
        clock.advance(Duration.ofSeconds(10));
        await().until(stage::reconcile);
        assertThat(deployed()).containsExactly(2);
    }

    @Test
    void a_deployed_trial_may_be_stopped_while_its_validation_is_repeated() {
        home.validated(1, 1.5);
        settle();
        home.revalidate(1);
        home.commands(2).stop(new TrialKey("ppo", 1), "enough", Home.ANA);
        settle();

        assertThat(deployed()).isEmpty();
        assertThat(home.trial(1).status()).isEqualTo(TrialStatus.PROCESSING);
        assertThat(home.deployStage(1).status()).isEqualTo(StageStatus.SKIPPED);

        home.backtest(1, 1.5, "d2");
        assertThat(home.trial(1))
                .extracting(Trial::status, Trial::reason)
                .containsExactly(TrialStatus.COMPLETED, "stopped by ana: enough");
    }

    @Test
    void one_that_is_stopped_while_it_waits_for_nothing_but_its_slot_is_completed() {
        Trial trial = home.validated(1, 1.5);
        settle();
        home.store.write(tx -> {
            Trial now = tx.trial(trial.id()).orElseThrow();
            tx.update(now, now.become(TrialStatus.PROCESSING, null, clock.now()));
            StageRun row = tx.stage(trial.id(), DeployStage.NAME).orElseThrow();
            tx.update(row, row.reset(clock.now(), 1));
            return null;
        });
        home.commands(2).stop(trial.key(), "enough", Home.ANA);
        settle();

        assertThat(home.trial(1).status()).isEqualTo(TrialStatus.COMPLETED);
    }

    @Test
    void fewer_slots_retire_the_worst_and_not_the_best_whose_validation_is_repeated() {
        home.validated(1, 0.5);
        home.validated(2, 1.5);
        settle();
        home.revalidate(2);
        stage = home.stage(TWO.withMaxDeployed(1)).build();
        settle();

        assertThat(deployed()).containsExactly(2);
        assertThat(home.trial(1).status()).isEqualTo(TrialStatus.COMPLETED);
    }

    @Test
    void a_result_that_was_measured_anew_is_ranked_without_waiting_for_another_change() {
        stage = home.stage(TWO.withMaxDeployed(1)).build();
        home.validated(1, 1.5);
        home.validated(2, 0.5);
        settle();
        assertThat(deployed()).containsExactly(1);

        home.revalidate(2);
        home.backtest(2, 2.5, "d");
        settle();
        assertThat(deployed()).containsExactly(2);
    }

    @Test
    void what_was_measured_on_the_newest_data_ranks_first_and_a_repetition_that_failed_is_none() {
        home.validated(1, 2.0);
        home.validated(2, 1.0);
        settle();
        home.revalidate(1);
        home.revalidate(2);
        clock.advance(Duration.ofHours(1));
        home.backtest(2, 0.9, "d2");
        assertThat(ranks())
                .as("1 is being repeated")
                .containsExactly(home.trial(2).id(), home.trial(1).id());

        clock.advance(Duration.ofHours(1));
        home.backtest(1, context -> {
            throw new PermanentStageException("no data");
        });
        assertThat(home.trial(1).status()).isEqualTo(TrialStatus.DEPLOYED);
        assertThat(ranks()).containsExactly(home.trial(2).id(), home.trial(1).id());
        settle();
        assertThat(deployed()).as("what is on other data replaces nobody").containsExactly(1, 2);
    }

    private Set<Long> ranks() {
        return home.store
                .read(tx -> Standings.ranks(tx, DeployStage.NAME, new RankBy("sharpe"), clock.now()))
                .keySet();
    }

    @Test
    void a_replacement_starts_only_when_the_other_is_gone() {
        home.validated(1, 0.5);
        home.validated(2, 1.5);
        settle();
        home.validated(3, 1.0, 2);
        settle();

        assertThat(deployed()).containsExactly(2, 3);
        assertThat(home.deployment(1).status()).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(home.deployment(1).reason()).startsWith("rank 3 of 3 by sharpe; replaced by 3; ended on SIGTERM");
        assertThat(home.deployment(3).replaces()).isEqualTo(home.deployment(1).id());
        assertThat(home.deployment(3).startedAt())
                .isAfterOrEqualTo(home.deployment(1).stoppedAt());
        assertThat(home.trial(1).status()).isEqualTo(TrialStatus.COMPLETED);
        assertThat(home.deployStage(1).status()).isEqualTo(StageStatus.SKIPPED);
        assertThat(home.eventTypes(1)).contains(EventType.DEPLOYMENT_REPLACED);
    }

    @Test
    void capacity_is_kept_while_the_other_refuses_to_end() {
        stage = home.stage(Home.script("trap '' TERM; while :; do sleep 0.02; done")
                        .withMaxDeployed(1))
                .build();
        home.validated(1, 0.5);
        await().until(stage::reconcile);
        home.validated(2, 1.5, 2);

        for (int i = 0; i < 5; i++) {
            assertThat(stage.reconcile()).isFalse();
            assertThat(deployed()).containsExactly(1);
        }
        clock.advance(Duration.ofSeconds(10));
        await().until(stage::reconcile);
        assertThat(deployed()).containsExactly(2);
    }

    @Test
    void the_slot_of_a_stopped_trial_is_left_to_later_batches() {
        home.validated(1, 0.5);
        home.validated(2, 1.5);
        home.validated(3, 2.5);
        settle();
        home.commands(2).stop(new TrialKey("ppo", 3), "", Home.ANA);
        settle();
        assertThat(deployed()).containsExactly(2);
        assertThat(home.trial(3).status()).isEqualTo(TrialStatus.COMPLETED);

        home.validated(4, 0.1, 2);
        settle();
        assertThat(deployed()).containsExactly(2, 4);

        stage = home.stage(TWO).build();
        clock.advance(Duration.ofHours(1));
        settle();
        assertThat(deployed()).containsExactly(2, 4);
    }

    @Test
    void whom_an_operator_deployed_is_not_replaced_by_those_who_were_there() {
        home.validated(1, 0.5);
        home.validated(2, 1.5);
        home.validated(3, 2.5);
        home.validated(4, 1.0);
        settle();
        assertThat(deployed()).containsExactly(2, 3);
        home.commands(2).stop(new TrialKey("ppo", 3), "", Home.ANA);
        settle();
        home.commands(2).deploy(new TrialKey("ppo", 1), "", Home.ANA);
        settle();
        home.commands(2).stop(new TrialKey("ppo", 2), "", Home.ANA);
        stage = home.stage(TWO).build();
        clock.advance(Duration.ofHours(1));
        settle();
        assertThat(deployed()).as("4 ranks higher, but was there").containsExactly(1);

        home.validated(5, 0.6, 2);
        home.validated(6, 0.7, 2);
        settle();
        assertThat(deployed()).as("later batches compete as ever").containsExactly(5, 6);
    }

    @Test
    void a_stopped_trial_stays_out_even_when_it_is_validated_again() {
        Trial trial = home.validated(1, 0.5);
        settle();
        home.commands(2).stop(trial.key(), "", Home.ANA);
        settle();
        home.store.write(tx -> {
            Trial now = tx.trial(trial.id()).orElseThrow();
            tx.update(now, now.become(TrialStatus.PROCESSING, null, clock.now()));
            var row = tx.stage(trial.id(), DeployStage.NAME).orElseThrow();
            tx.update(row, row.reset(clock.now(), 1));
            return null;
        });
        settle();

        assertThat(deployed()).isEmpty();
        assertThat(home.trial(1).reason()).contains("stays out until `deploy ppo/1` names it");

        home.commands(2).deploy(trial.key(), "", Home.ANA);
        settle();
        assertThat(deployed()).containsExactly(1);
    }

    @Test
    void an_operator_deploys_a_trial_again_with_its_account() {
        Trial trial = home.validated(1, 0.5);
        settle();
        long account = home.deployment(1).id();
        home.commands(2).stop(trial.key(), "", Home.ANA);
        settle();

        Deployment again = home.commands(2).deploy(trial.key(), "second chance", Home.ANA);
        assertThat(home.commands(2).deploy(trial.key(), "", Home.ANA)).isEqualTo(again);
        settle();

        assertThat(again.id()).isEqualTo(account);
        assertThat(deployed()).containsExactly(1);
        assertThat(home.trial(1).status()).isEqualTo(TrialStatus.DEPLOYED);
        assertThat(home.eventTypes(1)).containsOnlyOnce(EventType.OPERATOR_DEPLOY);
    }

    @Test
    void deploying_while_it_is_still_ending_ends_in_one_running_process() {
        Trial trial = home.validated(1, 0.5);
        settle();
        home.commands(2).stop(trial.key(), "", Home.ANA);
        stage.reconcile();
        home.commands(2).deploy(trial.key(), "", Home.ANA);
        settle();

        assertThat(deployed()).containsExactly(1);
        assertThat(Remains.in(directory)).hasSize(1);
    }

    @Test
    void what_cannot_be_done_is_refused_with_words() {
        home.validated(1, 0.5);
        home.validated(2, 1.5);
        home.validated(3, 2.5);
        settle();
        home.discovered(4, 2);
        DeploymentCommands commands = home.commands(2);

        assertThatThrownBy(() -> commands.deploy(new TrialKey("ppo", 1), "", Home.ANA))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("No slot is free")
                .hasMessageContaining("ppo/2")
                .hasMessageContaining("ppo/3");
        assertThatThrownBy(() -> commands.deploy(new TrialKey("ppo", 4), "", Home.ANA))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("its stage backtest is pending");
        assertThatThrownBy(() -> commands.stop(new TrialKey("ppo", 1), "", Home.ANA))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is not deployed");
        assertThatThrownBy(() -> commands.restart(new TrialKey("ppo", 9), "", Home.ANA))
                .isInstanceOf(TrialNotFoundException.class);
    }

    @Test
    void more_slots_are_filled_and_fewer_are_emptied() {
        home.validated(1, 0.5);
        home.validated(2, 1.5);
        home.validated(3, 2.5);
        stage = home.stage(TWO.withMaxDeployed(1)).build();
        settle();
        assertThat(deployed()).containsExactly(3);

        stage = home.stage(TWO).build();
        settle();
        assertThat(deployed()).containsExactly(2, 3);

        stage = home.stage(TWO.withMaxDeployed(1)).build();
        settle();
        assertThat(deployed()).containsExactly(3);
        assertThat(home.trial(2).reason()).isEqualTo("rank 2 of 3 by sharpe; max_deployed is 1 now");
    }

    @Test
    void a_trial_without_a_recorded_model_is_not_deployed() {
        home.validated(1, 1, Map.of("metrics", Map.of("sharpe", 1.0)));
        settle();

        assertThat(home.trial(1).reason()).startsWith("cannot be deployed: no stage recorded which model");
        assertThat(deployed()).isEmpty();
    }

    @Test
    void a_metric_that_nobody_has_is_an_error_and_not_an_order() {
        home.validated(1, 0.5);
        settle();
        home.validated(2, 1.5, 2);
        stage = home.stage(TWO.withRankBy("sharp")).build();

        assertThatThrownBy(stage::reconcile)
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("rank_by is 'sharp'")
                .hasMessageContaining("[sharpe]");
        assertThat(deployed()).containsExactly(1);
    }

    @Test
    void trials_can_be_ranked_by_optunas_objective() {
        home.validated(1, 0.5);
        stage = home.stage(TWO.withRankBy("value")).build();
        settle();
        assertThat(home.trial(1).reason()).isEqualTo("rank 1 of 1 by value");
    }

    /** The process of the one deployment is killed, and started again. */
    private void assertLookedAfter(int number) throws Exception {
        ProcessIdentity before = home.deployment(number).process();
        assertThat(before).isNotNull();
        ProcessHandle process = ProcessHandle.of(before.pid()).orElseThrow();
        process.destroyForcibly();
        await().until(() -> !process.isAlive());
        await().pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            stage.reconcile();
            clock.advance(Duration.ofSeconds(1));
            assertThat(deployed()).containsExactly(number);
            assertThat(home.deployment(number).process()).isNotNull().isNotEqualTo(before);
        });
        assertThat(home.eventTypes(number)).contains(EventType.DEPLOYMENT_CRASHED);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = DeployStage.NAME)
    void while_deploying_is_paused_nobody_is_chosen_and_what_is_deployed_is_looked_after(@Nullable String paused)
            throws Exception {
        home.validated(1, 0.5);
        settle();
        home.operations().pause(paused, "looking at it", Home.ANA);
        home.validated(2, 1.5, 2);
        home.validated(3, 2.5, 2);

        assertThat(stage.reconcile())
                .as("there is nothing that `once` would have to wait for")
                .isTrue();
        assertThat(home.deployStage(2).status()).isEqualTo(StageStatus.PENDING);
        assertLookedAfter(1);
        assertThat(home.trial(3).status()).isEqualTo(TrialStatus.PROCESSING);

        home.operations().unpause(paused, "", Home.ANA);
        settle();
        assertThat(deployed()).containsExactly(2, 3);
    }

    @Test
    void a_pause_of_another_stage_keeps_nobody_from_being_chosen() {
        home.operations().pause("backtest", "", Home.ANA);
        home.validated(1, 0.5);
        settle();
        assertThat(deployed()).containsExactly(1);
    }

    @Test
    void only_so_many_are_begun_within_an_hour_and_nobody_is_ranked_out_meanwhile() {
        stage = home.stage(TWO.withMaxPerHour(1)).build();
        home.validated(1, 0.5);
        home.validated(2, 1.5);
        home.validated(3, 2.5);

        settle();
        assertThat(deployed()).as("the best one first").containsExactly(3);
        assertThat(home.deployStage(2))
                .extracting(StageRun::status, StageRun::reason)
                .containsExactly(
                        StageStatus.PENDING, "waits: stages.deploy.max_per_hour allows 1 to be begun within an hour");
        assertThat(home.trial(1).status()).as("its rank may change yet").isEqualTo(TrialStatus.PROCESSING);

        clock.advance(Duration.ofMinutes(59));
        settle();
        assertThat(deployed()).containsExactly(3);

        clock.advance(Duration.ofMinutes(1));
        settle();
        assertThat(deployed()).containsExactly(2, 3);
        assertThat(home.deployStage(2).reason()).isEqualTo("rank 2 of 3 by sharpe");
        assertThat(home.trial(1))
                .extracting(Trial::status, Trial::reason)
                .containsExactly(TrialStatus.COMPLETED, "rank 3 of 3 by sharpe; the 2 slots went to 3, 2");
    }

    @Test
    void who_would_be_replaced_keeps_trading_until_the_other_may_be_begun() {
        stage = home.stage(TWO.withMaxDeployed(1).withMaxPerHour(1)).build();
        home.validated(1, 0.5);
        settle();
        home.validated(2, 1.5, 2);
        settle();
        assertThat(deployed()).containsExactly(1);

        clock.advance(Duration.ofHours(1));
        settle();
        assertThat(deployed()).containsExactly(2);
    }

    @Test
    void one_that_trades_again_counts_as_begun() {
        stage = home.stage(TWO.withMaxPerHour(1)).build();
        Trial first = home.validated(1, 0.5);
        settle();
        home.commands(2).stop(first.key(), "", Home.ANA);
        clock.advance(Duration.ofHours(2));
        settle();
        home.commands(2).deploy(first.key(), "", Home.ANA);
        home.validated(2, 1.5, 2);
        settle();
        assertThat(deployed()).containsExactly(1);

        clock.advance(Duration.ofHours(1));
        settle();
        assertThat(deployed()).containsExactly(1, 2);
    }

    @Test
    void a_run_of_everything_that_is_due_does_not_wait_for_the_hour() {
        stage = home.stage(TWO.withMaxPerHour(1)).build();
        home.validated(1, 0.5);
        home.validated(2, 1.5);
        settle();

        for (int i = 0; i < 5; i++) {
            assertThat(stage.reconcile()).as("settled").isTrue();
            clock.advance(Duration.ofSeconds(30));
        }
        assertThat(deployed()).containsExactly(2);
    }
}
