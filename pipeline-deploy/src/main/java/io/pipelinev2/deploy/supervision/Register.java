package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StaleStateException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.trial.Trial;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The supervisor's side of the store: deployments, starts of their processes, and events about them. */
final class Register {

    private final PipelineStore store;
    private long writes;

    Register(PipelineStore store) {
        this.store = store;
    }

    /**
     * What is needed of a trial to start its deployment.
     *
     * @param starts how many starts of the deployment are recorded
     */
    record Subject(long studyId, List<StageRun> stages, int starts) {}

    /** How often something was written: whoever sees that it was looks again at once, for the next step. */
    long writes() {
        return writes;
    }

    List<Deployment> deployments() {
        return store.read(StoreReader::deployments);
    }

    Optional<Deployment> deployment(long id) {
        return store.read(tx -> tx.deployment(id));
    }

    List<ProcessRun> runs(long deploymentId) {
        return store.read(tx -> tx.processRuns(deploymentId));
    }

    Subject subject(Deployment deployment) {
        return store.read(tx -> new Subject(
                tx.trial(deployment.trialId()).map(Trial::studyId).orElse(0L),
                tx.stages(deployment.trialId()),
                tx.processRuns(deployment.id()).size()));
    }

    /**
     * Changes a deployment that still stands as it was read.
     *
     * @throws StaleStateException if it does not
     */
    Deployment change(Deployment before, UnaryOperator<Deployment.Change> change) {
        return write(tx -> tx.update(before, change.apply(before.change()).done()));
    }

    /** Changes a deployment together with what belongs to it. */
    Deployment write(Function<StoreWriter, Deployment> work) {
        writes++;
        return store.write(work);
    }

    /** Changes several things together. */
    void writeAll(Consumer<StoreWriter> work) {
        writes++;
        store.write(tx -> {
            work.accept(tx);
            return null;
        });
    }

    void append(Event event) {
        store.write(tx -> {
            tx.append(event);
            return null;
        });
    }

    Optional<String> setting(String key) {
        return store.read(tx -> tx.setting(key));
    }

    PipelineStore store() {
        return store;
    }

    /**
     * Records which process a start has become. An operator may have changed what the deployment is meant to do since: that
     * stays as it is.
     */
    Deployment identified(Deployment deployment, ProcessIdentity process, Instant at, EventType type, String message) {
        writes++;
        return store.writeAfresh(tx -> identified(tx, deployment.id(), process, at, type, message));
    }

    private static Deployment identified(
            StoreWriter tx, long id, ProcessIdentity process, Instant at, EventType type, String message) {
        Deployment current = tx.deployment(id)
                .orElseThrow(() -> new StaleStateException("There is no deployment " + id + " any more."));
        Deployment changed = tx.update(
                current,
                current.change().nonce(process.nonce()).process(process).done());
        if (openRun(tx, id, process).isEmpty()) {
            tx.insert(ProcessRun.started(id, process, at));
        }
        tx.append(Event.byDeployer(at, type, current.trialId(), message));
        return changed;
    }

    /** Records how the latest start of a deployment ended, if it is not recorded yet. */
    static void endRun(StoreWriter tx, Deployment deployment, Instant at, Exit exit, boolean crashed, String words) {
        ProcessIdentity process = deployment.process();
        if (process != null) {
            openRun(tx, deployment.id(), process)
                    .ifPresent(run -> tx.update(run.ended(at, exit.code(), crashed, words)));
        }
    }

    private static Optional<ProcessRun> openRun(StoreReader tx, long deploymentId, ProcessIdentity process) {
        return tx.processRuns(deploymentId).stream()
                .filter(run -> run.endedAt() == null && run.process().equals(process))
                .findFirst();
    }
}
