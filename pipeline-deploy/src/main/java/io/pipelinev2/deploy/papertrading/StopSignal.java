package io.pipelinev2.deploy.papertrading;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The wish to end, which wakes whoever waits for it at once. */
final class StopSignal {

    private final CountDownLatch requested = new CountDownLatch(1);

    void request() {
        requested.countDown();
    }

    boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Waits for it, but no longer than this. An interrupt counts as the wish. */
    void await(Duration atMost) {
        try {
            requested.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            request();
            Thread.currentThread().interrupt();
        }
    }
}
