package io.pipelinev2.core.testkit;

/**
 * Thrown by a stage under test, it is as if the runner's process had died at this point: nothing is written down any more,
 * and the claim is left behind. The {@link PipelineTestKit} goes on with another runner, which takes the work over when the
 * lease of the dead one has ended.
 */
public final class RunnerDeath extends Error {

    public RunnerDeath() {
        super("the runner died here, as the test wanted");
    }
}
