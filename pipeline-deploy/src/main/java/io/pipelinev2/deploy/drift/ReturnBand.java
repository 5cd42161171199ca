package io.pipelinev2.deploy.drift;

import java.util.Arrays;
import java.util.Random;

/**
 * What a trader may earn in so many bars if they are like those of its backtest. Futures are drawn from the backtest's
 * returns by the stationary bootstrap (Politis and Romano, <i>The Stationary Bootstrap</i>, JASA 89(428), 1994), which keeps
 * runs of bars together. Each future also draws what the backtest itself might have found: the mean of one backtest is an
 * estimate, and in as many bars again the trader may differ from it by as much as the backtest did.
 *
 * <p>The band is a simultaneous one: of the futures a share of {@code coverage} stays within it at <em>every</em> look. Its
 * half-width at each look is a multiple of the spread there, the multiple being the quantile of the largest deviation of
 * each future (sup-t: Montiel Olea and Plagborg-Møller, <i>Simultaneous confidence bands</i>, Journal of Applied Econometrics
 * 34(1), 2019), upwards and downwards apart. What the backtest itself had earned by then is always within.
 *
 * <p>Made of logarithmic returns. The same input gives the same band on every machine.
 */
final class ReturnBand {

    /** How many times as long as the backtest a paper record may become and still be compared with it. */
    static final int LONGEST = 16;

    /** What the drawing of blocks may cost: a band that would need more uses longer blocks. */
    private static final double MOST_BLOCKS = 4e6;

    private final Looks looks;
    private final Futures futures;
    private final double mean;
    private final double[] spread;
    private final double down;
    private final double up;

    private ReturnBand(Looks looks, Futures futures, double mean, double[] spread, double down, double up) {
        this.looks = looks;
        this.futures = futures;
        this.mean = mean;
        this.spread = spread;
        this.down = down;
        this.up = up;
    }

    /**
     * @param returns logarithmic, per bar of the backtest; at least 2, not all equal
     * @param looks at whose lengths the band is needed
     * @param samples how many futures to draw
     * @param tail the share of them that may leave the band upwards, and as many downwards
     * @param seed what makes the drawing repeatable
     */
    static ReturnBand of(double[] returns, Looks looks, int samples, double tail, long seed) {
        int n = returns.length;
        int longest = looks.bars(looks.count() - 1);
        double affordable = samples * ((double) longest + n) / MOST_BLOCKS;
        double length = Math.max(BlockLength.of(returns), affordable);
        Futures futures = new Futures(returns, length, seed);
        double mean = futures.upTo(n) / n;
        double[][] sums = new double[samples][];
        for (int sample = 0; sample < sums.length; sample++) {
            double misjudged = futures.draw(n) / n - mean;
            sums[sample] = futures.draw(looks);
            for (int look = 0; look < looks.count(); look++) {
                sums[sample][look] += looks.bars(look) * misjudged;
            }
        }
        return around(futures, looks, sums, mean, tail);
    }

    private static ReturnBand around(Futures futures, Looks looks, double[][] sums, double mean, double tail) {
        int count = looks.count();
        double[] spread = new double[count];
        for (int look = 0; look < count; look++) {
            double squares = 0;
            for (double[] sum : sums) {
                double distance = sum[look] - looks.bars(look) * mean;
                squares += distance * distance;
            }
            spread[look] = Math.sqrt(squares / sums.length);
        }
        double[] lowest = new double[sums.length];
        double[] highest = new double[sums.length];
        for (int sample = 0; sample < sums.length; sample++) {
            for (int look = 0; look < count; look++) {
                double deviation = spread[look] > 0 ? (sums[sample][look] - looks.bars(look) * mean) / spread[look] : 0;
                lowest[sample] = Math.max(lowest[sample], -deviation);
                highest[sample] = Math.max(highest[sample], deviation);
            }
        }
        return new ReturnBand(looks, futures, mean, spread, upperQuantile(lowest, tail), upperQuantile(highest, tail));
    }

    private static double upperQuantile(double[] values, double tail) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int place = (int) Math.ceil((1 - tail) * sorted.length) - 1;
        return sorted[Math.max(0, Math.min(sorted.length - 1, place))];
    }

    Looks looks() {
        return looks;
    }

    /**
     * The least total logarithmic return at a look that is within the band.
     *
     * @param more a deviation that comes on top, independent of the returns, 0 for none
     */
    double low(int look, double more) {
        return least(looks.bars(look), Math.hypot(spread[look], more));
    }

    /** The greatest one, likewise. */
    double high(int look, double more) {
        return greatest(looks.bars(look), Math.hypot(spread[look], more));
    }

    /** The least one after any number of bars up to the last look, to draw the band: what is judged is judged at looks. */
    double lowAfter(int bars) {
        return least(bars, spreadAfter(bars));
    }

    /** The greatest one, likewise. */
    double highAfter(int bars) {
        return greatest(bars, spreadAfter(bars));
    }

    private double least(int bars, double deviation) {
        double low = bars * mean - down * deviation;
        return bars <= futures.size() ? Math.min(low, futures.upTo(bars)) : low;
    }

    private double greatest(int bars, double deviation) {
        double high = bars * mean + up * deviation;
        return bars <= futures.size() ? Math.max(high, futures.upTo(bars)) : high;
    }

    /** Variances of sums grow about as the number of their bars does, so between two looks theirs are joined by a line. */
    private double spreadAfter(int bars) {
        int look = looks.latest(bars);
        int from = look < 0 ? 0 : looks.bars(look);
        double before = look < 0 ? 0 : spread[look];
        if (bars == from) {
            return before;
        }
        double share = (bars - from) / (double) (looks.bars(look + 1) - from);
        return Math.sqrt(before * before + share * (spread[look + 1] * spread[look + 1] - before * before));
    }

    /** The mean length of the blocks, in bars. */
    double blockLength() {
        return futures.blockLength;
    }

    /** Draws futures; sums of returns come out of one running sum, so a block costs as much as a bar. */
    private static final class Futures {

        private final double[] running;
        private final int size;
        private final double blockLength;
        private final Random random;
        private int at;
        private int left;

        Futures(double[] returns, double blockLength, long seed) {
            this.size = returns.length;
            this.running = new double[size + 1];
            for (int i = 0; i < size; i++) {
                running[i + 1] = running[i] + returns[i];
            }
            this.blockLength = blockLength;
            // unlike other generators this one is specified to the bit
            this.random = new Random(seed);
        }

        int size() {
            return size;
        }

        double upTo(int bars) {
            return running[bars];
        }

        double draw(int bars) {
            left = 0;
            return further(bars);
        }

        double[] draw(Looks looks) {
            left = 0;
            double[] sums = new double[looks.count()];
            double sum = 0;
            int done = 0;
            for (int look = 0; look < sums.length; look++) {
                sum += further(looks.bars(look) - done);
                done = looks.bars(look);
                sums[look] = sum;
            }
            return sums;
        }

        private double further(int bars) {
            double sum = 0;
            int missing = bars;
            while (missing > 0) {
                if (left == 0) {
                    at = random.nextInt(size);
                    left = length();
                }
                int now = Math.min(left, missing);
                sum += circular(at, now);
                at = (int) (((long) at + now) % size);
                left -= now;
                missing -= now;
            }
            return sum;
        }

        /** Geometric, with the mean length. */
        private int length() {
            if (blockLength <= 1) {
                return 1;
            }
            double u = 1 - random.nextDouble();
            double length = 1 + Math.floor(StrictMath.log(u) / StrictMath.log1p(-1 / blockLength));
            return (int) Math.min(length, Integer.MAX_VALUE);
        }

        /** After the last bar the first comes. */
        private double circular(int from, int bars) {
            long to = (long) from + bars;
            if (to <= size) {
                return running[(int) to] - running[from];
            }
            long rest = to - size;
            return running[size] - running[from] + (rest / size) * running[size] + running[(int) (rest % size)];
        }
    }
}
