package io.pipelinev2.core.deployment;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The port that settles the last stage. Deploying is a reconcile loop, not a job: validated trials stand in the queue of
 * the stage {@link #stageName}, and each pass compares what should run with what runs and acts on the difference. A
 * missed signal costs a pass, never correctness.
 *
 * <p>Only one process per store may hold an acting deployer. A daemon calls {@link #choose} and {@link #supervise} each on a
 * thread of its own, so that a long look at all trials never keeps a dead process waiting; whoever has one thread calls
 * {@link #reconcile}, which does both. One thread at a time calls each.
 */
public interface Deployer extends AutoCloseable {

    /** The stage that this deployer settles, such as {@code deploy}. Runners do not execute it. */
    String stageName();

    /**
     * One pass: chooses, then supervises.
     *
     * @return whether all is as it should be: every validated trial decided, every wanted process past its start, every
     *     unwanted one gone. A deployment that has been given up counts as settled.
     */
    boolean reconcile();

    /**
     * The half of a pass that decides who should be deployed. It may take long.
     *
     * @return whether nobody waits for a decision any more that could be made now
     */
    default boolean choose() {
        return reconcile();
    }

    /**
     * The half of a pass that makes each process what it should be. It is short, and starts and stops processes.
     *
     * @return whether every process is as it should be
     */
    default boolean supervise() {
        return true;
    }

    /**
     * Waits until {@link #supervise} has something to do: a process has ended, a restart is due, somebody was chosen.
     *
     * @param atMost how long to wait if nothing is noticed; what happens unnoticed is found by the next look
     */
    default void await(Duration atMost) throws InterruptedException {
        // Notices nothing.
        new CountDownLatch(1).await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends a wait, from any thread. */
    default void wake() {}

    /** Lets go of everything but the deployed processes, which live on. */
    @Override
    void close();
}
