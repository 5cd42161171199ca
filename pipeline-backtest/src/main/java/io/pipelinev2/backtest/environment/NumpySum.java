package io.pipelinev2.backtest.environment;

/** Adds products in the order in which NumPy's {@code (a * b).sum()} does, so that the last bit agrees. For up to 128. */
final class NumpySum {

    private static final int LANES = 8;

    private NumpySum() {}

    static double ofProducts(float[] a, double[] b) {
        int n = a.length;
        if (n < LANES) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += a[i] * b[i];
            }
            return sum;
        }
        // Eight running sums, joined as a tree, then what is left over.
        double r0 = a[0] * b[0];
        double r1 = a[1] * b[1];
        double r2 = a[2] * b[2];
        double r3 = a[3] * b[3];
        double r4 = a[4] * b[4];
        double r5 = a[5] * b[5];
        double r6 = a[6] * b[6];
        double r7 = a[7] * b[7];
        int at = LANES;
        for (; at < n - n % LANES; at += LANES) {
            r0 += a[at] * b[at];
            r1 += a[at + 1] * b[at + 1];
            r2 += a[at + 2] * b[at + 2];
            r3 += a[at + 3] * b[at + 3];
            r4 += a[at + 4] * b[at + 4];
            r5 += a[at + 5] * b[at + 5];
            r6 += a[at + 6] * b[at + 6];
            r7 += a[at + 7] * b[at + 7];
        }
        double sum = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7));
        for (; at < n; at++) {
            sum += a[at] * b[at];
        }
        return sum;
    }
}
