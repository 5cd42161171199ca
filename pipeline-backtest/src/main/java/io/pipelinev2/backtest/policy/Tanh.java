package io.pipelinev2.backtest.policy;

/**
 * The hyperbolic tangent, made of additions, multiplications and divisions of doubles alone, so that it gives the same bits
 * on every machine; {@link Math#tanh} may differ between platforms and costs several times as much.
 *
 * <p>{@code tanh x = (1 - e) / (1 + e)} with {@code e = exp(-2x)}, the exponential by its Taylor series after taking out
 * powers of two. Below 1/64, where {@code 1 - e} cancels, the tangent's own series. The result in double is within 1e-11 of
 * the true value, so the float is that of {@link Math#tanh} or a neighbour of it; it is odd, never decreases and stays
 * within -1 and 1.
 */
final class Tanh {

    private static final double LOG2_E = 1.4426950408889634;
    /** ln 2 in two parts, the first with few digits, so that a multiple of it is exact. */
    private static final double LN_2_HIGH = 6.93147180369123816490e-01;

    private static final double LN_2_LOW = 1.90821492927058770002e-10;
    /** Above, the nearest float is 1. */
    private static final double SATURATED = 9.1;

    private Tanh() {}

    /** Tangent of {@code x}; NaN if it is NaN. */
    static float of(float x) {
        double magnitude = Math.abs((double) x);
        double tangent;
        if (magnitude < 1.0 / 64) {
            double square = magnitude * magnitude;
            tangent = magnitude * (1 - square * (1.0 / 3 - square * (2.0 / 15)));
        } else if (magnitude > SATURATED) {
            tangent = 1;
        } else {
            double e = exponential(-2 * magnitude);
            tangent = (1 - e) / (1 + e);
        }
        return (float) (x < 0 ? -tangent : tangent);
    }

    /** {@code exp(x)} for x from -20 to 0 (or NaN), within 1e-11 of its value. */
    private static double exponential(double x) {
        int power = (int) (x * LOG2_E - 0.5);
        double r = (x - power * LN_2_HIGH) - power * LN_2_LOW;
        double series = 1
                + r
                        * (1
                                + r
                                        * (1.0 / 2
                                                + r
                                                        * (1.0 / 6
                                                                + r
                                                                        * (1.0 / 24
                                                                                + r
                                                                                        * (1.0 / 120
                                                                                                + r
                                                                                                        * (1.0 / 720
                                                                                                                + r
                                                                                                                        * (1.0
                                                                                                                                        / 5040
                                                                                                                                + r
                                                                                                                                        * (1.0
                                                                                                                                                        / 40320
                                                                                                                                                + r
                                                                                                                                                        * (1.0
                                                                                                                                                                / 362880)))))))));
        return series * Double.longBitsToDouble((1023L + power) << 52);
    }
}
