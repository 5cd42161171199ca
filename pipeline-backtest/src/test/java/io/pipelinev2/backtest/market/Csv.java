package io.pipelinev2.backtest.market;

import java.time.Instant;
import java.util.function.LongFunction;

/** Writes CSV files with bars. */
public final class Csv {

    public static final long START = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();
    public static final long HOUR = 3_600_000;
    public static final String HEADER = "time,open,high,low,close,volume\n";

    private Csv() {}

    /** Bars of a random walk, the first at {@link #START}, one per hour. */
    public static String walk(int bars) {
        return walk(bars, time -> Instant.ofEpochMilli(time).toString(), "", HEADER);
    }

    static String walk(int bars, LongFunction<String> time, String prefix, String header) {
        StringBuilder text = new StringBuilder(header);
        BarSeries walk = TechnicalFeaturesTest.randomWalk(bars);
        for (int i = 0; i < bars; i++) {
            text.append(prefix).append(time.apply(START + i * HOUR));
            for (int k = 0; k < 5; k++) {
                text.append(',').append(walk.columns()[k][i]);
            }
            text.append('\n');
        }
        return text.toString();
    }
}
