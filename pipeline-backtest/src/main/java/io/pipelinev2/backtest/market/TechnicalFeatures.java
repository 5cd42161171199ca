package io.pipelinev2.backtest.market;

import com.tictactec.ta.lib.Core;
import com.tictactec.ta.lib.MInteger;
import com.tictactec.ta.lib.RetCode;
import java.util.Arrays;
import java.util.List;

/**
 * The 14 features per asset that the original's models are trained on, computed from bars with TA-Lib, unstable period 0:
 * open, high, low, close, volume; MACD(12, 26, 9) of the close with signal and histogram; RSI(14); CCI(14); DX(14); and
 * three of the original's own:
 *
 * <ul>
 *   <li>{@code atr_regime_shift} = (A - m) / (m + 1e-8), where A is ATR(14) and m the mean of its last 50 defined values, of
 *       fewer at the start. The 1e-8 is the original's, and models have seen it.
 *   <li>{@code range_breakout_volume}: constant zero. The original asks whether the close is above the highest high or below
 *       the lowest low of the last 20 bars and counts the current bar among them, so that it never is. The column is kept
 *       because the models have an input for it.
 *   <li>{@code trend_reacceleration}: the second difference of ADX(14).
 * </ul>
 *
 * <p>TA-Lib takes what is smaller than 1e-8 for zero where it divides, so that RSI, DX and CCI of assets quoted in such
 * prices are 0 or stand still.
 */
public final class TechnicalFeatures {

    /** Names in the order of the columns. */
    public static final List<String> NAMES = List.of(
            "open",
            "high",
            "low",
            "close",
            "volume",
            "macd",
            "macd_signal",
            "macd_hist",
            "rsi",
            "cci",
            "dx",
            "atr_regime_shift",
            "range_breakout_volume",
            "trend_reacceleration");

    /** Features per asset. */
    public static final int COUNT = NAMES.size();

    /** Bars before the first for which all features are defined: MACD's 25 and its signal's 8. */
    public static final int WARM_UP = 33;

    /**
     * Bars after which nothing is left of where a history began: features of the last of so many bars are those of any
     * longer history to 1e-6. The slowest average keeps 13/14 of the past with each bar, and 50 of its values are averaged
     * again; what is left after 1000 bars, 1e-30, is nothing even beside the 1e-8 that TA-Lib takes for zero.
     */
    public static final int SETTLED = 1000;

    private static final int PERIOD = 14;
    private static final int REGIME_WINDOW = 50;

    private final double[] high;
    private final double[] low;
    private final double[] close;
    private final Core core = new Core();

    private TechnicalFeatures(double[][] bars) {
        this.high = bars[1];
        this.low = bars[2];
        this.close = bars[3];
    }

    /**
     * All features by column and bar; NaN where one is not defined yet.
     *
     * @param bars open, high, low, close and volume, each of all bars; they are among the result
     */
    public static double[][] of(double[][] bars) {
        return new TechnicalFeatures(bars).columns(bars);
    }

    private double[][] columns(double[][] bars) {
        int size = close.length;
        double[][] columns = new double[COUNT][];
        for (int i = 0; i < 5; i++) {
            columns[i] = bars[i];
        }
        double[] macd = new double[size];
        double[] signal = new double[size];
        double[] histogram = new double[size];
        MInteger begin = new MInteger();
        MInteger count = new MInteger();
        require(core.macd(0, size - 1, close, 12, 26, 9, begin, count, macd, signal, histogram));
        columns[5] = placed(macd, begin, count);
        columns[6] = placed(signal, begin, count);
        columns[7] = placed(histogram, begin, count);
        columns[8] = indicator((b, n, out) -> core.rsi(0, size - 1, close, PERIOD, b, n, out));
        columns[9] = indicator((b, n, out) -> core.cci(0, size - 1, high, low, close, PERIOD, b, n, out));
        columns[10] = indicator((b, n, out) -> core.dx(0, size - 1, high, low, close, PERIOD, b, n, out));
        columns[11] = regimeShift(indicator((b, n, out) -> core.atr(0, size - 1, high, low, close, PERIOD, b, n, out)));
        columns[12] = new double[size];
        columns[13] =
                secondDifference(indicator((b, n, out) -> core.adx(0, size - 1, high, low, close, PERIOD, b, n, out)));
        return columns;
    }

    private double[] indicator(Function function) {
        double[] out = new double[close.length];
        MInteger begin = new MInteger();
        MInteger count = new MInteger();
        require(function.compute(begin, count, out));
        return placed(out, begin, count);
    }

    /** TA-Lib writes its first defined value to index 0; this puts it at the bar that it belongs to. */
    private static double[] placed(double[] out, MInteger begin, MInteger count) {
        System.arraycopy(out, 0, out, begin.value, count.value);
        Arrays.fill(out, 0, count.value == 0 ? out.length : begin.value, Double.NaN);
        return out;
    }

    private static double[] regimeShift(double[] atr) {
        double[] shift = new double[atr.length];
        Arrays.fill(shift, Double.NaN);
        for (int i = PERIOD; i < atr.length; i++) {
            // Summed anew each time: a running sum would keep the rounding of all bars before.
            int from = Math.max(PERIOD, i - REGIME_WINDOW + 1);
            double sum = 0;
            for (int j = from; j <= i; j++) {
                sum += atr[j];
            }
            double mean = sum / (i - from + 1);
            shift[i] = (atr[i] - mean) / (mean + 1e-8);
        }
        return shift;
    }

    private static double[] secondDifference(double[] values) {
        double[] differences = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            differences[i] = i < 2 ? Double.NaN : (values[i] - values[i - 1]) - (values[i - 1] - values[i - 2]);
        }
        return differences;
    }

    private static void require(RetCode code) {
        if (code != RetCode.Success) {
            throw new IllegalStateException("TA-Lib refused its arguments: " + code);
        }
    }

    private interface Function {
        RetCode compute(MInteger begin, MInteger count, double[] out);
    }
}
