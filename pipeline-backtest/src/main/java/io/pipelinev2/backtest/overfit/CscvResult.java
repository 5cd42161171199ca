package io.pipelinev2.backtest.overfit;

import io.pipelinev2.backtest.metrics.Metric;
import java.util.ArrayList;
import java.util.List;

/**
 * What the splits of a {@link Cscv} showed, in lexicographic order of the taken blocks.
 *
 * @param trials N
 * @param blocks S
 * @param selected per split, the first trial with the best Sharpe ratio in the taken half
 * @param ranks per split, its rank in the other half, 1 for the worst and N for the best, ties averaged
 * @param inSample per split, its Sharpe per step in the taken half
 * @param outOfSample per split, its Sharpe per step in the other half
 */
public record CscvResult(
        int trials, int blocks, int[] selected, double[] ranks, double[] inSample, double[] outOfSample) {

    /** Number of splits. */
    public int splits() {
        return ranks.length;
    }

    /** ln(w / (1 - w)) with w = rank / (N + 1); at most 0 when the chosen trial was no better than the median. */
    public double logit(int split) {
        double w = ranks[split] / (trials + 1);
        return Math.log(w / (1 - w));
    }

    /** PBO: the share of splits with a logit of at most 0. */
    public double probabilityOfOverfitting() {
        int overfit = 0;
        for (double rank : ranks) {
            if (2 * rank <= trials + 1) {
                overfit++;
            }
        }
        return (double) overfit / splits();
    }

    /** The share of splits in which the chosen trial lost in the other half. */
    public double probabilityOfLoss() {
        int losses = 0;
        for (double sharpe : outOfSample) {
            if (sharpe < 0) {
                losses++;
            }
        }
        return (double) losses / splits();
    }

    /** Least squares line of the other half's Sharpe ratio on the taken half's. */
    public Line line() {
        double meanX = mean(inSample);
        double meanY = mean(outOfSample);
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int i = 0; i < splits(); i++) {
            double x = inSample[i] - meanX;
            double y = outOfSample[i] - meanY;
            xx += x * x;
            xy += x * y;
            yy += y * y;
        }
        if (MeasuredTrial.isZero(Math.sqrt(xx / splits()), meanX)) {
            Metric none = Metric.undefined("the chosen trial had the same Sharpe ratio in every split");
            return new Line(none, none, none);
        }
        double slope = xy / xx;
        return new Line(
                Metric.of(slope),
                Metric.of(meanY - slope * meanX),
                MeasuredTrial.isZero(Math.sqrt(yy / splits()), meanY)
                        ? Metric.undefined("the other half had the same Sharpe ratio in every split")
                        : Metric.of(xy * xy / (xx * yy)));
    }

    /**
     * Histogram of the logits over all values that N trials can have.
     *
     * @param bins even, so that two bars meet at 0
     */
    public List<LogitBin> histogram(int bins) {
        int half = bins / 2;
        double width = Math.log(trials) / half;
        long[] counts = new long[2 * half];
        for (int split = 0; split < splits(); split++) {
            double at = logit(split) / width;
            int bin = at <= 0 ? half - 1 - (int) Math.floor(-at) : half - 1 + (int) Math.ceil(at);
            counts[Math.max(0, Math.min(counts.length - 1, bin))]++;
        }
        List<LogitBin> histogram = new ArrayList<>();
        for (int bin = 0; bin < counts.length; bin++) {
            histogram.add(new LogitBin((bin - half) * width, (bin + 1 - half) * width, counts[bin]));
        }
        return histogram;
    }

    /** Evenly spaced splits, all of them when there are no more than asked for. */
    public List<SplitPoint> sample(int most) {
        int count = Math.min(most, splits());
        List<SplitPoint> points = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int split = (int) ((long) i * splits() / count);
            points.add(new SplitPoint(inSample[split], outOfSample[split]));
        }
        return points;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** A line and how much of the variance it explains. */
    public record Line(Metric slope, Metric intercept, Metric rSquared) {}
}
