package io.pipelinev2.backtest.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TanhTest {

    /** A prime, so that all sorts of mantissas are met: about a million floats from 0 to 16. */
    private static final int STRIDE = 1021;

    private static final int END = Float.floatToIntBits(16);

    @Test
    void it_is_the_float_nearest_to_the_true_value_or_its_neighbour() {
        for (int bits = 0; bits < END; bits += STRIDE) {
            float x = Float.intBitsToFloat(bits);
            float exact = (float) Math.tanh(x);

            if (Math.abs(Tanh.of(x) - exact) > Math.ulp(exact)) {
                assertThat(Tanh.of(x)).as("tanh(%s)", x).isEqualTo(exact);
            }
        }
    }

    @Test
    void it_is_odd_and_bounded() {
        for (int bits = 0; bits < END; bits += STRIDE) {
            float x = Float.intBitsToFloat(bits);

            if (Tanh.of(-x) != -Tanh.of(x) || Tanh.of(x) > 1) {
                assertThat(Tanh.of(-x))
                        .as("tanh(-%s)", x)
                        .isEqualTo(-Tanh.of(x))
                        .isGreaterThanOrEqualTo(-1);
            }
        }
    }

    @Test
    void it_never_decreases_from_one_float_to_the_next() {
        // All floats around the seam of its two series and where it saturates; elsewhere, stretches of neighbours.
        increases(Float.floatToIntBits(1f / 64) - 100_000, Float.floatToIntBits(1f / 64) + 100_000);
        increases(Float.floatToIntBits(9), Float.floatToIntBits(9.2f));
        for (int bits = 0; bits < END; bits += 100 * STRIDE) {
            increases(bits, bits + 50);
        }
        // Where the exponential takes out another power of two.
        for (int power = 0; power < 27; power++) {
            int at = Float.floatToIntBits((float) ((power + 0.5) * Math.log(2) / 2));
            increases(at - 200, at + 200);
        }
    }

    @Test
    void what_is_not_a_number_stays_so_and_infinities_are_the_bounds() {
        assertThat(Tanh.of(Float.NaN)).isNaN();
        assertThat(Tanh.of(Float.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(Tanh.of(Float.NEGATIVE_INFINITY)).isEqualTo(-1);
        assertThat(Tanh.of(Float.MAX_VALUE)).isEqualTo(1);
        assertThat(Tanh.of(Float.MIN_VALUE)).isEqualTo(Float.MIN_VALUE);
    }

    private static void increases(int from, int to) {
        float before = Tanh.of(Float.intBitsToFloat(from));
        for (int bits = from + 1; bits <= to; bits++) {
            float now = Tanh.of(Float.intBitsToFloat(bits));
            if (now < before) {
                assertThat(now).as("tanh(%s)", Float.intBitsToFloat(bits)).isGreaterThanOrEqualTo(before);
            }
            before = now;
        }
    }
}
