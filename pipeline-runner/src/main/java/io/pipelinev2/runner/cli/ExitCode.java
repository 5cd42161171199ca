package io.pipelinev2.runner.cli;

/** The exit codes of the program. Scripts rely on them. */
final class ExitCode {

    static final int OK = 0;
    /** An internal error, or a verdict other than passed. */
    static final int FAILED = 1;

    static final int USAGE = 2;
    static final int NOT_FOUND = 3;
    static final int BAD_CONFIGURATION = 4;
    /** A dependency, file, port or directory cannot be reached or read. */
    static final int UNREACHABLE = 5;

    static final int DEGRADED = 6;
    /** Another daemon or {@code once} holds this home. */
    static final int HELD = 7;

    static final int REFUSED = 8;
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
