package io.pipelinev2.runner.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;

/** Standard error, for a person. Standard output belongs to results. */
final class Console {

    private final LoggerContext context;
    private final Verbosity verbosity;

    Console(LoggerContext context, Verbosity verbosity) {
        this.context = context;
        this.verbosity = verbosity;
    }

    /** Not started. */
    Appender<ILoggingEvent> appender() {
        PlainWordsLayout layout = new PlainWordsLayout(verbosity.showsDetails());
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        ThresholdFilter filter = new ThresholdFilter();
        filter.setContext(context);
        filter.setLevel(verbosity.threshold().toString());
        filter.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("console");
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.addFilter(filter);
        return console;
    }
}
