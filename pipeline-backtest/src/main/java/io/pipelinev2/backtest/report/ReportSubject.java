package io.pipelinev2.backtest.report;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a report is about, as far as the backtest's result does not know it.
 *
 * @param study name of the study
 * @param number of the trial in it
 * @param generatedAt when the report was made
 * @param versions of the programs that made the figures, by name
 * @param trialParameters of the trial, as the study stored them
 * @param seed of the run's random numbers, or null when nothing in it was random
 * @param dataSource where the market data came from, or null when that is not known
 * @param trainingOverlap in a sentence, what is known about bars that the trial was trained on as well; null when nothing
 *     is known, and the report warns of that
 */
public record ReportSubject(
        String study,
        int number,
        Instant generatedAt,
        Map<String, String> versions,
        Map<String, @Nullable Object> trialParameters,
        @Nullable Long seed,
        @Nullable String dataSource,
        @Nullable String trainingOverlap) {

    /** Takes its own copies. */
    public ReportSubject {
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
        trialParameters = Collections.unmodifiableMap(new LinkedHashMap<>(trialParameters));
    }

    /** A trial about which no more is known; the rest is added by the methods below. */
    public static ReportSubject of(String study, int number, String codeVersion, Instant generatedAt) {
        return new ReportSubject(
                study, number, generatedAt, Map.of("Pipeline V2", codeVersion), Map.of(), null, null, null);
    }

    /** With the version of another program that had a part in it. */
    public ReportSubject withVersion(String program, String version) {
        Map<String, String> more = new LinkedHashMap<>(versions);
        more.put(program, version);
        return new ReportSubject(study, number, generatedAt, more, trialParameters, seed, dataSource, trainingOverlap);
    }

    /** With the trial's parameters. */
    public ReportSubject withTrialParameters(Map<String, ? extends @Nullable Object> parameters) {
        return new ReportSubject(
                study,
                number,
                generatedAt,
                versions,
                Collections.unmodifiableMap(new LinkedHashMap<String, @Nullable Object>(parameters)),
                seed,
                dataSource,
                trainingOverlap);
    }

    /** With the seed of the run's random numbers. */
    public ReportSubject withSeed(long value) {
        return new ReportSubject(
                study, number, generatedAt, versions, trialParameters, value, dataSource, trainingOverlap);
    }

    /** With the place that the market data came from. */
    public ReportSubject withDataSource(String value) {
        return new ReportSubject(study, number, generatedAt, versions, trialParameters, seed, value, trainingOverlap);
    }

    /** With what is known about bars that the trial was trained on as well. */
    public ReportSubject withTrainingOverlap(String sentence) {
        return new ReportSubject(study, number, generatedAt, versions, trialParameters, seed, dataSource, sentence);
    }

    /** The trial's name. */
    String name() {
        return study + "/" + number;
    }
}
