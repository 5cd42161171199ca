package io.pipelinev2.runner.logging;

import io.pipelinev2.core.Clock;
import io.pipelinev2.runner.config.LogsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** The log files of a home: one of everything and one for each trial, within their budget. */
final class LogDirectory {

    static final String PIPELINE_LOG = "pipeline.log";

    private final Path directory;
    private final Path trials;
    private final long maxFile;
    private final LogFile pipelineLog;
    private final LogBudget budget;

    private LogDirectory(LogsConfig logs) {
        this.directory = logs.directory();
        this.trials = trials(logs);
        // Between two times that the budget is enforced, pipeline.log and the trials' files grow by a file's size each.
        this.maxFile = Math.min(logs.maxFile(), logs.maxTotal() / 3);
        this.pipelineLog = new LogFile(directory.resolve(PIPELINE_LOG), maxFile, true);
        this.budget = new LogBudget(directory, trials, logs.maxTotal() - 2 * maxFile, logs.maxAge());
    }

    static Path trials(LogsConfig logs) {
        return logs.directory().resolve("trials");
    }

    /** @throws LogsUnavailableException if the files cannot be written */
    static LogDirectory opened(LogsConfig logs) {
        LogDirectory opened = new LogDirectory(logs);
        try {
            Files.createDirectories(opened.trials, OwnersAlone.directory(opened.trials));
            opened.probe();
            opened.budget.enforce(Clock.system().now());
            return opened;
        } catch (IOException e) {
            throw new LogsUnavailableException(logs.directory(), e.toString(), e);
        }
    }

    /** Tries what logging will do, so that it fails now and in words. */
    private void probe() throws IOException {
        pipelineLog.probe();
        Files.delete(Files.createTempFile(trials, "probe", ".tmp"));
    }

    void append(byte[] line, Instant now, Map<String, String> mdc) throws IOException {
        if (pipelineLog.append(line, now)) {
            budget.enforce(now);
        }
        String study = mdc.getOrDefault(TrialMdc.STUDY, "");
        String number = mdc.getOrDefault(TrialMdc.TRIAL, "");
        if (!study.isEmpty() && number.matches("0|[1-9][0-9]{0,8}")) {
            String name = TrialLogName.of(study, Integer.parseInt(number));
            new LogFile(trials.resolve(name), maxFile).append(line, now);
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
