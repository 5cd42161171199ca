package io.pipelinev2.backtest.overfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.metrics.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class CscvTest {

    @ParameterizedTest
    @ValueSource(strings = {"pbo_small_noise_S8", "pbo_small_edge_S8"})
    void every_split_is_the_reference_implementations(String name) throws IOException {
        Path overfit = Fixtures.ROOT.resolve("overfit");
        JsonNode fixture = Fixtures.json(overfit.resolve(name + ".json"));
        CscvResult result = Cscv.of(
                Matrices.trials(overfit.resolve(name + ".npy")),
                fixture.get("S").asInt());

        JsonNode expected = fixture.get("expected");
        assertThat(result.splits()).isEqualTo(expected.get("combos").asInt());
        assertThat(result.probabilityOfOverfitting())
                .isCloseTo(expected.get("pbo").asDouble(), within(1e-12));
        assertThat(result.probabilityOfLoss())
                .isCloseTo(expected.get("prob_oos_loss").asDouble(), within(1e-12));
        assertThat(value(result.line().slope())).isCloseTo(expected.get("slope").asDouble(), within(1e-9));
        assertThat(value(result.line().intercept()))
                .isCloseTo(expected.get("intercept").asDouble(), within(1e-9));
        assertThat(value(result.line().rSquared())).isCloseTo(expected.get("r2").asDouble(), within(1e-9));
        assertThat(Arrays.stream(result.inSample()).average().orElseThrow())
                .isCloseTo(expected.get("mean_is").asDouble(), within(1e-9));
        assertThat(Arrays.stream(result.outOfSample()).average().orElseThrow())
                .isCloseTo(expected.get("mean_oos").asDouble(), within(1e-9));
        double sum = 0;
        for (int split = 0; split < result.splits(); split++) {
            sum += result.logit(split);
        }
        assertThat(sum).isCloseTo(fixture.get("sum_logits").asDouble(), within(1e-9));
        for (int split = 0; split < 10; split++) {
            assertThat(result.selected()[split])
                    .isEqualTo(fixture.get("first10_nstar").get(split).asInt());
            assertThat(result.ranks()[split])
                    .isEqualTo(fixture.get("first10_rank").get(split).asDouble());
            assertThat(result.logit(split))
                    .isCloseTo(fixture.get("first10_logits").get(split).asDouble(), within(1e-9));
        }
    }

    @Test
    void sixteen_blocks_are_halved_in_12870_ways_and_agree_with_the_definition() {
        double[][] trials = Matrices.random(7, 12, 16 * 31 + 5);
        CscvResult result = Cscv.of(trials, 16);

        assertThat(result.splits()).isEqualTo(12_870);
        assertSplit(result, trials, 0, new int[] {0, 1, 2, 3, 4, 5, 6, 7});
        assertSplit(result, trials, 1, new int[] {0, 1, 2, 3, 4, 5, 6, 8});
        assertSplit(result, trials, 12_869, new int[] {8, 9, 10, 11, 12, 13, 14, 15});
    }

    @Test
    void the_histogram_holds_every_split_and_its_left_half_is_the_pbo() {
        CscvResult result = Cscv.of(Matrices.random(3, 11, 300), 8);

        var bins = result.histogram(20);

        assertThat(bins).hasSize(20);
        assertThat(bins.stream().mapToLong(LogitBin::count).sum()).isEqualTo(70);
        long left = bins.stream()
                .filter(bin -> bin.upTo() <= 0)
                .mapToLong(LogitBin::count)
                .sum();
        assertThat((double) left / 70).isEqualTo(result.probabilityOfOverfitting());
        assertThat(bins.get(9).upTo()).isZero();
        assertThat(bins.get(10).above()).isZero();
    }

    @Test
    void identical_trials_are_all_average_so_choosing_among_them_is_overfitting() {
        double[] row = Matrices.random(5, 1, 320)[0];
        CscvResult result = Cscv.of(new double[][] {row, row, row, row, row, row, row, row, row, row, row}, 8);

        assertThat(result.probabilityOfOverfitting()).isEqualTo(1);
        assertThat(result.logit(0)).isZero();
        assertThat(result.selected()).containsOnly(0);
    }

    @Test
    void constant_trials_have_a_sharpe_ratio_of_zero_and_no_nan_leaves() {
        double[][] trials = new double[10][320];
        Arrays.fill(trials[1], 0.001);
        CscvResult result = Cscv.of(trials, 8);

        assertThat(result.inSample()).containsOnly(0);
        assertThat(result.outOfSample()).containsOnly(0);
        assertThat(result.probabilityOfLoss()).isZero();
        assertThat(result.line().slope().isDefined()).isFalse();
        assertThat(result.line().rSquared().remark()).contains("same Sharpe ratio in every split");
    }

    @Test
    void a_trial_that_stops_trading_has_a_sharpe_ratio_of_zero_where_it_stands_still() {
        double[][] trials = Matrices.random(9, 2, 320);
        for (int t = 0; t < 160; t++) {
            trials[1][t] = 0;
        }
        trials[0] = new double[320];
        CscvResult result = Cscv.of(trials, 8);

        // The first split takes the first four blocks, in which nobody trades.
        assertThat(result.inSample()[0]).isZero();
        assertThat(result.selected()[0]).isZero();
    }

    @Test
    void a_sample_is_spread_over_all_splits() {
        CscvResult result = Cscv.of(Matrices.random(1, 10, 600), 16);

        assertThat(result.sample(200)).hasSize(200);
        assertThat(result.sample(200).get(199).inSample()).isEqualTo(result.inSample()[12_805]);
        assertThat(Cscv.of(Matrices.random(1, 10, 600), 8).sample(200)).hasSize(70);
    }

    @Test
    void what_cannot_be_split_is_refused_in_words() {
        assertThatThrownBy(() -> Cscv.of(Matrices.random(1, 1, 100), 8))
                .hasMessageContaining("2 trials or more, had 1");
        assertThatThrownBy(() -> Cscv.of(Matrices.random(1, 3, 100), 7)).hasMessageContaining("must be even");
        assertThatThrownBy(() -> Cscv.of(Matrices.random(1, 3, 15), 8)).hasMessageContaining("16 steps or more");
        assertThatThrownBy(() -> Cscv.of(new double[][] {new double[100], new double[99]}, 8))
                .hasMessageContaining("row 1 had 99");
        double[][] trials = Matrices.random(1, 3, 100);
        trials[2][41] = Double.NaN;
        assertThatThrownBy(() -> Cscv.of(trials, 8))
                .hasMessageContaining("row 2 has a non-finite return at index 41: NaN");
    }

    private static void assertSplit(CscvResult result, double[][] trials, int split, int[] blocks) {
        boolean[] taken = new boolean[16];
        Arrays.stream(blocks).forEach(block -> taken[block] = true);
        int length = trials[0].length / 16;
        int first = trials[0].length % 16;
        double[] in = new double[trials.length];
        double[] out = new double[trials.length];
        for (int i = 0; i < trials.length; i++) {
            double[] row = trials[i];
            in[i] = sharpe(row, first, length, taken, true);
            out[i] = sharpe(row, first, length, taken, false);
        }
        int best = 0;
        for (int i = 1; i < in.length; i++) {
            best = in[i] > in[best] ? i : best;
        }
        double chosen = out[best];
        assertThat(result.selected()[split]).isEqualTo(best);
        assertThat(result.inSample()[split]).isCloseTo(in[best], within(1e-12));
        assertThat(result.outOfSample()[split]).isCloseTo(chosen, within(1e-12));
        assertThat(result.ranks()[split])
                .isEqualTo(Arrays.stream(out).filter(o -> o <= chosen).count());
    }

    private static double sharpe(double[] row, int first, int length, boolean[] taken, boolean wanted) {
        double[] part = IntStream.range(first, row.length)
                .filter(t -> taken[(t - first) / length] == wanted)
                .mapToDouble(t -> row[t])
                .toArray();
        double mean = Arrays.stream(part).sum() / part.length;
        double squares = Arrays.stream(part).map(r -> (r - mean) * (r - mean)).sum();
        return mean / Math.sqrt(squares / (part.length - 1));
    }

    private static double value(Metric metric) {
        assertThat(metric.value()).as(metric.remark()).isNotNull();
        return metric.value();
    }
}
