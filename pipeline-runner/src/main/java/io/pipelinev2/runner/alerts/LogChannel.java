package io.pipelinev2.runner.alerts;

import io.pipelinev2.runner.logging.RunnerLogCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program's own log. */
final class LogChannel implements AlertChannel {

    private static final Logger LOG = LoggerFactory.getLogger(LogChannel.class);

    @Override
    public void send(AlertNotice notice) {
        String text = "{}: {} (alert {})";
        if (notice.kind() == AlertNotice.Kind.RESOLVED) {
            LOG.info(text, notice.title(), notice.message(), notice.id());
        } else {
            LOG.warn(RunnerLogCode.ALERT, text, notice.title(), notice.message(), notice.id());
        }
    }
}
