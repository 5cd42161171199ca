package io.pipelinev2.core;

import java.time.Duration;
import java.time.Instant;

/** Clocks that stand still until a test moves them. Safe for use by several threads. */
public final class ManualClock implements Clock {

    /** Where a new clock stands, unless told otherwise. */
    public static final Instant START = Instant.parse("2026-01-29T21:30:00Z");

    private Instant now;
    private long nanos;

    public ManualClock() {
        this(START);
    }

    public ManualClock(Instant start) {
        this.now = start;
    }

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    /** Lets time pass: both clocks move. */
    public synchronized ManualClock advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("time passes forwards; to step the wall clock back, set it");
        }
        now = now.plus(by);
        nanos += by.toNanos();
        return this;
    }

    /** Steps the wall clock, as when someone sets it: monotonic time does not notice. */
    public synchronized ManualClock set(Instant to) {
        now = to;
        return this;
    }
}
