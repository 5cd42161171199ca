package io.pipelinev2.backtest;

import io.pipelinev2.backtest.metrics.LegacyV1Metrics;
import io.pipelinev2.backtest.metrics.LegacyV2Metrics;
import io.pipelinev2.backtest.metrics.Metric;
import io.pipelinev2.backtest.metrics.PerformanceMetrics;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.StageOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/**
 * What an equity curve of a user's stage comes to.
 *
 * @param results the stage's own, with the figures of the curve
 * @param series the stage's own, with what the comparison of trials needs
 * @param evidence for gates
 * @param run the curve itself, or null if there is none
 */
record MeasuredCurve(
        Map<String, @Nullable Object> results,
        List<Series> series,
        Map<String, Metric> evidence,
        @Nullable ExternalRun run) {

    /** @throws IllegalArgumentException if series or results do not fit together, saying what the rule is */
    static MeasuredCurve of(StageOutcome outcome, double periodsPerYear) {
        Map<String, Double> reported = reported(outcome.results().get("metrics"));
        Optional<Series> equity = named(outcome, BacktestStage.EQUITY);
        if (equity.isEmpty()) {
            Map<String, Metric> evidence = new LinkedHashMap<>();
            reported.forEach((name, value) -> evidence.put(name, Metric.of(value)));
            return new MeasuredCurve(outcome.results(), outcome.series(), evidence, null);
        }
        return of(outcome, equity.get(), reported, periodsPerYear);
    }

    private static MeasuredCurve of(
            StageOutcome outcome, Series equity, Map<String, Double> reported, double periodsPerYear) {
        double[] values = equity.values();
        if (values.length < 2 || !(values[0] > 0)) {
            throw new IllegalArgumentException(
                    "the series equity must begin with the capital at the start, above 0, and go on with that after each step; it had %s"
                            .formatted(
                                    values.length == 0 ? "no values" : values.length + " values, first " + values[0]));
        }
        Optional<Series> benchmark = companion(outcome, equity, BacktestStage.BENCHMARK, values.length);
        Optional<Series> fills = companion(outcome, equity, BacktestStage.FILLS, values.length - 1);
        Optional<Series> firstBar = companion(outcome, equity, BacktestStage.FIRST_BAR, 1);
        benchmark.ifPresent(series -> require(series, value -> value > 0, "above 0"));
        fills.ifPresent(
                series -> require(series, value -> value >= 0 && value == Math.rint(value), "whole and not negative"));
        firstBar.ifPresent(series -> require(
                series,
                value -> value >= 0 && value <= Integer.MAX_VALUE && value == Math.rint(value),
                "whole and not negative"));
        requireData(outcome.results().get("data_sha256"), equity.basis());

        Map<String, Double> told = new LinkedHashMap<>(reported);
        fills.ifPresent(
                series -> told.put("trades", Arrays.stream(series.values()).sum()));
        PerformanceMetrics metrics = PerformanceMetrics.ofCurve(
                values, periodsPerYear, benchmark.map(Series::values).orElse(null), told);
        double[] counted = counted(values);

        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        if (outcome.results().get("metrics") instanceof Map<?, ?> own) {
            own.forEach((name, value) -> figures.put(String.valueOf(name), value));
        }
        Map<String, @Nullable Object> computed = metrics.toMap();
        figures.keySet().removeAll(computed.keySet());
        computed.putAll(figures);

        Map<String, @Nullable Object> results = new LinkedHashMap<>(outcome.results());
        results.put("metrics", computed);
        results.put("metrics_remarks", metrics.remarks());
        results.put("legacy_v2", finite(LegacyV2Metrics.of(counted).toMap()));
        results.put("legacy_v1", legacyV1(counted));
        results.put("periods_per_year", periodsPerYear);
        results.put("data_sha256", equity.basis());
        fills.ifPresent(series ->
                results.put("trades", (long) Arrays.stream(series.values()).sum()));

        List<Series> series = new ArrayList<>(outcome.series());
        if (firstBar.isEmpty()) {
            series.add(new Series(BacktestStage.FIRST_BAR, equity.basis(), new double[] {0}));
        }
        Double trades = told.get("trades");
        ExternalRun run = new ExternalRun(
                values,
                benchmark.map(Series::values).orElse(null),
                trades == null ? OptionalDouble.empty() : OptionalDouble.of(trades),
                firstBar.map(one -> (int) one.values()[0]).orElse(0),
                equity.basis(),
                metrics,
                LegacyV2Metrics.of(counted),
                periodsPerYear);
        return new MeasuredCurve(results, series, Evidence.of(metrics, counted), run);
    }

    private static Map<String, Double> reported(@Nullable Object metrics) {
        if (metrics == null) {
            return Map.of();
        }
        if (!(metrics instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("results.metrics must be an object of numbers, was " + metrics);
        }
        Map<String, Double> reported = new LinkedHashMap<>();
        map.forEach((name, value) -> {
            if (value instanceof Number number) {
                reported.put(String.valueOf(name), number.doubleValue());
            }
        });
        return Collections.unmodifiableMap(reported);
    }

    private static Optional<Series> named(StageOutcome outcome, String name) {
        return outcome.series().stream()
                .filter(series -> series.name().equals(name))
                .findFirst();
    }

    private static Optional<Series> companion(StageOutcome outcome, Series equity, String name, int length) {
        Optional<Series> found = named(outcome, name);
        found.ifPresent(series -> {
            if (series.values().length != length) {
                throw new IllegalArgumentException("the series %s must have %d values beside an equity of %d, had %d"
                        .formatted(name, length, equity.values().length, series.values().length));
            }
            if (!series.basis().equals(equity.basis())) {
                throw new IllegalArgumentException("the series %s must have the basis of equity, '%s', had '%s'"
                        .formatted(name, equity.basis(), series.basis()));
            }
        });
        return found;
    }

    private static void require(Series series, DoublePredicate rule, String words) {
        double[] values = series.values();
        for (int i = 0; i < values.length; i++) {
            if (!rule.test(values[i])) {
                throw new IllegalArgumentException(
                        "the series %s must be %s, was %s at %d".formatted(series.name(), words, values[i], i));
            }
        }
    }

    private static void requireData(@Nullable Object claimed, String basis) {
        if (claimed != null && !claimed.equals(basis)) {
            throw new IllegalArgumentException(
                    "results.data_sha256 must be the basis of equity, '%s', or be left out, was '%s'"
                            .formatted(basis, claimed));
        }
    }

    /** What comes after everything was lost does not count, nor do debts. */
    private static double[] counted(double[] equity) {
        int end = 0;
        while (end < equity.length && equity[end] > 0) {
            end++;
        }
        double[] counted = Arrays.copyOf(equity, Math.min(end + 1, equity.length));
        counted[counted.length - 1] = Math.max(0, counted[counted.length - 1]);
        return counted;
    }

    private static Map<String, @Nullable Object> legacyV1(double[] equity) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        LegacyV1Metrics.of(equity).metrics().forEach((name, metric) -> map.put(name, metric.value()));
        return map;
    }

    private static Map<String, @Nullable Object> finite(Map<String, Object> figures) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>(figures);
        map.replaceAll((name, value) ->
                value instanceof Double number ? Metric.of(number).value() : value);
        return map;
    }
}
