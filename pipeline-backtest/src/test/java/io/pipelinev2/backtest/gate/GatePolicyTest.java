package io.pipelinev2.backtest.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.backtest.metrics.Metric;
import io.pipelinev2.backtest.metrics.MetricGlossary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GatePolicyTest {

    private static final GatePolicy ADAPTIVE = GatePolicy.preset("v1-adaptive");

    @Test
    void an_unknown_preset_lists_the_known_ones() {
        assertThat(GatePolicy.presets()).containsExactly("v2-basic", "v1-adaptive", "strict");
        assertThat(GatePolicy.preset("v2-basic")).isSameAs(GateSet.V2_BASIC);
        assertThat(GatePolicy.preset("strict")).isSameAs(GateSet.STRICT);
        assertThatThrownBy(() -> GatePolicy.preset("v3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gates was 'v3' but must be one of: v2-basic, v1-adaptive, strict");
    }

    @ParameterizedTest
    @MethodSource("io.pipelinev2.backtest.gate.GatePolicy#presets")
    void a_preset_judges_by_metrics_that_there_are_and_asks_for_trades(String name) {
        assertThat(GatePolicy.preset(name).sets()).isNotEmpty().allSatisfy(set -> {
            assertThat(set.name()).isEqualTo(name);
            assertThat(MetricGlossary.names())
                    .containsAll(set.gates().stream().map(Gate::metric).toList());
            assertThat(set.judge(Map.of("trades", Metric.of(0), "round_trips", Metric.of(0)), Map.of())
                            .results()
                            .get(0)
                            .passed())
                    .isFalse();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "0, early, -0.5, 0.8, ",
        "49, early, -0.5, 0.8, ",
        "50, mid, -0.2, 0.5, -0.5",
        "199, mid, -0.2, 0.5, -0.5",
        "200, late, -0.1, 0.35, 0",
        "499, late, -0.1, 0.35, 0",
        "500, mature, 0, 0.15, 0.3",
        "9999999999, mature, 0, 0.15, 0.3"
    })
    void the_tiers_of_v1_are_the_originals_and_their_boundaries_pass(
            long count, String tier, double loss, double drawdown, Double sharpe) {
        GateSet set = ADAPTIVE.gatesFor(OptionalLong.of(count));

        assertThat(set.remark()).isEqualTo("tier " + tier + " at " + count + " complete trials");
        assertThat(set.judge(evidence(loss, drawdown, sharpe), Map.of()).passed())
                .isTrue();
        assertThat(set.judge(evidence(Math.nextDown(loss), drawdown, sharpe), Map.of())
                        .passed())
                .isFalse();
        assertThat(set.judge(evidence(loss, Math.nextUp(drawdown), sharpe), Map.of())
                        .passed())
                .isFalse();
        assertThat(set.judge(evidence(loss, drawdown, sharpe == null ? -99 : Math.nextDown(sharpe)), Map.of())
                        .passed())
                .isEqualTo(sharpe == null);
    }

    @Test
    void an_unknown_count_is_judged_by_the_strictest_tier_and_said_so() {
        GateSet set = ADAPTIVE.gatesFor(OptionalLong.empty());

        assertThat(set.gates())
                .isEqualTo(ADAPTIVE.gatesFor(OptionalLong.of(500)).gates());
        assertThat(set.judge(evidence(0, 0.15, 0.3), Map.of()).reason())
                .isEqualTo("passed all 4 gates (v1-adaptive, tier mature, the strictest, because the number of complete"
                        + " trials is unknown)");
        assertThat(set.judge(evidence(-0.3, 0.15, 0.3), Map.of()).reason())
                .startsWith(
                        "total return failed: legacy_v1.total_return is -0.3, must be >= 0 (v1-adaptive, tier mature");
        assertThatThrownBy(() -> ADAPTIVE.gatesFor(OptionalLong.of(-1))).hasMessageContaining("negative");
    }

    @Test
    void own_gates_hold_in_every_tier() {
        GatePolicy policy =
                ADAPTIVE.with(List.of(new Gate("depth", "legacy_v1.max_drawdown", Comparison.AT_MOST, 0.2)));

        assertThat(policy.sets())
                .hasSize(4)
                .allSatisfy(set -> assertThat(set.gates())
                        .filteredOn(gate -> gate.metric().equals("legacy_v1.max_drawdown"))
                        .singleElement()
                        .satisfies(gate -> assertThat(gate.threshold()).isEqualTo(0.2)));
        assertThatThrownBy(
                        () -> ADAPTIVE.with(List.of(new Gate("a", "legacy_v1.max_drawdown", Comparison.AT_LEAST, 0.3))))
                .hasMessageContaining("legacy_v1.max_drawdown cannot be both <= 0.15 and >= 0.3");
    }

    @Test
    void tiers_begin_at_nothing_and_rise() {
        List<Gate> gates = GateSet.V2_BASIC.gates();

        assertThatThrownBy(() -> new AdaptiveGates("mine", List.of(new AdaptiveGates.Tier("a", 1, gates))))
                .hasMessageContaining("begin at 0");
        assertThatThrownBy(() -> new AdaptiveGates(
                        "mine", List.of(new AdaptiveGates.Tier("a", 0, gates), new AdaptiveGates.Tier("b", 0, gates))))
                .hasMessageContaining("rising");
    }

    private static Map<String, Metric> evidence(double totalReturn, double drawdown, Number sharpe) {
        Map<String, Metric> evidence = new HashMap<>();
        evidence.put("trades", Metric.of(1));
        evidence.put("legacy_v1.total_return", Metric.of(totalReturn));
        evidence.put("legacy_v1.max_drawdown", Metric.of(drawdown));
        evidence.put("legacy_v1.sharpe", Metric.of(sharpe == null ? -100 : sharpe.doubleValue()));
        return evidence;
    }
}
