package io.pipelinev2.deploy.drift;

/**
 * Whether events that happen at random come more often in one stretch than in another, by more than a given ratio, beyond
 * what chance explains. If both counts are of Poisson processes, one count given the sum of both is binomial, whatever the
 * rates are: Przyborowski and Wilenski, <i>Homogeneity of results in testing samples from Poisson series</i>, Biometrika 31,
 * 1940. Few events therefore say little, and none in the other stretch is no infinite ratio.
 */
final class EventRates {

    // Lanczos approximation of the gamma function, g = 7: good to 15 digits
    private static final double[] LANCZOS = {
        0.99999999999980993,
        676.5203681218851,
        -1259.1392167224028,
        771.32342877765313,
        -176.61502916214059,
        12.507343278686905,
        -0.13857109526572012,
        9.9843695780195716e-6,
        1.5056327351493116e-7
    };

    private EventRates() {}

    /**
     * The probability of as many events or more in the first stretch, given the number in both, if its rate is {@code ratio}
     * times that of the other.
     *
     * @param events in the first stretch
     * @param length of the first stretch, positive
     * @param otherEvents in the other
     * @param otherLength of the other, positive
     */
    static double chanceOfAsMany(long events, double length, long otherEvents, double otherLength, double ratio) {
        double share = ratio * length / (ratio * length + otherLength);
        return upperTail(events, events + otherEvents, share);
    }

    /** The probability of as few events or fewer, likewise. */
    static double chanceOfAsFew(long events, double length, long otherEvents, double otherLength, double ratio) {
        double share = ratio * length / (ratio * length + otherLength);
        return upperTail(otherEvents, events + otherEvents, 1 - share);
    }

    /** P(X >= k) for X of n tries of probability p. */
    private static double upperTail(long k, long n, double p) {
        if (k <= 0) {
            return 1;
        }
        if (k <= n * p) {
            // summed from the other end, where the terms are small
            return 1 - sum(n - k + 1, n, 1 - p);
        }
        return sum(k, n, p);
    }

    /** The sum of the terms from k up to n; they fall from k on. */
    private static double sum(long k, long n, double p) {
        double term = Math.exp(logGamma(n + 1.0)
                - logGamma(k + 1.0)
                - logGamma(n - k + 1.0)
                + k * Math.log(p)
                + (n - k) * Math.log1p(-p));
        double sum = 0;
        for (long i = k; i <= n && term > sum * 1e-17; i++) {
            sum += term;
            term *= (double) (n - i) / (i + 1) * (p / (1 - p));
        }
        return Math.min(1, sum);
    }

    private static double logGamma(double x) {
        double sum = LANCZOS[0];
        for (int i = 1; i < LANCZOS.length; i++) {
            sum += LANCZOS[i] / (x - 1 + i);
        }
        double t = x - 1 + 7.5;
        return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
    }
}
