package io.pipelinev2.runner.alerts;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The program's own log. */
final class LogChannel implements AlertChannel {

    private static final Logger LOG = LoggerFactory.getLogger(LogChannel.class);

    @Override
    public void send(AlertNotice notice) {
        LOG.atLevel(notice.kind() == AlertNotice.Kind.RESOLVED ? Level.INFO : Level.WARN)
                .log("{}: {} (alert {})", notice.title(), notice.message(), notice.id());
    }
}
