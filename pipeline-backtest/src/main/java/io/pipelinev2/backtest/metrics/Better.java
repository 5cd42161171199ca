package io.pipelinev2.backtest.metrics;

/** Which way a metric gets better. */
public enum Better {
    HIGHER("higher is better"),
    LOWER("lower is better"),
    /** It describes and does not praise. */
    NEITHER("describes");

    private final String words;

    Better(String words) {
        this.words = words;
    }

    /** For people. */
    public String words() {
        return words;
    }
}
