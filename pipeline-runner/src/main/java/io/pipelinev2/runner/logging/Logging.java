package io.pipelinev2.runner.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.runner.config.LogsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Sets up the logging of the whole process. A program calls {@link #toConsole} first of all, before anything can log, and
 * {@link #configure} once it has read its configuration. Both replace what was set up before.
 */
public final class Logging implements AutoCloseable {

    private static final List<String> TALKATIVE =
            List.of("org.flywaydb", "com.zaxxer", "org.jooq", "org.eclipse.jetty", "io.javalin", "org.sqlite");

    private final LoggerContext context;

    private Logging(LoggerContext context) {
        this.context = context;
    }

    /** Logs to standard error alone. */
    public static Logging toConsole(Verbosity verbosity) {
        return toConsole(processContext(), verbosity);
    }

    /**
     * Logs to files and to standard error.
     *
     * @throws LogsUnavailableException if the files cannot be written; the logging is as it was before
     */
    public static Logging configure(LogsConfig logs, Verbosity verbosity) {
        return configure(processContext(), logs, verbosity);
    }

    static Logging toConsole(LoggerContext context, Verbosity verbosity) {
        return install(context, verbosity, List.of(new Console(context, verbosity).appender()));
    }

    static Logging configure(LoggerContext context, LogsConfig logs, Verbosity verbosity) {
        LogDirectory directory = LogDirectory.opened(logs);
        return install(
                context,
                verbosity,
                List.of(new Console(context, verbosity).appender(), new LogFilesAppender(context, directory)));
    }

    /** Where the log of a trial is or will be, once something is logged about it. */
    public static Path trialLog(LogsConfig logs, TrialKey trial) {
        return LogDirectory.trials(logs).resolve(TrialLogName.of(trial.study(), trial.number()));
    }

    /**
     * All files of a trial's log, oldest first; the last one is that which is or will be written to.
     *
     * @throws LogsUnavailableException if their directory cannot be read
     */
    public static List<Path> trialLogs(LogsConfig logs, TrialKey trial) {
        Path current = trialLog(logs, trial);
        try {
            List<Path> files = new ArrayList<>(LogFile.setAside(current));
            files.add(current);
            return files;
        } catch (IOException e) {
            throw new LogsUnavailableException(logs.directory(), e.toString(), e);
        }
    }

    /** Where the log of everything is. */
    public static Path pipelineLog(LogsConfig logs) {
        return logs.directory().resolve(LogDirectory.PIPELINE_LOG);
    }

    /** Stops logging. */
    @Override
    public void close() {
        context.stop();
    }

    private static LoggerContext processContext() {
        // read by jOOQ's classes when they are loaded, which is later
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            return context;
        }
        throw new IllegalStateException(
                "Logging is bound to %s, but this program sets up Logback: remove the other SLF4J provider from the classpath."
                        .formatted(LoggerFactory.getILoggerFactory().getClass().getName()));
    }

    private static Logging install(
            LoggerContext context, Verbosity verbosity, List<Appender<ILoggingEvent>> appenders) {
        context.reset();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        TALKATIVE.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        if (verbosity == Verbosity.DEBUG) {
            context.getLogger("io.pipelinev2").setLevel(Level.DEBUG);
        }
        for (Appender<ILoggingEvent> appender : appenders) {
            appender.start();
            root.addAppender(appender);
        }
        context.start();
        return new Logging(context);
    }
}
