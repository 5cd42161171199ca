package io.pipelinev2.backtest.metrics;

/** What the number of a metric counts. */
public enum MetricUnit {
    /** Of the capital: 0.25 is 25 %. */
    FRACTION("fraction"),
    /** Of the capital, scaled to one year. */
    PER_YEAR("fraction per year"),
    /** One number over another, without a unit. */
    RATIO("ratio"),
    /** From 0 to 1. */
    PROBABILITY("probability"),
    /** Bars, or an index into the equity curve, which begins at 0 with the initial capital. */
    STEPS("steps"),
    /** The currency of prices and cash. */
    CURRENCY("currency"),
    /** How many. */
    COUNT("count");

    private final String word;

    MetricUnit(String word) {
        this.word = word;
    }

    /** For people. */
    public String word() {
        return word;
    }
}
