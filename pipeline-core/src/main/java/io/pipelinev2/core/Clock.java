package io.pipelinev2.core;

import java.time.Instant;

/**
 * The two clocks of the pipeline: wall time for what is stored and shown, monotonic time for durations. Injected
 * everywhere, so that a test moves both; {@link #system()} is the only place that reads the machine's.
 */
public interface Clock {

    /** {@return the wall time, for stored times} It may step, back too, when the machine's clock is set. */
    Instant now();

    /** {@return a time in nanoseconds that never goes back} Only the difference of two readings means anything. */
    long nanoTime();

    /** {@return the clocks of this machine, always the same object} */
    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
