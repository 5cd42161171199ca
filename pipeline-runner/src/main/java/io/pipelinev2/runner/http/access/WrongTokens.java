package io.pipelinev2.runner.http.access;

import io.pipelinev2.core.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many wrong tokens there were of late. Only wrong ones are counted and put off: nobody can keep the owner out by
 * guessing.
 */
public final class WrongTokens {

    private static final int MOST = 10;
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Clock clock;
    private final Deque<Long> nanos = new ArrayDeque<>();

    public WrongTokens(Clock clock) {
        this.clock = clock;
    }

    /** Another one; returns whether that is too many. */
    synchronized boolean another() {
        long now = clock.nanoTime();
        while (!nanos.isEmpty() && now - nanos.peekFirst() > WINDOW.toNanos()) {
            nanos.removeFirst();
        }
        if (nanos.size() >= MOST) {
            return true;
        }
        nanos.addLast(now);
        return false;
    }
}
