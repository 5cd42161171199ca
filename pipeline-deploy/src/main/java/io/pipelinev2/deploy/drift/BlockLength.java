package io.pipelinev2.deploy.drift;

/**
 * How long the blocks of a stationary bootstrap should be on average. Politis and White, <i>Automatic Block-Length Selection
 * for the Dependent Bootstrap</i>, Econometric Reviews 23(1), 2004, with the correction of Patton, Politis and White,
 * Econometric Reviews 28(4), 2009.
 */
final class BlockLength {

    private BlockLength() {}

    /**
     * The mean block length, from 1 to the smaller of three times the root and a third of the number of values.
     *
     * @param values at least 2, not all equal
     */
    static double of(double[] values) {
        int n = values.length;
        double longest = Math.max(1, Math.ceil(Math.min(3 * Math.sqrt(n), n / 3.0)));
        double[] covariance = covariances(values);
        int lag = 2 * lastNotableLag(covariance, n);
        double spectrum = covariance[0];
        double slope = 0;
        for (int k = 1; k <= Math.min(lag, covariance.length - 1); k++) {
            double weight = flatTop((double) k / lag);
            spectrum += 2 * weight * covariance[k];
            slope += 2 * weight * k * covariance[k];
        }
        double variance = 2 * spectrum * spectrum;
        if (!(variance > 0)) {
            return longest;
        }
        double length = Math.cbrt(2 * slope * slope / variance) * Math.cbrt(n);
        return Math.max(1, Math.min(longest, length));
    }

    /** The lag after which the correlations of several lags in a row are no more than chance brings, at least 1. */
    private static int lastNotableLag(double[] covariance, int n) {
        double byChance = 2 * Math.sqrt(Math.log10(n) / n);
        int inARow = Math.max(5, (int) Math.ceil(Math.sqrt(Math.log10(n))));
        int quiet = 0;
        int notable = 0;
        for (int k = 1; k < covariance.length; k++) {
            if (Math.abs(covariance[k]) < byChance * covariance[0]) {
                quiet++;
                if (quiet == inARow) {
                    return Math.max(1, k - inARow);
                }
            } else {
                quiet = 0;
                notable = k;
            }
        }
        return Math.max(1, notable);
    }

    private static double[] covariances(double[] values) {
        int n = values.length;
        double mean = 0;
        for (double value : values) {
            mean += value / n;
        }
        double[] covariance = new double[Math.min(n, (int) Math.ceil(Math.sqrt(n)) + 6)];
        for (int k = 0; k < covariance.length; k++) {
            double sum = 0;
            for (int i = k; i < n; i++) {
                sum += (values[i] - mean) * (values[i - k] - mean);
            }
            covariance[k] = sum / n;
        }
        return covariance;
    }

    private static double flatTop(double t) {
        return t <= 0.5 ? 1 : 2 * (1 - t);
    }
}
