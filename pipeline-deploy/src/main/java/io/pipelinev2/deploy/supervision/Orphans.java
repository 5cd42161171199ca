package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.deploy.launch.ProcessTable;
import io.pipelinev2.deploy.launch.StartedProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks for processes that were started for deployments of this home and that its database knows nothing about. */
public final class Orphans {

    private Orphans() {}

    /**
     * A process that should not be there.
     *
     * @param deploymentId the deployment that it was started for
     * @param trialId that deployment's trial, if the database has it
     * @param process it
     * @param words what it is and what to do about it
     */
    public record Orphan(long deploymentId, Optional<Long> trialId, StartedProcess process, String words) {}

    /** All that run now. Nothing is done to them. */
    public static List<Orphan> find(PipelineStore store, ProcessTable table, DeploymentFiles files) {
        // First the processes: a start writes its nonce down before there is a process that carries it.
        List<StartedProcess> started = table.startedIn(files.stateDirectories());
        if (started.isEmpty()) {
            return List.of();
        }
        return store.read(tx -> {
            List<Orphan> orphans = new ArrayList<>();
            for (StartedProcess process : started) {
                Optional<Deployment> deployment = tx.deployment(process.deploymentId());
                judge(tx, deployment, process)
                        .filter(words -> table.isAlive(process.identity()))
                        .ifPresent(words -> orphans.add(new Orphan(
                                process.deploymentId(), deployment.map(Deployment::trialId), process, words)));
            }
            return orphans;
        });
    }

    private static Optional<String> judge(StoreReader tx, Optional<Deployment> deployment, StartedProcess process) {
        String what = "process %d (%s) was started for deployment %d of this home, "
                .formatted(process.identity().pid(), process.program(), process.deploymentId());
        if (deployment.isEmpty()) {
            return Optional.of(what + "which the database does not have; look at it and end it yourself: kill "
                    + process.identity().pid());
        }
        Deployment known = deployment.get();
        if (known.desired() == DesiredState.STOPPED && known.status() == DeploymentStatus.STOPPED) {
            return Optional.of(what + "which is stopped; look at it and end it yourself: kill "
                    + process.identity().pid());
        }
        String nonce = process.identity().nonce();
        boolean ofAKnownStart = nonce.equals(known.nonce())
                || tx.processRuns(known.id()).stream()
                        .anyMatch(run -> run.process().nonce().equals(nonce));
        return ofAKnownStart
                ? Optional.empty()
                : Optional.of(what + "but by no start that the database knows (was it restored from a backup?); `stop "
                        + known.key() + "` ends it");
    }
}
