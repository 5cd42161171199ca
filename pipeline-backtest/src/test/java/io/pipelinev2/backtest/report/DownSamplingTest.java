package io.pipelinev2.backtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DownSamplingTest {

    @Property(tries = 300)
    void extremes_and_the_deepest_fall_of_any_curve_are_drawn(
            @ForAll("curves") double[] y, @ForAll @IntRange(min = 6, max = 200) int limit) {
        int[] kept = DownSampling.indexes(evenly(y.length), y, limit);
        double[] drawn = Arrays.stream(kept).mapToDouble(i -> y[i]).toArray();

        assertThat(kept.length).isLessThanOrEqualTo(Math.max(limit, Math.min(y.length, limit)));
        assertThat(kept).isSorted().doesNotHaveDuplicates();
        assertThat(kept[0]).isZero();
        assertThat(kept[kept.length - 1]).isEqualTo(y.length - 1);
        assertThat(Arrays.stream(drawn).min()).isEqualTo(Arrays.stream(y).min());
        assertThat(Arrays.stream(drawn).max()).isEqualTo(Arrays.stream(y).max());
        assertThat(deepestFall(drawn)).isEqualTo(deepestFall(y));
    }

    @Property(tries = 100)
    void curves_with_gaps_in_time_keep_their_extremes(@ForAll("curves") double[] y) {
        double[] x = evenly(y.length);
        for (int i = y.length / 3; i < x.length; i++) {
            x[i] += 1e6;
        }
        double[] drawn = Arrays.stream(DownSampling.indexes(x, y, 40))
                .mapToDouble(i -> y[i])
                .toArray();

        assertThat(drawn.length).isLessThanOrEqualTo(40);
        assertThat(Arrays.stream(drawn).min()).isEqualTo(Arrays.stream(y).min());
        assertThat(Arrays.stream(drawn).max()).isEqualTo(Arrays.stream(y).max());
    }

    @Test
    void a_fall_and_its_recovery_within_one_column_are_not_lost() {
        double[] y = new double[1000];
        Arrays.fill(y, 1);
        // Within one column: the lowest point comes before the fall, the highest after it.
        y[500] = 0.2;
        y[501] = 3;
        y[502] = 0.3;
        y[503] = 4;

        int[] kept = DownSampling.indexes(evenly(1000), y, 20);

        assertThat(kept).contains(500, 501, 502, 503);
    }

    @Test
    void a_short_curve_is_drawn_as_it_is() {
        assertThat(DownSampling.indexes(evenly(3), new double[] {1, 2, 1}, 6)).containsExactly(0, 1, 2);
    }

    @Provide
    Arbitrary<double[]> curves() {
        Arbitrary<Double> steps = Arbitraries.doubles().between(-0.4, 0.5);
        return Combinators.combine(
                        steps.list().ofMinSize(1).ofMaxSize(600),
                        Arbitraries.doubles().between(0.1, 1e6))
                .as((changes, start) -> {
                    double[] curve = new double[changes.size() + 1];
                    curve[0] = start;
                    for (int i = 0; i < changes.size(); i++) {
                        curve[i + 1] = Math.max(1e-3, curve[i] * (1 + changes.get(i)));
                    }
                    return curve;
                });
    }

    private static double[] evenly(int n) {
        double[] x = new double[n];
        Arrays.setAll(x, i -> i);
        return x;
    }

    private static double deepestFall(double[] y) {
        double peak = y[0];
        double deepest = 0;
        for (double value : y) {
            peak = Math.max(peak, value);
            deepest = Math.max(deepest, 1 - value / peak);
        }
        return deepest;
    }
}
