package io.pipelinev2.backtest.gate;

/** How a value must stand to a threshold. A value on the threshold passes. */
public enum Comparison {
    AT_LEAST(">="),
    AT_MOST("<=");

    private final String sign;

    Comparison(String sign) {
        this.sign = sign;
    }

    /** As in a formula. */
    public String sign() {
        return sign;
    }

    /** How far the value is on the right side of the threshold; negative when it fails. */
    public double margin(double value, double threshold) {
        return this == AT_LEAST ? value - threshold : threshold - value;
    }
}
