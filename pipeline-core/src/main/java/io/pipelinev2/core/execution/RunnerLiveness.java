package io.pipelinev2.core.execution;

import io.pipelinev2.core.stage.StageRun.Lease;

/** Knows of some runners that they are dead before their leases end. */
@FunctionalInterface
public interface RunnerLiveness {

    /** Whether the holder of this lease is certainly dead. */
    boolean isDead(Lease lease);

    /** Knows nothing: a runner's work is taken over when its lease has ended. */
    static RunnerLiveness unknown() {
        return lease -> false;
    }

    /** For a runner that holds an exclusive lock on its store: every other runner is dead. */
    static RunnerLiveness sole(RunnerIdentity self) {
        return lease -> !lease.runner().equals(self.id());
    }
}
