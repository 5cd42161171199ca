package io.pipelinev2.backtest.metrics;

/** What a metric is about: the headings under which a report shows metrics, in this order. */
public enum MetricFamily {
    GROWTH("Growth"),
    VARIATION("Variation"),
    SHARPE("Return for risk"),
    DRAWDOWN("Drawdown"),
    TAILS("Bad steps"),
    WINS("Wins and losses"),
    SHAPE("Shape of the returns"),
    BENCHMARK("Against holding the market"),
    ACTIVITY("What was done with the capital"),
    TRADES("Round trips"),
    /** The same ideas by the formulas of other programs, for those who compare; a report may leave them out. */
    VARIANTS("As other programs compute it"),
    /** The original pipeline's formulas, for its own thresholds. */
    LEGACY("By the original's formulas");

    private final String title;

    MetricFamily(String title) {
        this.title = title;
    }

    /** For people. */
    public String title() {
        return title;
    }
}
