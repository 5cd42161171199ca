package io.pipelinev2.deploy.ranking;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What trials are ranked by: a metric of their backtest, or {@code value}, Optuna's objective.
 *
 * @param name the metric's name
 * @param paperAfter after how long on paper a deployed trial is ranked by the metric of its paper record instead; never if
 *     null
 */
public record RankBy(String name, @Nullable Duration paperAfter) {

    /** Optuna's first objective, by its study's direction. */
    public static final RankBy VALUE = new RankBy("value");

    // All other metrics are better when they are higher. A test of the runner holds this to the backtest's own
    // definitions.
    private static final Set<String> LOWER_IS_BETTER = Set.of(
            "avg_drawdown",
            "bankrupt",
            "downside_dev_step",
            "exposure_time",
            "fees_over_initial",
            "fees_over_traded",
            "fees_total",
            "gross_exposure_mean",
            "kurt_excess_sample",
            "kurt_raw_pop",
            "longest_dd_peak_to_recovery_steps",
            "longest_underwater_steps",
            "max_consecutive_losses",
            "max_drawdown",
            "sharpe_se_per_step",
            "std_population",
            "std_sample",
            "turnover_ann",
            "turnover_per_step",
            "turnover_total",
            "ulcer_index",
            "ulcer_index_quantstats",
            "volatility",
            "volatility_ann");

    /** What trials are ranked by, whether they trade or not. */
    public RankBy(String name) {
        this(name, null);
    }

    public RankBy {
        if (paperAfter != null && (paperAfter.isNegative() || paperAfter.isZero())) {
            throw new IllegalArgumentException(
                    "stages.deploy.rank_paper_after must be positive, or null for never, was " + paperAfter);
        }
        if (name.isBlank()) {
            throw new IllegalArgumentException(
                    "stages.deploy.rank_by must be 'value' or the name of a backtest metric, was blank");
        }
    }

    /** Whether it is Optuna's objective. */
    public boolean isValue() {
        return name.equals(VALUE.name);
    }

    /** Whether a higher value of the metric is better; for Optuna's objective the study says. */
    public boolean higherIsBetter() {
        return !LOWER_IS_BETTER.contains(name);
    }
}
