package io.pipelinev2.runner.config;

/**
 * When a file system that the pipeline writes to counts as nearly full: the block {@code disk}.
 *
 * @param warn with fewer free bytes than this it is degraded
 * @param stop with fewer free bytes than this nothing new is begun
 */
public record DiskConfig(long warn, long stop) {

    private static final long USUAL_WARN = 1_000_000_000L;
    private static final long USUAL_STOP = 200_000_000L;
    private static final Rule<Long> STOP = new Rule<>(bytes -> bytes >= 0, "at least 0 (never)");

    public DiskConfig {
        STOP.require("stop", stop);
        notLessThan(stop).require("warn", warn);
    }

    static DiskConfig read(Options options) {
        long stop = options.value("stop", USUAL_STOP, Kind.SIZE, STOP);
        long warn = options.value("warn", Math.max(USUAL_WARN, stop), Kind.SIZE, notLessThan(stop));
        options.refuseUnknown();
        return new DiskConfig(warn, stop);
    }

    private static Rule<Long> notLessThan(long stop) {
        return new Rule<>(bytes -> bytes >= stop, "at least disk.stop, which is %d bytes".formatted(stop));
    }
}
