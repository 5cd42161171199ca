package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.ExternalResult;
import io.pipelinev2.backtest.ExternalRun;
import io.pipelinev2.backtest.gate.Verdict;
import io.pipelinev2.backtest.metrics.LegacyV2Metrics;
import io.pipelinev2.backtest.metrics.PerformanceMetrics;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a report draws, whoever did the backtest. Of a backtest in another environment less is known.
 *
 * @param played the whole result of the built-in backtest, or null of another
 * @param verdict what the gates said, or null if there were none
 * @param benchmark steps + 1 values, the first is 1, or null if it is not known
 * @param market what the benchmark is called
 * @param times epoch milliseconds at the start and after each step, or null
 * @param firstBar row of the data at which the curve begins
 */
record ReportedRun(
        @Nullable BacktestResult played,
        boolean passed,
        String reason,
        @Nullable Verdict verdict,
        double[] equity,
        double @Nullable [] benchmark,
        String market,
        long @Nullable [] times,
        int firstBar,
        double periodsPerYear,
        PerformanceMetrics metrics,
        LegacyV2Metrics legacyV2,
        OptionalDouble trades,
        List<String> warnings,
        @Nullable String modelSha256,
        String dataSha256) {

    static ReportedRun of(BacktestResult result) {
        return new ReportedRun(
                result,
                result.verdict().passed(),
                result.verdict().reason(),
                result.verdict(),
                result.equity(),
                result.curves().benchmark(),
                "buy-and-hold",
                result.curves().times(),
                result.curves().firstBar(),
                result.periodsPerYear(),
                result.metrics(),
                result.legacyV2(),
                OptionalDouble.of(result.trades().total()),
                result.warnings(),
                result.modelSha256(),
                result.dataSha256());
    }

    static ReportedRun of(ExternalResult result) {
        ExternalRun run = result.run();
        if (run == null) {
            throw new IllegalArgumentException(
                    "a report needs an equity curve, and the stage returned no series 'equity'");
        }
        double[] benchmark = run.benchmark();
        return new ReportedRun(
                null,
                result.passed(),
                result.outcome().reason(),
                result.verdict(),
                run.equity(),
                benchmark == null ? null : fromOne(benchmark),
                "the benchmark",
                null,
                run.firstBar(),
                run.periodsPerYear(),
                run.metrics(),
                run.legacyV2(),
                run.trades(),
                List.of(
                        "A stage of the user's own did this backtest. All figures are computed from the equity curve that it"
                                + " returned, but for those marked as reported; how it fills orders is its own affair."),
                result.outcome().results().get("model_sha256") instanceof String sha256 ? sha256 : null,
                run.dataSha256());
    }

    private static double[] fromOne(double[] benchmark) {
        double first = benchmark[0];
        double[] scaled = benchmark.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] /= first;
        }
        return scaled;
    }
}
