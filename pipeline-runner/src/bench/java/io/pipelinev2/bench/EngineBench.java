package io.pipelinev2.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Files;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Measures the engine: {@code EngineBench [measure…] [key=value…]}, all measures if none is named. Prints a Markdown
 * table; progress goes to standard error.
 */
public final class EngineBench {

    private static final List<Measure> MEASURES = List.of(
            new CommitRate(),
            new Throughput(),
            new Transactions(),
            new DueToStart(),
            new IdleDaemon(),
            new IdleSupervision(),
            new KillToOutput(),
            new LargeState(),
            new HttpAnswers());

    private EngineBench() {}

    public static void main(String... arguments) throws Exception {
        Settings settings = Settings.of(MEASURES.stream().map(Measure::name).toList(), arguments);
        Files.createDirectories(settings.directory());
        quiet();
        Report report = new Report(System.out, Machine.inWords(settings.directory()));
        for (Measure measure : MEASURES) {
            if (settings.wants(measure)) {
                System.err.println("measuring " + measure.name());
                measure.run(settings, report);
            }
        }
    }

    /** Neither engine writes a log: one line per attempt would be measured, too. */
    private static void quiet() {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
    }
}
