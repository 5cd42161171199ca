package io.pipelinev2.backtest.environment;

/** Adds doubles in the order in which NumPy's {@code sum} does, so that the last bit agrees. For up to 128 values. */
final class NumpySum {

    private NumpySum() {}

    static double of(double[] values) {
        int n = values.length;
        if (n < 8) {
            double sum = 0;
            for (double value : values) {
                sum += value;
            }
            return sum;
        }
        // Eight running sums, joined as a tree, then what is left over.
        double r0 = values[0];
        double r1 = values[1];
        double r2 = values[2];
        double r3 = values[3];
        double r4 = values[4];
        double r5 = values[5];
        double r6 = values[6];
        double r7 = values[7];
        int at = 8;
        for (; at < n - n % 8; at += 8) {
            r0 += values[at];
            r1 += values[at + 1];
            r2 += values[at + 2];
            r3 += values[at + 3];
            r4 += values[at + 4];
            r5 += values[at + 5];
            r6 += values[at + 6];
            r7 += values[at + 7];
        }
        double sum = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7));
        for (; at < n; at++) {
            sum += values[at];
        }
        return sum;
    }
}
