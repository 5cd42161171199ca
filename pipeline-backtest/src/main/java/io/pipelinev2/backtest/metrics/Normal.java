package io.pipelinev2.backtest.metrics;

/** The standard normal distribution. */
public final class Normal {

    private Normal() {}

    /** Probability of a value of at most x. */
    public static double cdf(double x) {
        double z = Math.abs(x);
        double tail;
        if (z > 38) {
            tail = 0;
        } else {
            double e = Math.exp(-z * z / 2);
            if (z < 7.07106781186547) {
                double a = 3.52624965998911e-02 * z + 0.700383064443688;
                a = a * z + 6.37396220353165;
                a = a * z + 33.912866078383;
                a = a * z + 112.079291497871;
                a = a * z + 221.213596169931;
                a = a * z + 220.206867912376;
                double b = 8.83883476483184e-02 * z + 1.75566716318264;
                b = b * z + 16.064177579207;
                b = b * z + 86.7807322029461;
                b = b * z + 296.564248779674;
                b = b * z + 637.333633378831;
                b = b * z + 793.826512519948;
                b = b * z + 440.413735824752;
                tail = e * a / b;
            } else {
                double b = z + 0.65;
                b = z + 4 / b;
                b = z + 3 / b;
                b = z + 2 / b;
                b = z + 1 / b;
                tail = e / b / 2.506628274631;
            }
        }
        return x > 0 ? 1 - tail : tail;
    }

    /** The value that is not exceeded with the probability p, which is above 0 and below 1. */
    public static double quantile(double p) {
        if (!(p > 0 && p < 1)) {
            throw new IllegalArgumentException("a probability must be above 0 and below 1, was " + p);
        }
        if (p > 0.5) {
            return -quantile(1 - p);
        }
        double q = Math.sqrt(-2 * Math.log(p));
        double x = -(q
                - (2.515517 + 0.802853 * q + 0.010328 * q * q)
                        / (1 + 1.432788 * q + 0.189269 * q * q + 0.001308 * q * q * q));
        for (int i = 0; i < 3; i++) {
            double e = cdf(x) - p;
            double u = e * Math.sqrt(2 * Math.PI) * Math.exp(x * x / 2);
            x -= u / (1 + x * u / 2);
        }
        return x;
    }
}
