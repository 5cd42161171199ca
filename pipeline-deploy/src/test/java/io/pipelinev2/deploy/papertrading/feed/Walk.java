package io.pipelinev2.deploy.papertrading.feed;

import io.pipelinev2.backtest.market.TechnicalFeatures;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A market of three assets that walk at random, one bar an hour. */
final class Walk {

    static final List<String> ASSETS = List.of("ETH", "BTC", "UNI");
    static final Duration HOUR = Duration.ofHours(1);

    private final Instant start;
    private final double[][][] bars;

    /** @param start on the hour */
    Walk(Instant start, int size) {
        this.start = start;
        this.bars = new double[ASSETS.size()][5][size];
        Random random = new Random(5);
        for (double[][] columns : bars) {
            double close = 10 + 1000 * random.nextDouble();
            for (int i = 0; i < size; i++) {
                double open = close;
                close = open * Math.exp(0.01 * random.nextGaussian());
                columns[0][i] = open;
                columns[1][i] = Math.max(open, close) * (1 + 0.005 * random.nextDouble());
                columns[2][i] = Math.min(open, close) * (1 - 0.005 * random.nextDouble());
                columns[3][i] = close;
                columns[4][i] = 100 * random.nextDouble();
            }
        }
    }

    int size() {
        return bars[0][0].length;
    }

    Instant time(int row) {
        return start.plus(HOUR.multipliedBy(row));
    }

    int row(Instant time) {
        return (int) Duration.between(start, time).toHours();
    }

    double[] bar(int asset, int row) {
        return Arrays.stream(bars[asset]).mapToDouble(column -> column[row]).toArray();
    }

    double close(int asset, int row) {
        return bars[asset][3][row];
    }

    List<Double> closes(int row) {
        return List.of(close(0, row), close(1, row), close(2, row));
    }

    /** All features of a bar, from everything before it. */
    double[] features(int row) {
        double[] all = new double[ASSETS.size() * TechnicalFeatures.COUNT];
        for (int asset = 0; asset < ASSETS.size(); asset++) {
            double[][] columns = TechnicalFeatures.of(bars[asset]);
            for (int k = 0; k < columns.length; k++) {
                all[asset * columns.length + k] = columns[k][row];
            }
        }
        return all;
    }

    /** A line of a CSV file. */
    String line(int asset, int row) {
        StringBuilder line = new StringBuilder(time(row).toString());
        for (double value : bar(asset, row)) {
            line.append(',').append(value);
        }
        return line.append('\n').toString();
    }
}
