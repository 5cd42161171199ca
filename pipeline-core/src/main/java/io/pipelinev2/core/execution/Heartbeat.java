package io.pipelinev2.core.execution;

import io.pipelinev2.core.logging.CoreLogCode;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews leases on a thread of its own, so that neither a busy stage nor a busy loop lets one end. It begins with the first
 * claim and is the last thing that a runner stops.
 */
final class Heartbeat implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final int BEATS_PER_LEASE = 3;

    private final Runnable renewal;
    private final long intervalNanos;
    private final ThreadFactory threads;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private boolean started;

    /** @param renewal renews all leases that are held; called from the heartbeat's thread */
    Heartbeat(Runnable renewal, Duration lease, ThreadFactory threads) {
        this.renewal = renewal;
        this.intervalNanos = lease.toNanos() / BEATS_PER_LEASE;
        this.threads = threads;
    }

    synchronized void start() {
        if (!started && stopped.getCount() > 0) {
            started = true;
            Thread thread = threads.newThread(this::beat);
            thread.setName("heartbeat");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void beat() {
        try {
            long wait = intervalNanos;
            while (!stopped.await(wait, TimeUnit.NANOSECONDS)) {
                wait = renewed() ? intervalNanos : intervalNanos / 4;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean renewed() {
        try {
            renewal.run();
            return true;
        } catch (RuntimeException e) {
            LOG.warn(
                    CoreLogCode.LEASES_NOT_RENEWED,
                    "The leases could not be renewed: {} It is tried again soon.",
                    e.getMessage());
            return false;
        }
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}
