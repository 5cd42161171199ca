package io.pipelinev2.backtest.metrics;

import java.util.List;
import java.util.Map;

/** Figures of closed round trips; how they are formed says {@link RoundTrips}. */
final class RoundTripMetrics {

    static final List<MetricDefinition> DEFINITIONS = List.of(
            new MetricDefinition(
                    "round_trips",
                    MetricFamily.TRADES,
                    MetricUnit.COUNT,
                    Better.NEITHER,
                    "How many sales closed a position or a part of it.",
                    "count of sales",
                    "A position sold in three parts makes three; what is held at the end makes none."),
            new MetricDefinition(
                    "win_rate_trades",
                    MetricFamily.TRADES,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "The share of round trips that earned something after fees.",
                    "count(pnl > 0) / round_trips",
                    "Breaking even is not winning. Models that hold on to losers show a high one: see " + "open_cost."),
            new MetricDefinition(
                    "profit_factor_trades",
                    MetricFamily.TRADES,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "All that winning round trips earned, over all that losing ones cost.",
                    "sum(pnl > 0) / sum(|pnl < 0|)",
                    "Losses that were not realised are not in it."),
            new MetricDefinition(
                    "payoff_trades",
                    MetricFamily.TRADES,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "The mean winning round trip over the mean losing one.",
                    "mean(pnl > 0) / |mean(pnl < 0)|",
                    "Only together with win_rate_trades does it say anything."),
            new MetricDefinition(
                    "avg_trade",
                    MetricFamily.TRADES,
                    MetricUnit.CURRENCY,
                    Better.HIGHER,
                    "What a round trip earns on average, after fees.",
                    "mean(pnl)",
                    "If it is of the size of the slippage that was not simulated, there is nothing to " + "earn."),
            new MetricDefinition(
                    "sqn",
                    MetricFamily.TRADES,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "The system quality number: how surely round trips earn, growing with their " + "number.",
                    "sqrt(round_trips) * mean(pnl) / std(pnl)",
                    "Takes round trips for independent; parts of one position are not."),
            new MetricDefinition(
                    "kelly",
                    MetricFamily.TRADES,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "The share of the capital to stake by Kelly, if the future were like these round " + "trips.",
                    "w - (1 - w) / payoff_trades, w = win_rate_trades",
                    "Estimated from the past it overstakes; nobody stakes the whole of it."),
            new MetricDefinition(
                    "realised_pnl",
                    MetricFamily.TRADES,
                    MetricUnit.CURRENCY,
                    Better.HIGHER,
                    "What all round trips earned together, after fees.",
                    "sum(pnl)",
                    "The rest of the gain, or of the loss, is still in open positions."),
            new MetricDefinition(
                    "open_cost",
                    MetricFamily.TRADES,
                    MetricUnit.CURRENCY,
                    Better.NEITHER,
                    "What was paid, fees included, for all that is still held at the end.",
                    "average cost of the holdings",
                    "Compare with what they are worth: the difference is not in any figure of round " + "trips."));

    private RoundTripMetrics() {}

    static void add(RoundTrips trips, Map<String, Metric> figures) {
        add(trips.earned(), figures);
        figures.put("open_cost", Metric.of(trips.openCost()));
    }

    /** @param earned by each round trip, in quote currency */
    static void add(double[] earned, Map<String, Metric> figures) {
        Series.requireFinite(earned, "profit of a round trip");
        int count = earned.length;
        int wins = 0;
        int losses = 0;
        double gained = 0;
        double lost = 0;
        for (double profit : earned) {
            wins += profit > 0 ? 1 : 0;
            losses += profit < 0 ? 1 : 0;
            gained += Math.max(profit, 0);
            lost += Math.max(-profit, 0);
        }
        double mean = count == 0 ? 0 : Series.mean(earned);
        double deviation = count < 2 ? 0 : Math.sqrt(Series.squares(earned, mean) / (count - 1));
        Metric none = Metric.undefined("there are no round trips");
        Metric winRate = Metric.quotient(wins, count, "there are no round trips");
        Metric payoff = payoff(gained, wins, lost, losses);
        figures.put("round_trips", Metric.of(count));
        figures.put("win_rate_trades", winRate);
        figures.put("profit_factor_trades", count == 0 ? none : Metric.quotient(gained, lost, "no round trip lost"));
        figures.put("payoff_trades", count == 0 ? none : payoff);
        figures.put("avg_trade", count == 0 ? none : Metric.of(mean));
        figures.put("sqn", count == 0 ? none : quality(count, mean, deviation));
        figures.put("kelly", count == 0 ? none : kelly(winRate, payoff));
        figures.put("realised_pnl", Metric.of(gained - lost));
    }

    private static Metric payoff(double gained, int wins, double lost, int losses) {
        return wins == 0 || losses == 0
                ? Metric.undefined(wins == 0 ? "no round trip earned anything" : "no round trip lost")
                : Metric.quotient(gained / wins, lost / losses, "the losses are too small to be a number");
    }

    private static Metric quality(int count, double mean, double deviation) {
        return count < 2 || Series.isZeroDeviation(deviation, mean)
                ? Metric.undefined("needs 2 round trips or more that differ, had " + count)
                : Metric.quotient(Math.sqrt(count) * mean, deviation, "");
    }

    private static Metric kelly(Metric winRate, Metric payoff) {
        Double share = winRate.value();
        Double ratio = payoff.value();
        return share == null || ratio == null
                ? Metric.undefined("the payoff is undefined: " + payoff.remark())
                : Metric.quotient(share * ratio - (1 - share), ratio, "the payoff is 0");
    }
}
