package io.pipelinev2.core;

import java.time.Instant;

/**
 * The two clocks of the pipeline: wall time for what is stored and shown, monotonic time for durations. Injected
 * everywhere, so that a test moves both; {@link #system()} is the only place that reads the machine's.
 */
public interface Clock {

    /** The wall time, in UTC, for stored times. It may step when the machine's clock is set. */
    Instant now();

    /** A time in nanoseconds that only grows; meaningful as a difference of two readings alone. */
    long nanoTime();

    /** The clocks of this machine. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
