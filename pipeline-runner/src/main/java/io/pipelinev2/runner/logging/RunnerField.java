package io.pipelinev2.runner.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.logstash.logback.composite.AbstractJsonProvider;
import tools.jackson.core.JsonGenerator;

/** Who says it: daemon, workers and commands write to the same files. */
final class RunnerField extends AbstractJsonProvider<ILoggingEvent> {

    static final String RUNNER = "runner";

    private final String runner = host() + ":" + ProcessHandle.current().pid();

    @Override
    public void writeTo(JsonGenerator generator, ILoggingEvent event) {
        generator.writeStringProperty(RUNNER, runner);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
