package io.pipelinev2.store;

import io.pipelinev2.core.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.BusyHandler;

/**
 * How a connection waits for another process to give up its lock: it looks again every few milliseconds. SQLite's own way
 * is to look ever more seldom, in the end every 100 ms; a process that writes often then keeps the others out for seconds,
 * and leases end whose runners are alive and well, only not let in to renew them.
 */
final class SqliteWait extends BusyHandler {

    private static final long MIN_PAUSE_NANOS = 500_000;
    private static final long MAX_PAUSE_NANOS = 5_000_000;
    private static final int WAIT = 1;
    private static final int GIVE_UP = 0;

    private final long patienceNanos;
    private final Clock clock;
    private long since;

    SqliteWait(Duration patience, Clock clock) {
        this.patienceNanos = patience.toNanos();
        this.clock = clock;
    }

    /** @param waits how often this was asked before for the same lock */
    @Override
    protected int callback(int waits) {
        long now = clock.nanoTime();
        if (waits == 0) {
            since = now;
        }
        if (now - since >= patienceNanos) {
            return GIVE_UP;
        }
        // at random, so that two that wait do not keep looking at the same moment
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MIN_PAUSE_NANOS, MAX_PAUSE_NANOS));
        return WAIT;
    }
}
