package io.pipelinev2.runner.sigkill;

/** Who is killed. */
enum Victim {
    /** The supervising process. */
    DAEMON,
    /** The trader. */
    CHILD,
    /** The trader, and then at once the supervising process. */
    BOTH,
    /** A trader that has started processes of its own, one of them in another session and deaf to SIGTERM: they survive it. */
    LEADER;

    boolean daemonDies() {
        return this == DAEMON || this == BOTH;
    }

    boolean childDies() {
        return this != DAEMON;
    }
}
