package io.pipelinev2.backtest.overfit;

import io.pipelinev2.backtest.metrics.Metric;
import java.util.Arrays;

/**
 * How many independent trials a set of correlated ones is worth, by four definitions. None of them is a theorem, and the
 * choice decides verdicts, so all are reported.
 *
 * @param trials how many were measured
 * @param averageCorrelation mean correlation rho of two different trials
 * @param byAverageCorrelation rho + (1 - rho) N, of the deflated Sharpe ratio's paper, between 1 and N
 * @param byParticipation the participation ratio of the correlation matrix's eigenvalues, which is N^2 / ||C||_F^2
 * @param byEffectiveRank exp of the entropy of those eigenvalues (Roy and Vetterli, "The effective rank", EUSIPCO 2007)
 * @param byClusters clusters of average linkage at the distance sqrt((1 - rho)/2), cut at 0.5, that is at a correlation
 *     of one half
 */
public record EffectiveTrials(
        int trials,
        double averageCorrelation,
        double byAverageCorrelation,
        double byParticipation,
        Metric byEffectiveRank,
        Metric byClusters) {

    /** With more trials the eigenvalues and the clusters would take longer than they are worth. */
    public static final int MAX_FOR_EIGENVALUES = 200;

    private static final double CLUSTER_CUT = 0.5;

    /**
     * Measures trials with returns that vary.
     *
     * @param returns one row per trial, all of the same length of at least 2
     * @throws IllegalArgumentException when there is no row, rows differ in length, or a row does not vary
     */
    public static EffectiveTrials of(double[][] returns) {
        return of(AlignedReturns.of(returns));
    }

    static EffectiveTrials of(AlignedReturns returns) {
        int n = returns.trials();
        if (n == 0) {
            throw new IllegalArgumentException("the effective number of trials needs a trial, there was none");
        }
        double[][] z = standardised(returns);
        int steps = z[0].length;
        double[] total = new double[steps];
        for (double[] row : z) {
            for (int t = 0; t < steps; t++) {
                total[t] += row[t];
            }
        }
        double rho = n == 1 ? 0 : (dot(total, total) - n) / ((double) n * (n - 1));
        double average = Math.min(n, Math.max(1, rho + (1 - rho) * n));
        if (n > MAX_FOR_EIGENVALUES) {
            Metric none =
                    Metric.undefined("not computed for more than " + MAX_FOR_EIGENVALUES + " trials, there are " + n);
            double squares = squaredGram(n <= steps ? z : transposed(z));
            return new EffectiveTrials(n, rho, average, (double) n * n / squares, none, none);
        }
        double[][] c = gram(z);
        double squares = 0;
        for (double[] row : c) {
            squares += dot(row, row);
        }
        int clusters = AverageLinkage.clusters(distances(c), CLUSTER_CUT);
        return new EffectiveTrials(
                n, rho, average, (double) n * n / squares, Metric.of(effectiveRank(c)), Metric.of(clusters));
    }

    private static double[][] standardised(AlignedReturns returns) {
        int steps = returns.steps();
        double[][] z = new double[returns.trials()][];
        for (int i = 0; i < z.length; i++) {
            int from = returns.from()[i];
            double[] row = Arrays.copyOfRange(returns.rows()[i], from, from + steps);
            double sum = 0;
            for (double r : row) {
                sum += r;
            }
            double mean = sum / steps;
            for (int t = 0; t < steps; t++) {
                row[t] -= mean;
            }
            double norm = Math.sqrt(dot(row, row));
            if (steps < 2 || MeasuredTrial.isZero(norm / Math.sqrt(steps - 1.0), mean)) {
                throw new IllegalArgumentException("a trial must vary to be correlated, row " + i + " does not");
            }
            for (int t = 0; t < steps; t++) {
                row[t] /= norm;
            }
            z[i] = row;
        }
        return z;
    }

    private static double[][] gram(double[][] z) {
        double[][] c = new double[z.length][z.length];
        for (int i = 0; i < z.length; i++) {
            c[i][i] = 1;
            for (int j = 0; j < i; j++) {
                double rho = Math.max(-1, Math.min(1, dot(z[i], z[j])));
                c[i][j] = rho;
                c[j][i] = rho;
            }
        }
        return c;
    }

    /** The squared Frobenius norm, which is the same for the Gram matrices of the rows and of the columns. */
    private static double squaredGram(double[][] rows) {
        double squares = 0;
        for (int i = 0; i < rows.length; i++) {
            double own = dot(rows[i], rows[i]);
            squares += own * own;
            for (int j = 0; j < i; j++) {
                double product = dot(rows[i], rows[j]);
                squares += 2 * product * product;
            }
        }
        return squares;
    }

    private static double[][] transposed(double[][] rows) {
        double[][] columns = new double[rows[0].length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int t = 0; t < columns.length; t++) {
                columns[t][i] = rows[i][t];
            }
        }
        return columns;
    }

    private static double[][] distances(double[][] c) {
        double[][] distances = new double[c.length][c.length];
        for (int i = 0; i < c.length; i++) {
            for (int j = 0; j < c.length; j++) {
                distances[i][j] = Math.sqrt((1 - c[i][j]) / 2);
            }
        }
        return distances;
    }

    private static double effectiveRank(double[][] c) {
        double[] eigenvalues = SymmetricEigenvalues.of(c);
        double entropy = 0;
        for (double eigenvalue : eigenvalues) {
            double share = eigenvalue / c.length;
            if (share > 0) {
                entropy -= share * Math.log(share);
            }
        }
        return Math.exp(entropy);
    }

    /** Four sums at once, so that the additions need not wait for each other. */
    private static double dot(double[] a, double[] b) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return s0 + s1 + (s2 + s3);
    }
}
