package io.pipelinev2.deploy.ranking;

import java.util.Set;

/**
 * What trials are ranked by: a metric of their backtest, or {@code value}, Optuna's objective.
 *
 * @param name the metric's name
 */
public record RankBy(String name) {

    /** Optuna's first objective, by its study's direction. */
    public static final RankBy VALUE = new RankBy("value");

    // All other metrics are better when they are higher.
    private static final Set<String> LOWER_IS_BETTER = Set.of(
            "max_drawdown",
            "volatility",
            "volatility_ann",
            "ulcer_index",
            "longest_underwater_steps",
            "fees_total",
            "turnover_per_step",
            "turnover_ann",
            "gross_exposure_mean",
            "exposure_time");

    public RankBy {
        if (name.isBlank()) {
            throw new IllegalArgumentException(
                    "stages.deploy.rank_by must be 'value' or the name of a backtest metric, was blank");
        }
    }

    /** Whether it is Optuna's objective. */
    public boolean isValue() {
        return equals(VALUE);
    }

    /** Whether a higher value of the metric is better; for Optuna's objective the study says. */
    public boolean higherIsBetter() {
        return !LOWER_IS_BETTER.contains(name);
    }
}
