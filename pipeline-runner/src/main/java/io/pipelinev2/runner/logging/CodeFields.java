package io.pipelinev2.runner.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.pipelinev2.core.logging.LogCode;
import java.util.List;
import java.util.Optional;
import net.logstash.logback.composite.AbstractJsonProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import tools.jackson.core.JsonGenerator;

/** The code of a warning or an error, with what usually causes it and what to do. */
final class CodeFields extends AbstractJsonProvider<ILoggingEvent> {

    static final String CODE = "code";
    static final String CAUSE = "cause";
    static final String ACTION = "action";

    @Override
    public void writeTo(JsonGenerator generator, ILoggingEvent event) {
        of(event).ifPresent(code -> {
            generator.writeStringProperty(CODE, code.code());
            generator.writeStringProperty(CAUSE, code.cause());
            generator.writeStringProperty(ACTION, code.action());
        });
    }

    /** What libraries and stages of others say has no code of its own. */
    static Optional<LogCode> of(ILoggingEvent event) {
        @Nullable List<Marker> markers = event.getMarkerList();
        Optional<LogCode> own = markers == null
                ? Optional.empty()
                : markers.stream()
                        .filter(LogCode.class::isInstance)
                        .map(LogCode.class::cast)
                        .findFirst();
        return own.isPresent() || !event.getLevel().isGreaterOrEqual(Level.WARN)
                ? own
                : Optional.of(RunnerLogCode.FOREIGN);
    }
}
