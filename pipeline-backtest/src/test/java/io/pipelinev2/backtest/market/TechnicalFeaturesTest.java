package io.pipelinev2.backtest.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.Fixtures;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The features twice: against the columns of the original's own data, computed from the bars in the same file, and against
 * the formulas written out here from their definitions.
 */
class TechnicalFeaturesTest {

    /** By then nothing is left of what the recursive averages were started with: (25/27)^600 is 1e-20. */
    private static final int SETTLED = 600;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void they_are_those_of_the_originals_own_data(int asset) {
        MarketData data = Fixtures.market();
        double[][] bars = new double[5][data.rows()];
        for (int row = 0; row < data.rows(); row++) {
            for (int k = 0; k < 5; k++) {
                bars[k][row] = data.tech(row, asset * 14 + k);
            }
        }
        double[][] features = TechnicalFeatures.of(bars);

        for (int k : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13}) {
            for (int row = SETTLED; row < data.rows(); row++) {
                double original = data.tech(row, asset * 14 + k);
                // CCI divides by the mean deviation, which may be 1e-4 of the prices whose rounding it carries.
                double tolerance = k == 9 ? 1e-6 : 1e-9 * Math.max(1, Math.abs(original));
                assertThat(features[k][row])
                        .as("%s of bar %d", TechnicalFeatures.NAMES.get(k), row)
                        .isCloseTo(original, within(tolerance));
            }
        }
    }

    @Test
    void they_are_what_their_definitions_say_from_the_first_bar_on() {
        double[][] bars = randomWalk(400).columns();
        double[][] features = TechnicalFeatures.of(bars);
        double[][] expected = Reference.features(bars);

        for (int k = 0; k < TechnicalFeatures.COUNT; k++) {
            for (int row = 0; row < bars[0].length; row++) {
                String what = TechnicalFeatures.NAMES.get(k) + " of bar " + row;
                if (Double.isNaN(expected[k][row])) {
                    assertThat(features[k][row]).as(what).isNaN();
                } else {
                    assertThat(features[k][row])
                            .as(what)
                            .isCloseTo(expected[k][row], within(1e-9 * Math.max(1, Math.abs(expected[k][row]))));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 13, 14, 27, 33, 34})
    void all_are_defined_after_33_bars_and_never_before(int size) {
        double[][] features = TechnicalFeatures.of(randomWalk(size).columns());

        for (int row = 0; row < size; row++) {
            int bar = row;
            boolean defined = Arrays.stream(features).allMatch(column -> Double.isFinite(column[bar]));
            assertThat(defined).isEqualTo(row >= TechnicalFeatures.WARM_UP);
        }
    }

    @Test
    void a_market_that_stands_still_has_finite_features() {
        BarSeries bars = new BarSeries("A");
        for (int i = 0; i < 60; i++) {
            bars.add(i, new double[] {5, 5, 5, 5, 0});
        }
        bars.complete();

        for (double[] column : TechnicalFeatures.of(bars.columns())) {
            assertThat(column[59]).isFinite();
        }
    }

    static BarSeries randomWalk(int size) {
        Random random = new Random(7);
        BarSeries bars = new BarSeries("A");
        double close = 100;
        for (int i = 0; i < size; i++) {
            double open = close;
            close = open * Math.exp(0.02 * random.nextGaussian());
            double high = Math.max(open, close) * (1 + 0.01 * random.nextDouble());
            double low = Math.min(open, close) * (1 - 0.01 * random.nextDouble());
            bars.add(i * 3_600_000L, new double[] {open, high, low, close, 1000 * random.nextDouble()});
        }
        bars.complete();
        return bars;
    }

    /** The definitions, written for reading and not for speed, without a look at TA-Lib's code. */
    private static final class Reference {

        private static double[][] features(double[][] bars) {
            double[] high = bars[1];
            double[] low = bars[2];
            double[] close = bars[3];
            int size = close.length;
            double[][] all = new double[14][];
            for (int k = 0; k < 5; k++) {
                all[k] = bars[k];
            }
            // The fast average starts as late as the slow one: both begin with bar 25.
            double[] fast = average(Arrays.copyOfRange(close, 14, size), 12, 2.0 / 13, 14);
            double[] slow = average(close, 26, 2.0 / 27, 0);
            double[] macd = minus(fast, slow);
            double[] signal = average(Arrays.copyOfRange(macd, 25, size), 9, 2.0 / 10, 25);
            // TA-Lib gives none of the three before all are there.
            Arrays.fill(macd, 0, 33, Double.NaN);
            all[5] = macd;
            all[6] = signal;
            all[7] = minus(macd, signal);
            all[8] = rsi(close);
            all[9] = cci(high, low, close);
            double[] dx = dx(high, low, close);
            all[10] = dx;
            all[11] = regimeShift(atr(high, low, close));
            all[12] = new double[size];
            double[] adx = average(Arrays.copyOfRange(dx, 14, size), 14, 1.0 / 14, 14);
            all[13] = new double[size];
            for (int i = 0; i < size; i++) {
                all[13][i] = i < 2 ? Double.NaN : adx[i] - 2 * adx[i - 1] + adx[i - 2];
            }
            return all;
        }

        /** Begins with the plain mean of the first {@code period} values; shifted back by {@code offset} bars. */
        private static double[] average(double[] values, int period, double weight, int offset) {
            double[] averages = new double[offset + values.length];
            Arrays.fill(averages, Double.NaN);
            double average = Arrays.stream(values, 0, period).average().orElseThrow();
            averages[offset + period - 1] = average;
            for (int i = period; i < values.length; i++) {
                average += weight * (values[i] - average);
                averages[offset + i] = average;
            }
            return averages;
        }

        private static double[] minus(double[] left, double[] right) {
            double[] difference = new double[left.length];
            Arrays.setAll(difference, i -> left[i] - right[i]);
            return difference;
        }

        private static double[] rsi(double[] close) {
            double[] gains = new double[close.length - 1];
            double[] losses = new double[close.length - 1];
            for (int i = 1; i < close.length; i++) {
                gains[i - 1] = Math.max(0, close[i] - close[i - 1]);
                losses[i - 1] = Math.max(0, close[i - 1] - close[i]);
            }
            double[] gain = average(gains, 14, 1.0 / 14, 1);
            double[] loss = average(losses, 14, 1.0 / 14, 1);
            double[] rsi = new double[close.length];
            Arrays.setAll(rsi, i -> 100 * gain[i] / (gain[i] + loss[i]));
            return rsi;
        }

        private static double[] cci(double[] high, double[] low, double[] close) {
            double[] typical = new double[close.length];
            Arrays.setAll(typical, i -> (high[i] + low[i] + close[i]) / 3);
            double[] cci = new double[close.length];
            Arrays.fill(cci, Double.NaN);
            for (int i = 13; i < close.length; i++) {
                double mean = Arrays.stream(typical, i - 13, i + 1).average().orElseThrow();
                double deviation = Arrays.stream(typical, i - 13, i + 1)
                        .map(value -> Math.abs(value - mean))
                        .average()
                        .orElseThrow();
                cci[i] = (typical[i] - mean) / (0.015 * deviation);
            }
            return cci;
        }

        private static double[] trueRange(double[] high, double[] low, double[] close) {
            double[] range = new double[close.length - 1];
            for (int i = 1; i < close.length; i++) {
                range[i - 1] = Math.max(high[i], close[i - 1]) - Math.min(low[i], close[i - 1]);
            }
            return range;
        }

        private static double[] atr(double[] high, double[] low, double[] close) {
            return average(trueRange(high, low, close), 14, 1.0 / 14, 1);
        }

        /** Wilder's sums: the first is over 13 moves, and the first index is at the move after them. */
        private static double[] dx(double[] high, double[] low, double[] close) {
            double[] dx = new double[close.length];
            Arrays.fill(dx, Double.NaN);
            double plus = 0;
            double minus = 0;
            for (int i = 1; i < close.length; i++) {
                double up = high[i] - high[i - 1];
                double down = low[i - 1] - low[i];
                if (i >= 14) {
                    plus -= plus / 14;
                    minus -= minus / 14;
                }
                plus += up > down && up > 0 ? up : 0;
                minus += down > up && down > 0 ? down : 0;
                if (i >= 14) {
                    dx[i] = 100 * Math.abs(plus - minus) / (plus + minus);
                }
            }
            return dx;
        }

        private static double[] regimeShift(double[] atr) {
            double[] shift = new double[atr.length];
            Arrays.fill(shift, Double.NaN);
            for (int i = 14; i < atr.length; i++) {
                double mean = Arrays.stream(atr, Math.max(14, i - 49), i + 1)
                        .average()
                        .orElseThrow();
                shift[i] = (atr[i] - mean) / (mean + 1e-8);
            }
            return shift;
        }
    }
}
