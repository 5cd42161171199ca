package io.pipelinev2.runner.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import java.util.List;
import net.logstash.logback.composite.loggingevent.mdc.MdcEntryWriter;
import net.logstash.logback.decorate.TokenStreamFactoryBuilderDecorator;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.fieldnames.LogstashCommonFieldNames;
import net.logstash.logback.fieldnames.LogstashFieldNames;
import net.logstash.logback.stacktrace.ShortenedThrowableConverter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;

/**
 * One JSON object for each event, on one line: {@code timestamp}, {@code level}, {@code logger}, {@code thread},
 * {@code message}, {@code stack_trace}, {@code runner} (which process of which machine says it), where it is known what
 * the event is about {@code study}, {@code trial}, {@code stage}, {@code attempt}, and of a warning or an error
 * {@code code}, {@code cause}, {@code action}.
 */
final class JsonLines {

    private static final int STACK_TRACE_LENGTH = 32_768;

    private JsonLines() {}

    /** Started. */
    static Encoder<ILoggingEvent> encoder(LoggerContext context) {
        LogstashEncoder encoder = new LogstashEncoder();
        encoder.setContext(context);
        encoder.setFieldNames(names());
        encoder.setTimeZone("UTC");
        encoder.setTimestampPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
        encoder.setLineSeparator("UNIX");
        encoder.setIncludeContext(false);
        encoder.setIncludeTags(false);
        // only these: another key could pose as one of the fields
        encoder.setIncludeMdcKeyNames(TrialMdc.KEYS);
        encoder.addMdcEntryWriter(wholeNumbers());
        encoder.setThrowableConverter(stackTraces(context));
        encoder.addDecorator(inert());
        encoder.addProvider(new RunnerField());
        encoder.addProvider(new CodeFields());
        encoder.start();
        return encoder;
    }

    private static LogstashFieldNames names() {
        LogstashFieldNames names = new LogstashFieldNames();
        names.setTimestamp("timestamp");
        names.setLogger("logger");
        names.setThread("thread");
        names.setVersion(LogstashCommonFieldNames.IGNORE_FIELD_INDICATOR);
        names.setLevelValue(LogstashCommonFieldNames.IGNORE_FIELD_INDICATOR);
        return names;
    }

    private static ShortenedThrowableConverter stackTraces(LoggerContext context) {
        ShortenedThrowableConverter converter = new ShortenedThrowableConverter();
        converter.setContext(context);
        converter.setMaxLength(STACK_TRACE_LENGTH);
        converter.setOmitCommonFrames(true);
        converter.start();
        return converter;
    }

    /** A trial's number is a number; a study that is called 7 stays text. */
    private static MdcEntryWriter wholeNumbers() {
        List<String> numeric = List.of(TrialMdc.TRIAL, TrialMdc.ATTEMPT);
        return (generator, field, key, value) -> {
            if (!numeric.contains(key) || !value.matches("0|[1-9][0-9]{0,9}")) {
                return false;
            }
            generator.writeNumberProperty(field, Long.parseLong(value));
            return true;
        };
    }

    private static TokenStreamFactoryBuilderDecorator<JsonFactory, JsonFactoryBuilder> inert() {
        return builder -> builder.characterEscapes(new InertEscapes());
    }
}
