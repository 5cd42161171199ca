package io.pipelinev2.runner.sigkill;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.deploy.DeployStage;
import io.pipelinev2.deploy.launch.DirectLauncher;
import io.pipelinev2.deploy.launch.ProcessTable;
import io.pipelinev2.runner.HomeLock;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A supervising process at work on a home: it plays the scene of a cell up to the cell's moment, and strikes there, once. With
 * no cell it is one that takes over, and strikes nobody.
 */
final class Supervision implements AutoCloseable {

    private static final long PASS_NANOS = 20_000_000;

    private final @Nullable Cell cell;
    private final HomeLock lock;
    private final WatchedStore store;
    private final Home home;
    private final DeployStage stage;
    private @Nullable ProcessIdentity latest;
    private boolean played;
    private boolean struck;
    private int events;

    private Supervision(Home home, @Nullable Cell cell) {
        this.cell = cell;
        this.lock = HomeLock.take(home.directory(), cell == null ? "successor" : "daemon");
        this.home = home;
        this.store = new WatchedStore(home.open(), this::sees);
        this.stage = home.stage(store, new WatchedLauncher(new DirectLauncher(new ProcessTable()), this::forked));
    }

    static Supervision playing(Home home, Cell cell) {
        return new Supervision(home, cell);
    }

    static Supervision succeeding(Home home) {
        return new Supervision(home, null);
    }

    /** One pass of the loop, as the daemon makes it. */
    void pass() {
        try {
            stage.reconcile();
        } catch (PipelineException e) {
            // as the daemon does: it is said, and the next pass tries again
            System.err.println("pass: " + e.getMessage());
        }
        List<Deployment> now = store.read(StoreReader::deployments);
        sees(Moment.Sight.SUPERVISED, now, now);
        if (cell != null && !played && isUp(now)) {
            played = true;
            play();
        }
        LockSupport.parkNanos(PASS_NANOS);
    }

    boolean hasStruck() {
        return struck;
    }

    private static boolean isUp(List<Deployment> deployments) {
        return deployments.stream().anyMatch(each -> each.health() == DeploymentHealth.HEALTHY);
    }

    private void play() {
        switch (cell.phase()) {
            case START, RUN -> {}
            case CRASH -> kill(latest);
            case STOP -> home.commands(store).stop(Home.FIRST, "", Home.OPERATOR);
            case REPLACE -> home.addBetter(store);
        }
    }

    private void forked(long deploymentId, ProcessIdentity process) {
        latest = process;
        List<Deployment> one =
                store.read(tx -> tx.deployment(deploymentId)).stream().toList();
        sees(Moment.Sight.FORKED, one, one);
    }

    private void sees(Moment.Sight sight, List<Deployment> before, List<Deployment> after) {
        if (cell == null || struck) {
            return;
        }
        for (Deployment each : after) {
            Optional<Deployment> earlier =
                    before.stream().filter(other -> other.id() == each.id()).findFirst();
            boolean news = sight == Moment.Sight.FORKED
                    || sight == Moment.Sight.SUPERVISED
                    || !earlier.equals(Optional.of(each));
            if (news && cell.isAt(sight, earlier.orElse(each), each, events)) {
                strike();
                return;
            }
            events += news && sight != Moment.Sight.SUPERVISED ? 1 : 0;
        }
    }

    private void strike() {
        struck = true;
        if (cell.victim().childDies()) {
            kill(latest);
        }
        if (cell.victim().daemonDies()) {
            kill(ProcessHandle.current().pid());
            // it is a moment until the signal arrives
            while (true) {
                LockSupport.park();
            }
        }
    }

    private static void kill(@Nullable ProcessIdentity process) {
        if (process != null && new ProcessTable().isAlive(process)) {
            kill(process.pid());
        }
    }

    private static void kill(long pid) {
        try {
            new ProcessBuilder("kill", "-KILL", Long.toString(pid)).start().waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("cannot kill", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stage.close();
        store.close();
        lock.close();
    }
}
