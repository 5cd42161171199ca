package io.pipelinev2.runner.logging;

import ch.qos.logback.classic.Level;

/** How much of the log is shown on the terminal. The files always hold everything from INFO on. */
public enum Verbosity {
    /** Errors. */
    QUIET(Level.ERROR),
    /** Errors and warnings. */
    NORMAL(Level.WARN),
    /** What the pipeline does, too, with times and stack traces. */
    VERBOSE(Level.INFO),
    /** All that the pipeline's own code has to say, in the files as well. */
    DEBUG(Level.DEBUG);

    private final Level threshold;

    Verbosity(Level threshold) {
        this.threshold = threshold;
    }

    Level threshold() {
        return threshold;
    }

    boolean showsDetails() {
        return compareTo(VERBOSE) >= 0;
    }
}
