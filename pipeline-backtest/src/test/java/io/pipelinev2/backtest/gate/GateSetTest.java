package io.pipelinev2.backtest.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.backtest.metrics.Metric;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    void an_unknown_preset_lists_the_known_ones() {
        assertThat(GateSet.preset("v2-basic")).isSameAs(GateSet.V2_BASIC);
        assertThatThrownBy(() -> GateSet.preset("v3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gates was 'v3' but must be one of: v2-basic");
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
