package io.pipelinev2.backtest.overfit;

/**
 * Combinatorially symmetric cross-validation of Bailey, Borwein, López de Prado and Zhu, "The Probability of Backtest
 * Overfitting", Journal of Computational Finance, 2015 (SSRN 2326253).
 *
 * <p>Time is cut into an even number S of blocks. In each of the C(S, S/2) ways to take half of them, the trial with the
 * best Sharpe ratio in the taken half is looked up in the other half: its rank there, 1 for the worst, over N + 1 is w,
 * and the logit is ln(w / (1 - w)). Ties share their average rank. A half in which a trial does not vary counts as a
 * Sharpe ratio of 0. The first T mod S steps are left out.
 *
 * <p>Per trial and block only the sum and the sum of squares are kept, so a split costs a few additions per trial, and
 * every split is evaluated together with its complement.
 */
public final class Cscv {

    private Cscv() {}

    /**
     * Tries all splits.
     *
     * @param returns one row per trial, at least 2, all of the same length of at least two steps per block
     * @param blocks S, even, from 2 to 20
     */
    public static CscvResult of(double[][] returns, int blocks) {
        return of(AlignedReturns.of(returns), blocks);
    }

    static CscvResult of(AlignedReturns returns, int blocks) {
        require(returns, blocks);
        int trials = returns.trials();
        int length = returns.steps() / blocks;
        int first = returns.steps() - length * blocks;
        double[] means = new double[trials];
        double[][] sums = new double[blocks][trials];
        double[][] squares = new double[blocks][trials];
        for (int i = 0; i < trials; i++) {
            double[] row = returns.rows()[i];
            int from = returns.from()[i] + first;
            int to = from + length * blocks;
            double sum = 0;
            for (int t = from; t < to; t++) {
                sum += row[t];
            }
            // Around the mean, so that little is lost when squares are subtracted later.
            double mean = sum / (length * blocks);
            means[i] = mean;
            for (int t = from; t < to; t++) {
                double distance = row[t] - mean;
                int block = (t - from) / length;
                sums[block][i] += distance;
                squares[block][i] += distance * distance;
            }
        }
        return new Splits(means, sums, squares, length).evaluate();
    }

    private static void require(AlignedReturns returns, int blocks) {
        if (blocks < 2 || blocks > 20 || blocks % 2 != 0) {
            throw new IllegalArgumentException("the number of blocks must be even and from 2 to 20, was " + blocks);
        }
        if (returns.trials() < 2) {
            throw new IllegalArgumentException("the PBO needs 2 trials or more, had " + returns.trials());
        }
        for (int i = 0; i < returns.trials(); i++) {
            for (int t = 0; t < returns.steps(); t++) {
                double value = returns.rows()[i][returns.from()[i] + t];
                if (!Double.isFinite(value)) {
                    throw new IllegalArgumentException(
                            "row " + i + " has a non-finite return at index " + t + ": " + value);
                }
            }
        }
        if (returns.steps() < 2 * blocks) {
            throw new IllegalArgumentException(
                    "the PBO needs " + 2 * blocks + " steps or more for " + blocks + " blocks, had " + returns.steps());
        }
    }

    /** The splits in lexicographic order; the complement of the k-th from the front is the k-th from the back. */
    private static final class Splits {

        private final double[] means;
        private final double[][] sums;
        private final double[][] squares;
        private final int halfSteps;
        private final double[] allSums;
        private final double[] allSquares;

        Splits(double[] means, double[][] sums, double[][] squares, int length) {
            this.means = means;
            this.sums = sums;
            this.squares = squares;
            this.halfSteps = sums.length / 2 * length;
            this.allSums = added(sums);
            this.allSquares = added(squares);
        }

        CscvResult evaluate() {
            int blocks = sums.length;
            int half = blocks / 2;
            int trials = means.length;
            int count = binomial(blocks, half);
            CscvResult result = new CscvResult(
                    trials, blocks, new int[count], new double[count], new double[count], new double[count]);
            int[] taken = new int[half];
            for (int i = 0; i < half; i++) {
                taken[i] = i;
            }
            double[] sum = new double[trials];
            double[] square = new double[trials];
            double[] these = new double[trials];
            double[] others = new double[trials];
            for (int split = 0; split < count / 2; split++) {
                System.arraycopy(sums[taken[0]], 0, sum, 0, trials);
                System.arraycopy(squares[taken[0]], 0, square, 0, trials);
                for (int k = 1; k < half; k++) {
                    add(sum, sums[taken[k]]);
                    add(square, squares[taken[k]]);
                }
                for (int i = 0; i < trials; i++) {
                    these[i] = sharpe(means[i], sum[i], square[i]);
                    others[i] = sharpe(means[i], allSums[i] - sum[i], allSquares[i] - square[i]);
                }
                choose(result, split, these, others);
                choose(result, count - 1 - split, others, these);
                advance(taken, blocks);
            }
            return result;
        }

        private double sharpe(double mean, double sum, double square) {
            double variance = (square - sum * sum / halfSteps) / (halfSteps - 1);
            double average = mean + sum / halfSteps;
            // What is left of equal numbers after a subtraction is rounding, not variance.
            if (variance <= 1e-13 * square / halfSteps) {
                return 0;
            }
            double deviation = Math.sqrt(variance);
            return MeasuredTrial.isZero(deviation, average) ? 0 : average / deviation;
        }

        private static void choose(CscvResult result, int split, double[] inSample, double[] outOfSample) {
            int best = 0;
            for (int i = 1; i < inSample.length; i++) {
                if (inSample[i] > inSample[best]) {
                    best = i;
                }
            }
            double chosen = outOfSample[best];
            int below = 0;
            int equal = 0;
            for (double other : outOfSample) {
                // Without branches: on returns they are as good as coin tosses, which processors cannot foresee.
                below += other < chosen ? 1 : 0;
                equal += other == chosen ? 1 : 0;
            }
            result.selected()[split] = best;
            result.ranks()[split] = below + (equal + 1) / 2.0;
            result.inSample()[split] = inSample[best];
            result.outOfSample()[split] = chosen;
        }

        private static void advance(int[] taken, int blocks) {
            int half = taken.length;
            int k = half - 1;
            while (k >= 0 && taken[k] == blocks - half + k) {
                k--;
            }
            if (k < 0) {
                return;
            }
            taken[k]++;
            for (int j = k + 1; j < half; j++) {
                taken[j] = taken[j - 1] + 1;
            }
        }

        private static double[] added(double[][] rows) {
            double[] total = new double[rows[0].length];
            for (double[] row : rows) {
                add(total, row);
            }
            return total;
        }

        private static void add(double[] total, double[] row) {
            for (int i = 0; i < total.length; i++) {
                total[i] += row[i];
            }
        }

        private static int binomial(int n, int k) {
            long result = 1;
            for (int i = 1; i <= k; i++) {
                result = result * (n - k + i) / i;
            }
            return Math.toIntExact(result);
        }
    }
}
