package io.pipelinev2.runner.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The name of what trials are ranked by. Any name may be a metric (a stage may measure something of its own), but one that
 * is a letter away from a known name is a mistake.
 */
final class RankingMetric {

    private static final List<String> KNOWN = List.of(
            "value",
            "sharpe",
            "total_return",
            "sortino",
            "calmar",
            "cagr",
            "volatility_ann",
            "volatility",
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
            "final_value");
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

    static final Rule<String> NAME = new Rule<>(
            name -> WORD.matcher(name).matches(),
            "the name of a backtest metric, such as sharpe or total_return, or 'value' for Optuna's objective");

    private RankingMetric() {}

    static String read(Options options, String key) {
        String name = options.text(key, "sharpe", NAME);
        if (!KNOWN.contains(name)) {
            DidYouMean.of(name, KNOWN)
                    .ifPresent(
                            meant -> options.refuse(key, "a metric or 'value'; did you mean '%s'?".formatted(meant)));
        }
        return name;
    }
}
