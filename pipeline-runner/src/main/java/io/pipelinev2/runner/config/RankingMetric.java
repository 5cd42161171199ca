package io.pipelinev2.runner.config;

import java.util.List;

/** The name of what trials are ranked by: a metric of the backtest, or Optuna's objective. */
final class RankingMetric {

    private static final List<String> KNOWN = List.of(
            "value",
            "sharpe",
            "total_return",
            "sortino",
            "calmar",
            "cagr",
            "volatility_ann",
            "max_drawdown",
            "omega",
            "ulcer_index",
            "longest_underwater_steps",
            "tail_ratio",
            "win_rate",
            "profit_factor",
            "best",
            "worst",
            "skew_sample",
            "kurt_excess_sample",
            "exposure_time",
            "gross_exposure_mean",
            "turnover_per_step",
            "turnover_ann",
            "fees_total",
            "benchmark_total_return",
            "excess_total_return",
            "beta",
            "alpha_ann_arith",
            "var95_hist",
            "cvar95_hist");

    static final Rule<String> NAME = new Rule<>(
            KNOWN::contains,
            "the name of a backtest metric, such as sharpe or total_return, or 'value' for Optuna's objective");

    private static final Rule<String> ANY = new Rule<>(name -> true, "text");

    private RankingMetric() {}

    static String read(Options options, String key) {
        String name = options.text(key, "sharpe", ANY);
        if (KNOWN.contains(name)) {
            return name;
        }
        options.refuse(
                key,
                DidYouMean.of(name, KNOWN)
                        .map("a metric or 'value'; did you mean '%s'?"::formatted)
                        .orElse(NAME.words() + "; known are " + String.join(", ", KNOWN)));
        return "sharpe";
    }
}
