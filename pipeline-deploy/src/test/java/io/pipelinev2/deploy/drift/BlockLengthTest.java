package io.pipelinev2.deploy.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockLengthTest {

    private static double[] autoregressive(double correlation, int length, long seed) {
        Random random = new Random(seed);
        double[] values = new double[length];
        for (int i = 1; i < length; i++) {
            values[i] = correlation * values[i - 1] + random.nextGaussian();
        }
        return values;
    }

    @Test
    void independent_values_need_short_blocks() {
        assertThat(BlockLength.of(autoregressive(0, 2_000, 1))).isLessThan(4);
    }

    /**
     * For an autoregressive process of the first order the best length is known: {@code (n * (2 r / (1 - r^2))^2)^(1/3)}, as
     * follows from the paper's formula.
     */
    @Test
    void dependent_values_need_the_length_that_theory_gives() {
        double r = 0.7;
        int n = 20_000;
        double theory = Math.cbrt(n * Math.pow(2 * r / (1 - r * r), 2));
        double mean = 0;
        for (int seed = 0; seed < 20; seed++) {
            mean += BlockLength.of(autoregressive(r, n, seed)) / 20;
        }
        assertThat(mean).isCloseTo(theory, within(0.15 * theory));
    }

    @Test
    void blocks_stay_within_the_values() {
        double[] rising = new double[100];
        for (int i = 0; i < rising.length; i++) {
            rising[i] = i;
        }
        assertThat(BlockLength.of(rising)).isBetween(1.0, 30.0);
        assertThat(BlockLength.of(new double[] {1, 2})).isEqualTo(1);
    }
}
