package io.pipelinev2.backtest.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.backtest.metrics.Metric;
import io.pipelinev2.backtest.metrics.PerformanceMetrics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GateSetTest {

    @Test
    void values_on_their_thresholds_pass() {
        Verdict verdict = GateSet.V2_BASIC.judge(evidence(-0.5, -0.8, 1), Map.of());

        assertThat(verdict.passed()).isTrue();
        assertThat(verdict.results())
                .hasSize(3)
                .allSatisfy(result -> assertThat(result.margin()).isZero());
        assertThat(verdict.reason()).isEqualTo("passed all 3 gates of v2-basic");
    }

    @Test
    void a_failed_gate_says_value_and_threshold_and_the_others_are_listed_too() {
        Verdict verdict = GateSet.V2_BASIC.judge(evidence(-0.6, -0.7, 12), Map.of());

        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.results()).hasSize(3);
        assertThat(verdict.reason()).isEqualTo("total return failed: legacy_v2.total_return is -0.6, must be >= -0.5");
    }

    @Test
    void an_explanation_takes_the_place_of_bare_numbers() {
        Verdict verdict =
                GateSet.V2_BASIC.judge(evidence(0, 0, 0), Map.of("trades", "the model never trades: because"));

        assertThat(verdict.reason()).isEqualTo("the model never trades: because");
        assertThat(verdict.results().get(0).toMap()).containsEntry("value", 0.0).containsEntry("passed", false);
    }

    @Test
    void undefined_and_unmeasured_figures_fail() {
        Map<String, Metric> evidence = new HashMap<>(evidence(0, 0, 1));
        evidence.put("legacy_v2.total_return", Metric.undefined("there are no steps"));
        evidence.remove("legacy_v2.max_drawdown");

        Verdict verdict = GateSet.V2_BASIC.judge(evidence, Map.of());

        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.reason()).contains("undefined (there are no steps)").contains("was not measured");
        assertThat(verdict.results().get(1).toMap())
                .containsEntry("value", null)
                .containsEntry("margin", null);
    }

    @Test
    void a_compounded_figure_of_a_short_run_passes_no_gate() {
        GateSet set = new GateSet("mine", List.of(new Gate("growth", "cagr", Comparison.AT_LEAST, 0.3)));
        Map<String, Metric> evidence = PerformanceMetrics.ofReturns(new double[] {0.01, 0.02}, 8760, 0, null)
                .all();

        Verdict verdict = set.judge(evidence, Map.of());

        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.reason()).contains("extrapolated from 2 steps", "passes no gate");
        assertThat(verdict.results().get(0).value()).isPositive();
    }

    @Test
    void a_value_just_beyond_its_threshold_is_shown_with_the_digits_that_tell() {
        GateSet set = new GateSet("mine", List.of(new Gate("loss", "total_return", Comparison.AT_LEAST, -0.5)));

        assertThat(set.judge(Map.of("total_return", Metric.of(Math.nextDown(-0.5))), Map.of())
                        .reason())
                .isEqualTo("loss failed: total_return is -0.5000000000000001, must be >= -0.5");
        assertThat(set.judge(Map.of("total_return", Metric.of(-1.5e300)), Map.of())
                        .reason())
                .contains("is -1.5E300,");
    }

    @Test
    void own_gates_take_the_place_of_those_on_the_same_metric_and_side_and_others_are_added() {
        GateSet set = GateSet.STRICT.with(List.of(
                new Gate("mine", "max_drawdown", Comparison.AT_MOST, 0.1),
                new Gate("shallow", "max_drawdown", Comparison.AT_LEAST, 0.001),
                new Gate("sharpe", "sharpe", Comparison.AT_LEAST, 1)));

        assertThat(set.name()).isEqualTo("strict with own gates");
        assertThat(set.gates()).hasSize(GateSet.STRICT.gates().size() + 2);
        assertThat(set.gates())
                .filteredOn(gate -> gate.metric().equals("max_drawdown"))
                .extracting(Gate::threshold)
                .containsExactly(0.1, 0.001);
        assertThat(GateSet.STRICT.with(List.of())).isSameAs(GateSet.STRICT);
    }

    @Test
    void gates_that_no_number_could_pass_are_refused_all_at_once() {
        assertThatThrownBy(() -> GateSet.STRICT.with(List.of(
                        new Gate("a", "max_drawdown", Comparison.AT_LEAST, 0.5),
                        new Gate("b", "total_return", Comparison.AT_MOST, -0.1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("total_return cannot be both >= 0 and <= -0.1")
                .hasMessageContaining("max_drawdown cannot be both <= 0.25 and >= 0.5");
        assertThatThrownBy(() -> new GateSet(
                        "mine",
                        List.of(
                                new Gate("a", "sharpe", Comparison.AT_LEAST, 1),
                                new Gate("b", "sharpe", Comparison.AT_LEAST, 2))))
                .hasMessageContaining("sharpe has two gates on one side, >= 1 and >= 2");
        assertThat(new GateSet(
                                "band",
                                List.of(
                                        new Gate("a", "beta", Comparison.AT_LEAST, 1),
                                        new Gate("b", "beta", Comparison.AT_MOST, 1)))
                        .judge(Map.of("beta", Metric.of(1)), Map.of())
                        .passed())
                .isTrue();
    }

    @Test
    void a_gate_needs_names_and_a_number() {
        assertThatThrownBy(() -> new Gate(" ", "sharpe", Comparison.AT_LEAST, 1))
                .hasMessageContaining("a name");
        assertThatThrownBy(() -> new Gate("a", "sharpe", Comparison.AT_LEAST, Double.NaN))
                .hasMessageContaining("finite");
        assertThatThrownBy(() -> new GateSet("none", List.of())).hasMessageContaining("at least one gate");
    }

    @Property(tries = 200)
    void the_order_of_gates_does_not_matter_and_margins_tell_who_passed(
            @ForAll @Size(min = 1, max = 8) List<@DoubleRange(min = -1e308, max = 1e308) Double> values,
            @ForAll @DoubleRange(min = -1e308, max = 1e308) double threshold,
            @ForAll Random random) {
        Map<String, Metric> evidence = new HashMap<>();
        List<Gate> gates = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            evidence.put("metric_" + i, Metric.of(values.get(i)));
            gates.add(new Gate(
                    "gate " + i,
                    "metric_" + i,
                    i % 2 == 0 ? Comparison.AT_LEAST : Comparison.AT_MOST,
                    i % 3 == 0 ? values.get(i) : threshold));
        }
        List<Gate> shuffled = new ArrayList<>(gates);
        Collections.shuffle(shuffled, random);
        Verdict verdict = new GateSet("a", gates).judge(evidence, Map.of());
        Verdict other = new GateSet("a", shuffled).judge(evidence, Map.of());

        assertThat(other.passed()).isEqualTo(verdict.passed());
        assertThat(other.results()).containsExactlyInAnyOrderElementsOf(verdict.results());
        assertThat(verdict.results())
                .allSatisfy(result -> assertThat(result.passed()).isEqualTo(result.margin() >= 0))
                .allSatisfy(result -> assertThat(result.margin()).isFinite());
    }

    @Test
    void at_most_is_the_other_way_round() {
        GateSet set = new GateSet("mine", List.of(new Gate("drawdown", "max_drawdown", Comparison.AT_MOST, 0.3)));

        assertThat(set.judge(Map.of("max_drawdown", Metric.of(0.2)), Map.of()).passed())
                .isTrue();
        assertThat(set.judge(Map.of("max_drawdown", Metric.of(0.4)), Map.of()).reason())
                .contains("must be <= 0.3");
    }

    private static Map<String, Metric> evidence(double totalReturn, double drawdown, int trades) {
        return Map.of(
                "legacy_v2.total_return",
                Metric.of(totalReturn),
                "legacy_v2.max_drawdown",
                Metric.of(drawdown),
                "trades",
                Metric.of(trades));
    }
}
