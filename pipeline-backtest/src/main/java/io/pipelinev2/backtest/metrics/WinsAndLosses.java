package io.pipelinev2.backtest.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;

/** Steps that gained against steps that lost. */
final class WinsAndLosses {

    static final List<MetricDefinition> DEFINITIONS = List.of(
            new MetricDefinition(
                    "win_rate",
                    MetricFamily.WINS,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "The share of steps that gained among those that changed anything.",
                    "count(r > 0) / count(r != 0)",
                    "Per step, not per trade: see win_rate_trades. Many small gains and one ruinous "
                            + "loss make a fine win rate."),
            new MetricDefinition(
                    "profit_factor",
                    MetricFamily.WINS,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "All gaining steps added up, over all losing steps added up.",
                    "sum(r > 0) / sum(|r < 0|)",
                    "Undefined, not infinite, before the first loss."),
            new MetricDefinition(
                    "payoff_ratio",
                    MetricFamily.WINS,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "The mean gain over the mean loss of a step.",
                    "mean(r > 0) / |mean(r < 0)|",
                    "Only together with win_rate does it say anything."),
            new MetricDefinition(
                    "expectancy",
                    MetricFamily.WINS,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "What a step brings on average.",
                    "mean(r)",
                    "The same number as mean."),
            new MetricDefinition(
                    "max_consecutive_wins",
                    MetricFamily.WINS,
                    MetricUnit.STEPS,
                    Better.NEITHER,
                    "The most gaining steps in a row.",
                    "longest run of r > 0",
                    "Long runs happen by chance: 10 in 1680 fair coins are normal."),
            new MetricDefinition(
                    "max_consecutive_losses",
                    MetricFamily.WINS,
                    MetricUnit.STEPS,
                    Better.LOWER,
                    "The most losing steps in a row.",
                    "longest run of r < 0",
                    "Counts steps and not what they cost."));

    private WinsAndLosses() {}

    static void add(ReturnSeries series, Map<String, Metric> figures) {
        double[] returns = series.returns();
        long wins = Arrays.stream(returns).filter(r -> r > 0).count();
        long losses = Arrays.stream(returns).filter(r -> r < 0).count();
        double gained = series.gainsOver(0);
        double lost = series.lossesUnder(0);
        figures.put(
                "win_rate",
                series.notEmpty(() -> Metric.quotient(wins, (double) wins + losses, "no step changed the equity")));
        figures.put("profit_factor", series.notEmpty(() -> Metric.quotient(gained, lost, "no step lost")));
        figures.put("payoff_ratio", series.notEmpty(() -> {
            if (wins == 0 || losses == 0) {
                return Metric.undefined(wins == 0 ? "no step gained" : "no step lost");
            }
            return Metric.quotient(gained / wins, lost / losses, "the losses are too small to be a number");
        }));
        figures.put("expectancy", series.notEmpty(() -> Metric.of(series.mean())));
        figures.put("max_consecutive_wins", series.notEmpty(() -> Metric.of(longestRun(returns, r -> r > 0))));
        figures.put("max_consecutive_losses", series.notEmpty(() -> Metric.of(longestRun(returns, r -> r < 0))));
    }

    private static int longestRun(double[] returns, DoublePredicate counts) {
        int longest = 0;
        int run = 0;
        for (double r : returns) {
            run = counts.test(r) ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }
}
