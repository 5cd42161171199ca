package io.pipelinev2.backtest.overfit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.backtest.overfit.OverfitSimulation.Result;
import io.pipelinev2.backtest.overfit.OverfitSimulation.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A small version of the simulation whose figures are in docs/overfitting.md; seeded, so it cannot fail by chance. */
class OverfitSimulationTest {

    private static final long SEED = 2026;

    @ParameterizedTest
    @CsvSource({"0.0, false", "0.6, false", "0.0, true", "0.6, true"})
    void enforce_promotes_at_most_one_study_of_noise_in_twenty(double correlation, boolean heavyTails) {
        Result result = OverfitSimulation.run(SEED, 20, Setting.noise(1680, correlation, heavyTails));

        assertThat(result.rate(OverfitSimulation.ENFORCED)).isLessThanOrEqualTo(0.05);
    }

    @Test
    void enforce_promotes_an_edge_that_a_third_of_the_trials_of_one_market_share() {
        Result result = OverfitSimulation.run(SEED, 20, Setting.planted(10, 0.6));

        assertThat(result.rate(OverfitSimulation.ENFORCED)).isGreaterThanOrEqualTo(0.8);
        assertThat(result.rate(OverfitSimulation.RIGHT)).isEqualTo(result.rate(OverfitSimulation.ENFORCED));
    }

    @Test
    void the_same_seed_gives_the_same_result() {
        Setting setting = Setting.planted(1, 0.3);

        assertThat(OverfitSimulation.run(5, 4, setting)).isEqualTo(OverfitSimulation.run(5, 4, setting));
    }
}
