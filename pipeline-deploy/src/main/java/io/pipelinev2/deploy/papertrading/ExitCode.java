package io.pipelinev2.deploy.papertrading;

/** How a trader's process ends, by the conventions of sysexits: 64 to 78 mean that starting again would not help. */
final class ExitCode {

    static final int OK = 0;

    /** Something that may be better next time: a disk, a file that is being copied. */
    static final int FAILED = 1;

    /** What was read makes no sense. */
    static final int DATA = 65;

    /** What was to be read is not there. */
    static final int NO_INPUT = 66;

    /** A fault of this program. */
    static final int INTERNAL = 70;

    /** What was read belongs to something else. */
    static final int CONFIGURATION = 78;

    private ExitCode() {}
}
