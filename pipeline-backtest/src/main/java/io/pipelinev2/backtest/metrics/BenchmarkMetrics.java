package io.pipelinev2.backtest.metrics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A series of returns against a benchmark's. */
final class BenchmarkMetrics {

    private BenchmarkMetrics() {}

    static Map<String, Metric> of(ReturnMetrics own, double[] benchmarkReturns, double periodsPerYear) {
        Series.requireFinite(benchmarkReturns, "benchmark return");
        double[] returns = own.returns();
        if (benchmarkReturns.length < returns.length) {
            throw new IllegalArgumentException("the benchmark has " + benchmarkReturns.length + " returns, but "
                    + returns.length + " are compared with it");
        }
        double[] benchmark = Arrays.copyOf(benchmarkReturns, returns.length);
        Map<String, Metric> metrics = new LinkedHashMap<>();
        if (returns.length == 0) {
            Metric none = Metric.undefined("there are no steps");
            for (String name :
                    new String[] {"benchmark_total_return", "excess_total_return", "beta", "alpha_ann_arith"}) {
                metrics.put(name, none);
            }
            return metrics;
        }
        double equity = 1;
        for (double b : benchmark) {
            equity *= 1 + b;
        }
        metrics.put("benchmark_total_return", Metric.of(equity - 1));
        metrics.put("excess_total_return", Metric.of(own.totalReturn() - (equity - 1)));
        double mean = Series.mean(returns);
        double benchmarkMean = Series.mean(benchmark);
        int n = returns.length;
        double deviation = n < 2 ? 0 : Math.sqrt(Series.squares(benchmark, benchmarkMean) / (n - 1));
        if (n < 2 || Series.isZeroDeviation(deviation, benchmarkMean)) {
            Metric undefined = Metric.undefined("the benchmark's returns are all equal");
            metrics.put("beta", undefined);
            metrics.put("alpha_ann_arith", undefined);
            return metrics;
        }
        double covariance = Series.products(returns, mean, benchmark, benchmarkMean) / (n - 1);
        double beta = covariance / (deviation * deviation);
        double riskFree = own.riskFreePerStep();
        metrics.put("beta", Metric.of(beta));
        metrics.put(
                "alpha_ann_arith", Metric.of((mean - riskFree - beta * (benchmarkMean - riskFree)) * periodsPerYear));
        return metrics;
    }
}
