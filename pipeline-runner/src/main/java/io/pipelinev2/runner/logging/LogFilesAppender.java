package io.pipelinev2.runner.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.io.IOException;

/** Writes events to the log files. When that fails, it says so once on the console and goes on trying. */
final class LogFilesAppender extends AppenderBase<ILoggingEvent> {

    private final LoggerContext loggers;
    private final LogDirectory directory;
    private final Encoder<ILoggingEvent> encoder;
    private boolean failing;

    LogFilesAppender(LoggerContext loggers, LogDirectory directory) {
        this.loggers = loggers;
        this.directory = directory;
        this.encoder = JsonLines.encoder(loggers);
        setContext(loggers);
        setName("files");
    }

    @Override
    protected void append(ILoggingEvent event) {
        byte[] line = encoder.encode(event);
        try {
            directory.append(line, event.getInstant(), event.getMDCPropertyMap());
            failing = false;
        } catch (IOException e) {
            complain(e);
        }
    }

    private void complain(IOException failure) {
        if (!failing) {
            failing = true;
            // reaches the other appenders only: this one does not take events while it handles one
            loggers.getLogger(LogFilesAppender.class)
                    .error(
                            RunnerLogCode.LOGS_UNWRITABLE,
                            "The log files in {} cannot be written ({}): make room or correct their permissions. Until then"
                                    + " events are shown here only.",
                            directory,
                            failure.toString());
        }
    }

    @Override
    public void stop() {
        super.stop();
        encoder.stop();
    }
}
