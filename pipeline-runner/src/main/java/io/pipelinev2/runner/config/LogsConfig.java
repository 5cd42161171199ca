package io.pipelinev2.runner.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The log files: the block {@code logs}.
 *
 * @param directory holds {@code pipeline.log} and, under {@code trials}, a file for each trial
 * @param maxFile the bytes after which a file is set aside and a new one begun
 * @param maxTotal the bytes that all of them may take together
 * @param maxAge how long a file is kept that nothing is written to any more
 */
public record LogsConfig(Path directory, long maxFile, long maxTotal, Duration maxAge) {

    private static final Duration USUAL_AGE = Duration.ofDays(90);
    private static final Rule<Duration> MAX_AGE = Rule.atLeast(Duration.ofHours(1));

    private static final Rule<Long> MAX_FILE = new Rule<>(bytes -> bytes >= 1_000, "at least 1kB");

    public LogsConfig {
        MAX_FILE.require("max_file", maxFile);
        notLessThan(maxFile).require("max_total", maxTotal);
        MAX_AGE.require("max_age", maxAge);
    }

    /** With the usual age. */
    public LogsConfig(Path directory, long maxFile, long maxTotal) {
        this(directory, maxFile, maxTotal, USUAL_AGE);
    }

    static LogsConfig read(Options options, Path home) {
        Path directory = options.path("directory", "logs", home);
        long maxFile = options.value("max_file", 10_000_000L, Kind.SIZE, MAX_FILE);
        long maxTotal = options.value("max_total", Math.max(1_000_000_000L, maxFile), Kind.SIZE, notLessThan(maxFile));
        Duration maxAge = options.duration("max_age", USUAL_AGE, MAX_AGE);
        options.refuseUnknown();
        return new LogsConfig(directory, maxFile, maxTotal, maxAge);
    }

    private static Rule<Long> notLessThan(long maxFile) {
        return new Rule<>(bytes -> bytes >= maxFile, "at least logs.max_file, which is %d bytes".formatted(maxFile));
    }
}
