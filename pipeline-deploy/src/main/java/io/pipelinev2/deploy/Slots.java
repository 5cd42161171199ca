package io.pipelinev2.deploy;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.ranking.Ruling;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives slots and takes them, within one write: the deployment, the trial's deploy stage and the trial itself always change
 * together.
 */
final class Slots {

    private final StoreWriter tx;
    private final String stage;
    private final Instant now;

    Slots(StoreWriter tx, String stage, Instant now) {
        this.tx = tx;
        this.stage = stage;
        this.now = now;
    }

    /**
     * A trial is to trade. Its last deployment is taken up again, account and all, if it was of the same model.
     *
     * @param replaces the deployment that must be gone before, or null
     */
    Deployment give(Trial trial, String modelSha256, String reason, @Nullable Long replaces, Ruling ruling) {
        Deployment deployment = tx.deploymentOf(trial.id())
                .filter(before -> before.modelSha256().equals(modelSha256))
                .map(before -> takenUp(before, reason, replaces))
                .orElseGet(() -> begun(trial, modelSha256, reason, replaces));
        settle(trial, StageStatus.PASSED, TrialStatus.DEPLOYED, reason, ruling);
        return deployment;
    }

    /** A trial is to trade with a new account. Its last deployment and the account of that stay as they are. */
    Deployment giveNewAccount(Trial trial, String modelSha256, String reason, Ruling ruling) {
        Deployment deployment = begun(trial, modelSha256, reason, null);
        settle(trial, StageStatus.PASSED, TrialStatus.DEPLOYED, reason, ruling);
        return deployment;
    }

    /**
     * A deployed trial is to trade no longer.
     *
     * @return its deployment, empty if it has none that is meant to run
     */
    Optional<Deployment> take(Trial trial, String reason, Ruling.Kind kind) {
        Optional<Deployment> ended = tx.deploymentOf(trial.id())
                .filter(deployment -> deployment.desired() == DesiredState.RUNNING)
                .map(deployment -> ended(deployment, reason));
        Ruling ruling = rulingOf(trial).then(kind, tx.latestBatch());
        rule(trial, StageStatus.SKIPPED, reason, ruling);
        // what becomes of a trial whose validation is being repeated, or was, and failed, is for that to say
        boolean isThrough =
                tx.stages(trial.id()).stream().allMatch(run -> run.status().letsTrialContinue());
        if (isThrough) {
            become(trial, TrialStatus.COMPLETED, reason);
        }
        return ended;
    }

    /** A validated trial gets no slot. */
    void refuse(Trial trial, String reason, Ruling.Kind kind) {
        settle(trial, StageStatus.SKIPPED, TrialStatus.COMPLETED, reason, new Ruling(kind, tx.latestBatch()));
    }

    /** What was ruled about a trial last. */
    Ruling rulingOf(Trial trial) {
        return tx.stage(trial.id(), stage)
                .flatMap(row -> Optional.ofNullable(Ruling.of(row)))
                .orElseGet(() -> new Ruling(Ruling.Kind.DEPLOYED, tx.latestBatch()));
    }

    private Deployment begun(Trial trial, String modelSha256, String reason, @Nullable Long replaces) {
        // of one trial, no two processes at a time either
        Long gone = tx.deploymentOf(trial.id())
                .filter(Deployment::occupiesSlot)
                .map(Deployment::id)
                .orElse(replaces);
        return tx.insert(Deployment.wanted(trial.id(), trial.key(), modelSha256, reason, gone, now));
    }

    private Deployment takenUp(Deployment before, String reason, @Nullable Long replaces) {
        if (before.desired() == DesiredState.RUNNING) {
            return before;
        }
        Deployment.Change change = before.change()
                .desired(DesiredState.RUNNING)
                .restarts(0)
                .restartDue(null)
                .replaces(replaces);
        if (before.status() == DeploymentStatus.RUNNING) {
            // It was asked to end: it ends, and is started again.
            change.health(DeploymentHealth.STOPPING, reason);
        } else {
            change.status(DeploymentStatus.STOPPED)
                    .health(DeploymentHealth.STARTING, reason)
                    .stopDeadline(null);
        }
        return tx.update(before, change.done());
    }

    private Deployment ended(Deployment deployment, String reason) {
        boolean gone = deployment.status() == DeploymentStatus.STOPPED;
        return tx.update(
                deployment,
                deployment
                        .change()
                        .desired(DesiredState.STOPPED)
                        .health(gone ? DeploymentHealth.STOPPED : DeploymentHealth.STOPPING, reason)
                        .restartDue(null)
                        .done());
    }

    private void settle(Trial trial, StageStatus end, TrialStatus status, String reason, Ruling ruling) {
        rule(trial, end, reason, ruling);
        become(trial, status, reason);
    }

    private void become(Trial trial, TrialStatus status, String reason) {
        Trial before = trial;
        if (before.status() == TrialStatus.PENDING) {
            // Its only stage is this one, so nothing has been claimed.
            Trial begun = before.become(TrialStatus.PROCESSING, null, now);
            tx.update(before, begun);
            before = begun;
        }
        tx.update(before, before.become(status, reason, now));
    }

    private void rule(Trial trial, StageStatus end, String reason, Ruling ruling) {
        StageRun row = tx.stage(trial.id(), stage).orElseGet(() -> inserted(trial));
        tx.update(row, row.ended(end, now, null, reason, ruling.toMap()));
    }

    /** A trial that was discovered while deploying was off has no such stage yet. */
    private StageRun inserted(Trial trial) {
        int position = tx.stages(trial.id()).stream()
                        .mapToInt(StageRun::position)
                        .max()
                        .orElse(-1)
                + 1;
        return tx.insert(StageRun.waiting(trial.id(), stage, position, 1, now));
    }
}
