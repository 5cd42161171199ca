package io.pipelinev2.runner;

import io.pipelinev2.core.execution.RunnerIdentity;
import io.pipelinev2.runner.extension.BoundedRuns;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/**
 * Runs commands that belong to no pipeline: those of the trial source, of gates, and of a look at a home. It is a runner with
 * a lock of its own, so that nobody takes what it runs for leftovers, and everybody sees when they are.
 */
final class CommandRunner implements AutoCloseable {

    private final RunnerLocks locks;
    private final BoundedRuns runs;

    private CommandRunner(RunnerLocks locks, BoundedRuns runs) {
        this.locks = locks;
        this.runs = runs;
    }

    /**
     * @param state the home's directory {@code state}
     * @param what what runs them, for people
     * @throws HomeLock.HomeUnavailableException if the home cannot be written to
     */
    static CommandRunner begin(Path state, String what) {
        RunnerIdentity self = RunnerIdentity.fresh(host());
        RunnerLocks locks = RunnerLocks.hold(state, self, what);
        return new CommandRunner(locks, new BoundedRuns(state, self.id(), locks::isAlive));
    }

    static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    BoundedRuns runs() {
        return runs;
    }

    /** Kills what runs. */
    @Override
    public void close() {
        runs.close();
        locks.close();
    }
}
