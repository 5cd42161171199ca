package io.pipelinev2.backtest.overfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.metrics.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class EffectiveTrialsTest {

    private static final Path OVERFIT = Fixtures.ROOT.resolve("overfit");

    @Test
    void every_definition_is_the_reference_implementations() throws IOException {
        JsonNode expected =
                Fixtures.json(OVERFIT.resolve("dsr_end_to_end.json")).get("effective_N");
        EffectiveTrials measured = EffectiveTrials.of(Matrices.trials(OVERFIT.resolve("trials_6clusters.npy")));

        assertThat(measured.trials()).isEqualTo(30);
        assertThat(measured.averageCorrelation())
                .isCloseTo(expected.get("avg_corr").asDouble(), within(1e-10));
        assertThat(measured.byAverageCorrelation())
                .isCloseTo(expected.get("n_avg_corr").asDouble(), within(1e-9));
        assertThat(measured.byParticipation())
                .isCloseTo(expected.get("n_participation").asDouble(), within(1e-9));
        assertThat(value(measured.byEffectiveRank()))
                .isCloseTo(expected.get("n_effective_rank").asDouble(), within(1e-8));
        assertThat(value(measured.byClusters()))
                .isEqualTo(expected.get("clusters_at_distance_0.5").asDouble());
    }

    @Test
    void one_trial_is_worth_one_and_so_are_many_copies_of_it() {
        double[] row = Matrices.random(1, 1, 100)[0];
        for (double[][] copies : new double[][][] {{row}, {row, row}, {row, row, row, row, row}}) {
            EffectiveTrials measured = EffectiveTrials.of(copies);
            assertThat(measured.byAverageCorrelation()).isCloseTo(1, within(1e-12));
            assertThat(measured.byParticipation()).isCloseTo(1, within(1e-12));
            assertThat(value(measured.byEffectiveRank())).isCloseTo(1, within(1e-9));
            assertThat(value(measured.byClusters())).isEqualTo(1);
        }
    }

    @Test
    void uncorrelated_trials_are_worth_their_number() {
        double[][] orthogonal = new double[4][8];
        for (int i = 0; i < 4; i++) {
            for (int t = 0; t < 8; t++) {
                orthogonal[i][t] = Integer.bitCount((i + 1) & t) % 2 == 0 ? 1 : -1;
            }
        }
        EffectiveTrials measured = EffectiveTrials.of(orthogonal);

        assertThat(measured.byAverageCorrelation()).isCloseTo(4, within(1e-12));
        assertThat(measured.byParticipation()).isCloseTo(4, within(1e-12));
        assertThat(value(measured.byEffectiveRank())).isCloseTo(4, within(1e-9));
        assertThat(value(measured.byClusters())).isEqualTo(4);
    }

    @Test
    void more_trials_than_steps_give_the_same_participation_ratio_by_the_smaller_matrix() {
        double[][] many = Matrices.random(2, 60, 20);
        EffectiveTrials few = EffectiveTrials.of(many);
        double[][] repeated = new double[300][];
        Arrays.setAll(repeated, i -> many[i % 60]);

        // Five copies of each trial: N^2 and the squared norm both grow 25-fold.
        EffectiveTrials measured = EffectiveTrials.of(repeated);

        assertThat(measured.byParticipation()).isCloseTo(few.byParticipation(), within(1e-9));
        assertThat(measured.byEffectiveRank().remark()).contains("more than 200 trials, there are 300");
        assertThat(measured.byClusters().isDefined()).isFalse();
    }

    @Test
    void five_thousand_trials_need_no_matrix_of_their_number() {
        EffectiveTrials measured = EffectiveTrials.of(Matrices.random(3, 5000, 64));

        // Noise of T steps spans T - 1 dimensions.
        assertThat(measured.byParticipation()).isBetween(60.0, 63.0);
        assertThat(measured.byAverageCorrelation()).isBetween(4900.0, 5000.0);
    }

    @Test
    void trials_that_do_not_vary_or_do_not_align_are_refused() {
        assertThatThrownBy(() -> EffectiveTrials.of(new double[0][]))
                .hasMessageContaining("needs a trial, there was none");
        double[][] constant = Matrices.random(1, 2, 50);
        Arrays.fill(constant[1], 0.001);
        assertThatThrownBy(() -> EffectiveTrials.of(constant)).hasMessageContaining("row 1 does not");
        assertThatThrownBy(() -> EffectiveTrials.of(new double[][] {{1, 2, 3}, {1, 2}}))
                .hasMessageContaining("row 1 had 2");
    }

    private static double value(Metric metric) {
        assertThat(metric.value()).as(metric.remark()).isNotNull();
        return metric.value();
    }
}
