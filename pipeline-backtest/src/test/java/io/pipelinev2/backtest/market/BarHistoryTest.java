package io.pipelinev2.backtest.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.Fixtures;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarHistoryTest {

    private static final double[] BAR = {5, 6, 4, 5, 1};

    @Test
    void bars_are_put_in_order_whichever_way_they_come_and_each_once() {
        BarHistory history = new BarHistory();

        assertThat(history.put(30, BAR)).isEqualTo(BarHistory.Change.NEW);
        assertThat(history.put(10, BAR)).isEqualTo(BarHistory.Change.NEW);
        assertThat(history.put(20, BAR)).isEqualTo(BarHistory.Change.NEW);
        assertThat(history.put(20, BAR)).isEqualTo(BarHistory.Change.NONE);
        assertThat(history.put(20, new double[] {5, 6, 4, 5.5, 1})).isEqualTo(BarHistory.Change.REVISED);

        assertThat(history.size()).isEqualTo(3);
        assertThat(history.time(1)).isEqualTo(20);
        assertThat(history.bar(1)).containsExactly(5, 6, 4, 5.5, 1);
        assertThat(history.indexOf(25)).isEqualTo(-3);
    }

    @Test
    void an_impossible_bar_is_refused() {
        assertThatThrownBy(() -> new BarHistory().put(1, new double[] {5, 6, 4, Double.NaN, 1}))
                .hasMessageContaining("close NaN");
    }

    @Test
    void memory_is_bounded_and_what_is_needed_is_kept() {
        BarHistory history = new BarHistory();
        for (int i = 0; i < 50_000; i++) {
            history.put(i, BAR);
        }
        assertThat(history.size()).isLessThanOrEqualTo(4 * TechnicalFeatures.SETTLED);
        assertThat(history.put(5, BAR)).as("dropped is not taken again").isEqualTo(BarHistory.Change.NONE);

        history.needFrom(49_990);
        for (int i = 50_000; i < 60_000; i++) {
            history.put(i, BAR);
        }
        assertThat(history.indexOf(49_990)).isGreaterThanOrEqualTo(TechnicalFeatures.SETTLED);
        assertThat(history.heldFrom()).isEqualTo(history.time(0));
    }

    /** The original's own data, on which its models were trained: real prices from 5 to 60,000. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void features_of_a_settled_history_are_those_of_the_longest_one(int asset) {
        MarketData data = Fixtures.market();
        int[] rows = {1100, data.rows() / 2 + 600, data.rows() - 1};
        double[][] bars = bars(data, asset);
        double[][] longest = TechnicalFeatures.of(bars);
        for (int row : rows) {
            if (row >= data.rows()) {
                continue;
            }
            BarHistory history = new BarHistory();
            for (int i = Math.max(0, row + 1 - TechnicalFeatures.SETTLED); i <= row; i++) {
                int at = i;
                history.put(
                        i, Arrays.stream(bars).mapToDouble(column -> column[at]).toArray());
            }
            assertClose(history.features(history.size() - 1), longest, row);
        }
    }

    @Test
    void a_thousand_bars_settle_with_room_to_spare_and_two_hundred_do_not() {
        double[][] bars = TechnicalFeaturesTest.randomWalk(6000).columns();
        double[][] longest = TechnicalFeatures.of(bars);

        assertThat(worst(bars, longest, 200)).isGreaterThan(1e-6);
        assertThat(worst(bars, longest, 600)).isLessThan(1e-9);
        assertThat(worst(bars, longest, TechnicalFeatures.SETTLED)).isLessThan(1e-9);
    }

    private static double worst(double[][] bars, double[][] longest, int window) {
        double worst = 0;
        for (int row = 2000; row < 6000; row += 37) {
            int from = row + 1 - window;
            int to = row + 1;
            double[][] some = new double[5][];
            Arrays.setAll(some, k -> Arrays.copyOfRange(bars[k], from, to));
            double[][] features = TechnicalFeatures.of(some);
            for (int k = 0; k < features.length; k++) {
                double expected = longest[k][row];
                worst = Math.max(worst, Math.abs(features[k][window - 1] - expected) / Math.max(1, Math.abs(expected)));
            }
        }
        return worst;
    }

    private static void assertClose(double[] features, double[][] longest, int row) {
        for (int k = 0; k < features.length; k++) {
            assertThat(features[k])
                    .as(TechnicalFeatures.NAMES.get(k) + " of bar " + row)
                    .isCloseTo(longest[k][row], within(1e-6 * Math.max(1, Math.abs(longest[k][row]))));
        }
    }

    private static double[][] bars(MarketData data, int asset) {
        double[][] bars = new double[5][data.rows()];
        for (int row = 0; row < data.rows(); row++) {
            for (int k = 0; k < 5; k++) {
                bars[k][row] = data.tech(row, asset * 14 + k);
            }
        }
        return bars;
    }
}
