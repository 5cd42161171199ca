package io.pipelinev2.runner;

import io.pipelinev2.core.execution.RunnerIdentity;
import io.pipelinev2.core.store.PipelineStore;
import java.nio.file.Path;

/** The locks of runners, taken as a home takes them, for tests that have runners and no home. */
public final class HeldLocks {

    private HeldLocks() {}

    public static RunnerLocks hold(Path state, RunnerIdentity self, String what, PipelineStore store) {
        RunnerLocks locks = RunnerLocks.hold(state, self, what);
        locks.sweep(store);
        return locks;
    }
}
