package io.pipelinev2.core.store;

import static io.pipelinev2.core.store.StoreSamples.AT;
import static io.pipelinev2.core.store.StoreSamples.attempt;
import static io.pipelinev2.core.store.StoreSamples.deployment;
import static io.pipelinev2.core.store.StoreSamples.process;
import static io.pipelinev2.core.store.StoreSamples.study;
import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageRun.Lease;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each test writes one impossible state, past the engine, and expects the one sentence that says so. */
class InvariantsTest {

    private final PipelineStore store = new InMemoryPipelineStore();
    private final Study study = store.write(tx -> tx.insert(study("s")));

    // ---- one stage

    @Test
    void a_running_stage_is_leased() {
        claimed(StageRow.running(processing()).lease(null));
        onlyViolation(
                "Stage work (id 3) of trial s/1 (id 2): a running stage is leased to its runner, but it has no lease.");
    }

    @Test
    void a_running_stage_has_a_deadline() {
        claimed(StageRow.running(processing()).deadlineAt(null));
        onlyViolation("Stage work (id 3) of trial s/1 (id 2): a running stage has a deadline, but it has none.");
    }

    @Test
    void a_running_stage_has_a_start_time() {
        claimed(StageRow.running(processing()).startedAt(null));
        onlyViolation(
                "Stage work (id 3) of trial s/1 (id 2): a running stage says since when, but it has no start time.");
    }

    @Test
    void a_running_stage_counts_the_attempt_it_is_in() {
        claimed(StageRow.running(processing()).counting(0, 0));
        onlyViolation(
                "Stage work (id 3) of trial s/1 (id 2): a running stage counts the attempt it is in, but it counts none.");
    }

    @Test
    void only_a_running_stage_is_leased() {
        stored(StageRow.due(processing()).lease(new Lease("runner-1", "host", AT)));
        onlyViolation(
                "Stage work (id 3) of trial s/1 (id 2): only a running stage is leased, but it is pending, leased to"
                        + " runner runner-1 until 2026-01-29T21:30:00.007Z.");
    }

    @Test
    void only_a_running_stage_has_a_deadline() {
        stored(StageRow.ended(trial(TrialStatus.COMPLETED), StageStatus.PASSED).deadlineAt(AT));
        onlyViolation(
                "Stage work (id 3) of trial s/1 (id 2): only a running stage has a deadline, but it is passed, with"
                        + " deadline 2026-01-29T21:30:00.007Z.");
    }

    @Test
    void a_stage_that_has_ended_says_when() {
        stored(StageRow.ended(trial(TrialStatus.FAILED), StageStatus.FAILED).completedAt(null));
        onlyViolation(
                "Stage work (id 3) of trial s/1 (id 2): a stage that has ended says when, but it is failed without a"
                        + " time of completion.");
    }

    @Test
    void a_stage_that_has_not_ended_was_not_completed() {
        claimed(StageRow.running(processing()).completedAt(AT));
        onlyViolation("Stage work (id 3) of trial s/1 (id 2): only a stage that has ended says when, but it is running,"
                + " completed at 2026-01-29T21:30:00.007Z.");
    }

    @Test
    void only_a_pending_stage_is_due() {
        stored(StageRow.ended(trial(TrialStatus.COMPLETED), StageStatus.SKIPPED).dueAt(AT));
        onlyViolation("Stage work (id 3) of trial s/1 (id 2): only a pending stage is due, but it is skipped, due at"
                + " 2026-01-29T21:30:00.007Z.");
    }

    @Test
    void a_running_stage_is_not_due() {
        claimed(StageRow.running(processing()).dueAt(AT));
        onlyViolation("Stage work (id 3) of trial s/1 (id 2): only a pending stage is due, but it is running, due at"
                + " 2026-01-29T21:30:00.007Z.");
    }

    @Test
    void a_stage_crashes_in_its_attempts() {
        stored(StageRow.due(processing()).counting(1, 2));
        onlyViolation(
                "Stage work (id 3) of trial s/1 (id 2): it counts no more crashes than attempts, and none below 0,"
                        + " but it counts 2 crashes in 1 attempts.");
    }

    @Test
    void nothing_is_counted_below_zero() {
        stored(StageRow.due(processing()).counting(0, -1));
        onlyViolation(
                "Stage work (id 3) of trial s/1 (id 2): it counts no more crashes than attempts, and none below 0,"
                        + " but it counts -1 crashes in 0 attempts.");
    }

    // ---- a trial and its stages

    @Test
    void each_stage_has_its_place() {
        Trial trial = processing();
        stored(StageRow.due(trial));
        stored(StageRow.waiting(trial).at(0, "more"));
        onlyViolation(
                "Trial s/1 (id 2) is processing: each of its stages has a place of its own, but stage work (id 3) is"
                        + " due at 2026-01-29T21:30:00.007Z and stage more (id 4) is pending are both at 0.");
    }

    @Test
    void nothing_of_a_pending_trial_runs() {
        claimed(StageRow.running(trial(TrialStatus.PENDING)));
        onlyViolation(
                "Trial s/1 (id 2) is pending: nothing of a pending trial runs, but stage work (id 3) is running.");
    }

    @Test
    void one_stage_is_open_at_a_time() {
        Trial trial = processing();
        stored(StageRow.due(trial));
        claimed(StageRow.running(trial).at(1, "more"));
        onlyViolation("Trial s/1 (id 2) is processing: one stage of a trial is due or running at a time, but stage work"
                + " (id 3) is due at 2026-01-29T21:30:00.007Z and stage more (id 4) is running.");
    }

    @Test
    void stages_are_due_in_their_order() {
        Trial trial = processing();
        stored(StageRow.waiting(trial));
        stored(StageRow.due(trial).at(1, "more"));
        onlyViolation("Trial s/1 (id 2) is processing: a stage is due when all before it have let the trial go on, but"
                + " stage more (id 4) is due at 2026-01-29T21:30:00.007Z while stage work (id 3) is pending.");
    }

    @Test
    void a_stage_that_runs_may_have_another_put_in_front_of_it() {
        Trial trial = processing();
        stored(StageRow.waiting(trial));
        claimed(StageRow.running(trial).at(1, "more"));
        assertThat(violations()).isEmpty();
    }

    @Test
    void a_stage_that_failed_may_wait_for_the_retry_of_one_before_it() {
        Trial trial = processing();
        stored(StageRow.due(trial));
        stored(StageRow.ended(trial, StageStatus.FAILED).at(1, "more"));
        assertThat(violations()).isEmpty();
    }

    @Test
    void no_trial_is_lost_with_a_stage_that_failed() {
        stored(StageRow.ended(processing(), StageStatus.FAILED));
        onlyViolation(
                "Trial s/1 (id 2) is processing: a trial that is neither decided nor held has a stage that is due or"
                        + " running, but stage work (id 3) is failed: nobody will ever move it.");
    }

    @Test
    void no_trial_is_lost_between_two_stages() {
        Trial trial = processing();
        stored(StageRow.ended(trial, StageStatus.PASSED));
        stored(StageRow.waiting(trial).at(1, "more"));
        onlyViolation(
                "Trial s/1 (id 2) is processing: a trial that is neither decided nor held has a stage that is due or"
                        + " running, but stage work (id 3) is passed, stage more (id 4) is pending: nobody will ever move it.");
    }

    @Test
    void no_trial_is_lost_after_its_last_stage() {
        stored(StageRow.ended(processing(), StageStatus.PASSED));
        onlyViolation(
                "Trial s/1 (id 2) is processing: a trial that is neither decided nor held has a stage that is due or"
                        + " running, but stage work (id 3) is passed: nobody will ever move it.");
    }

    @Test
    void no_trial_is_lost_before_its_first_stage() {
        trial(TrialStatus.PENDING);
        onlyViolation("Trial s/1 (id 2) is pending: a trial that is neither decided nor held has a stage that is due or"
                + " running, but it has no stages: nobody will ever move it.");
    }

    @Test
    void a_trial_that_is_held_need_not_be_due() {
        Trial held =
                inserted(StoreSamples.trial(study, 1, TrialStatus.PROCESSING).held("parked: look at it", AT));
        stored(StageRow.waiting(held).counting(3, 3).token(3));
        assertThat(violations()).isEmpty();
    }

    @Test
    void a_trial_that_is_parked_says_why() {
        Trial parked = StoreSamples.trial(study, 1, TrialStatus.PROCESSING).park("look at it", AT);
        stored(StageRow.due(inserted(withoutReason(parked))));
        onlyViolation(
                "Trial s/1 (id 2) is processing: a trial that is parked says why, but it is parked without a reason.");
    }

    private static Trial withoutReason(Trial held) {
        return new Trial(
                held.id(),
                held.studyId(),
                held.key(),
                held.source(),
                held.values(),
                held.directions(),
                held.status(),
                null,
                held.parked(),
                held.reason(),
                held.batch(),
                held.createdAt(),
                held.updatedAt());
    }

    @Test
    void a_completed_trial_is_through() {
        Trial trial = trial(TrialStatus.COMPLETED);
        stored(StageRow.ended(trial, StageStatus.PASSED));
        stored(StageRow.due(trial).at(1, "more"));
        onlyViolation("Trial s/1 (id 2) is completed: all its stages have let it go on, but stage more (id 4) is due at"
                + " 2026-01-29T21:30:00.007Z.");
    }

    @Test
    void a_deployed_trial_is_through() {
        Trial trial = trial(TrialStatus.DEPLOYED);
        inserted(deployment(trial));
        claimed(StageRow.running(trial));
        onlyViolation(
                "Trial s/1 (id 2) is deployed: all its stages have let it go on, but stage work (id 4) is running.");
    }

    @Test
    void a_trial_fails_by_a_stage() {
        stored(StageRow.waiting(trial(TrialStatus.FAILED)));
        onlyViolation("Trial s/1 (id 2) is failed: a trial fails by one of its stages, but none of them has failed.");
    }

    @Test
    void nothing_of_a_failed_trial_is_open() {
        Trial trial = trial(TrialStatus.FAILED);
        stored(StageRow.ended(trial, StageStatus.FAILED));
        stored(StageRow.due(trial).at(1, "more"));
        onlyViolation("Trial s/1 (id 2) is failed: no stage of a failed trial is open, but stage more (id 4) is due at"
                + " 2026-01-29T21:30:00.007Z.");
    }

    @Test
    void a_trial_that_is_decided_is_not_held() {
        stored(StageRow.ended(
                inserted(StoreSamples.trial(study, 1, TrialStatus.COMPLETED).held("waiting", AT)), StageStatus.PASSED));
        onlyViolation("Trial s/1 (id 2) is completed: a trial that is decided is not held, but it is held: waiting.");
    }

    @Test
    void a_stage_belongs_to_a_trial() {
        Trial nobody = StoreSamples.trial(study, 1).withId(77);
        stored(StageRow.due(nobody));
        onlyViolation("Stage work (id 2): a stage belongs to a trial, but there is no trial 77.");
    }

    // ---- a stage and its attempts

    @Test
    void a_running_stage_has_an_attempt() {
        stored(StageRow.running(processing()));
        onlyViolation(
                "Stage work (id 3) of trial s/1 (id 2): a running stage has a running attempt with its token 1, but"
                        + " that is missing.");
    }

    @Test
    void the_attempt_of_a_running_stage_has_not_ended() {
        StageRun stage = stored(StageRow.running(processing()));
        inserted(attempt(stage, 1, 1).ended(Attempt.Outcome.CRASHED, AT, null, null));
        onlyViolation(
                "Stage work (id 3) of trial s/1 (id 2): a running stage has a running attempt with its token 1, but"
                        + " that has ended as crashed.");
    }

    @Test
    void no_attempt_runs_beside_that_of_the_latest_claim() {
        StageRun stage = claimed(StageRow.running(processing()).counting(2, 1).token(2));
        inserted(attempt(stage, 1, 1));
        onlyViolation(
                "Attempt 1 (id 5) of stage work (id 3) of trial s/1 (id 2): an attempt runs only while its stage runs"
                        + " with its token 1, but the stage is running with token 2.");
    }

    @Test
    void no_attempt_outlives_the_claim_on_its_stage() {
        StageRun stage = stored(StageRow.due(processing()).counting(1, 0).token(1));
        inserted(attempt(stage, 1, 1));
        onlyViolation(
                "Attempt 1 (id 4) of stage work (id 3) of trial s/1 (id 2): an attempt runs only while its stage runs"
                        + " with its token 1, but the stage is pending with token 1.");
    }

    @Test
    void an_attempt_that_has_ended_says_when() {
        StageRun stage = stored(StageRow.due(processing()).counting(1, 0).token(1));
        inserted(attempt(stage, 1, 1, Attempt.Outcome.ERROR));
        onlyViolation(
                "Attempt 1 (id 4) of stage work (id 3) of trial s/1 (id 2): an attempt that has ended says when, but"
                        + " it is error without an end.");
    }

    @Test
    void an_attempt_that_runs_has_no_end() {
        StageRun stage = stored(StageRow.running(processing()));
        inserted(attempt(stage, 1, 1).ended(Attempt.Outcome.RUNNING, AT, null, null));
        onlyViolation(
                "Attempt 1 (id 4) of stage work (id 3) of trial s/1 (id 2): a running attempt has not ended, but it"
                        + " has at 2026-01-29T21:30:00.007Z.");
    }

    @Test
    void a_token_is_never_larger_than_the_stages() {
        StageRun stage = stored(StageRow.due(processing()).counting(1, 0).token(1));
        inserted(attempt(stage, 1, 2).ended(Attempt.Outcome.ERROR, AT, null, null));
        onlyViolation(
                "Stage work (id 3) of trial s/1 (id 2): its token is that of its latest claim, 1, but an attempt of it"
                        + " carries token 2.");
    }

    @Test
    void an_attempt_is_of_the_trial_of_its_stage() {
        Trial trial = processing();
        StageRun stage = stored(StageRow.running(trial));
        inserted(attempt(StageRow.running(trial.withId(77)).done().withId(stage.id()), 1, 1));
        onlyViolation(
                "Attempt 1 (id 4) of stage work (id 3) of trial (id 77): an attempt is of the trial of its stage, but"
                        + " that is trial 2.");
    }

    @Test
    void an_attempt_belongs_to_a_stage() {
        Trial trial = processing();
        stored(StageRow.due(trial));
        inserted(attempt(StageRow.due(trial).done().withId(77), 1, 1));
        onlyViolation(
                "Attempt 1 (id 4) of stage work (id 77) of trial s/1 (id 2): an attempt belongs to a stage, but there"
                        + " is no stage 77.");
    }

    // ---- deployments

    @Test
    void a_deployed_trial_has_a_deployment_that_is_meant_to_run() {
        Trial trial = trial(TrialStatus.DEPLOYED);
        inserted(deployment(trial).change().desired(DesiredState.STOPPED).done());
        onlyViolation(
                "Trial s/1 (id 2) is deployed: a deployed trial has a deployment that is meant to run, but it has none.");
    }

    @Test
    void one_deployment_of_a_trial_is_meant_to_run() {
        Trial trial = trial(TrialStatus.DEPLOYED);
        inserted(deployment(trial));
        inserted(deployment(trial));
        onlyViolation("Trial s/1 (id 2): one deployment of a trial is meant to run, but 2 of it are: ids [3, 4].");
    }

    @Test
    void what_is_stopped_has_no_process() {
        Deployment deployment = inserted(deployment(trial(TrialStatus.DEPLOYED), DeploymentStatus.STOPPED));
        inserted(ProcessRun.started(deployment.id(), process(42), AT));
        onlyViolation("Deployment 3 of trial s/1 (id 2): what is stopped has no process, but process runs [4] have not"
                + " ended.");
    }

    @Test
    void a_deployment_has_one_process() {
        Deployment deployment = inserted(deployment(trial(TrialStatus.DEPLOYED), DeploymentStatus.RUNNING));
        inserted(ProcessRun.started(deployment.id(), process(42), AT));
        inserted(ProcessRun.started(deployment.id(), process(43), AT));
        onlyViolation(
                "Deployment 3 of trial s/1 (id 2): one process of a deployment runs, but process runs [4, 5] have not"
                        + " ended.");
    }

    // ---- words

    private List<String> violations() {
        return store.read(Invariants::violations);
    }

    private void onlyViolation(String words) {
        assertThat(violations()).containsExactly(words);
    }

    private Trial processing() {
        return trial(TrialStatus.PROCESSING);
    }

    private Trial trial(TrialStatus status) {
        return inserted(StoreSamples.trial(study, 1, status));
    }

    private Trial inserted(Trial trial) {
        return store.write(tx -> tx.insert(trial));
    }

    private StageRun stored(StageRow row) {
        return store.write(tx -> tx.insert(row.done()));
    }

    private StageRun claimed(StageRow row) {
        StageRun stage = stored(row);
        inserted(attempt(stage, stage.attempts(), stage.token()));
        return stage;
    }

    private void inserted(Attempt attempt) {
        store.<Attempt>write(tx -> tx.insert(attempt));
    }

    private Deployment inserted(Deployment deployment) {
        return store.write(tx -> tx.insert(deployment));
    }

    private void inserted(ProcessRun run) {
        store.<ProcessRun>write(tx -> tx.insert(run));
    }
}
