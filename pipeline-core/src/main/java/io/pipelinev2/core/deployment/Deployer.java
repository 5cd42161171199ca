package io.pipelinev2.core.deployment;

/**
 * The port that settles the last stage. Deploying is a reconcile loop, not a job: validated trials stand in the queue of
 * the stage {@link #stageName}, and each pass compares what should run with what runs and acts on the difference. A
 * missed signal costs a pass, never correctness.
 *
 * <p>Only one process per store may hold an acting deployer; one thread at a time calls it.
 */
public interface Deployer extends AutoCloseable {

    /** The stage that this deployer settles, such as {@code deploy}. Runners do not execute it. */
    String stageName();

    /**
     * One pass.
     *
     * @return whether all is as it should be: every validated trial decided, every wanted process past its start, every
     *     unwanted one gone. A deployment that has been given up counts as settled.
     */
    boolean reconcile();

    /** Lets go of everything but the deployed processes, which live on. */
    @Override
    void close();
}
