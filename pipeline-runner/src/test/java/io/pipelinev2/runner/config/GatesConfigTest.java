package io.pipelinev2.runner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.backtest.gate.Comparison;
import io.pipelinev2.backtest.gate.Gate;
import io.pipelinev2.backtest.gate.GatePolicy;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class GatesConfigTest {

    private static final Gate SHARPE = new Gate("sober", "sharpe", Comparison.AT_LEAST, 1);

    @Test
    void own_gates_stand_beside_those_of_the_preset() {
        GatePolicy policy = new GatesConfig("strict", List.of(SHARPE)).policy();

        assertThat(policy.name()).isEqualTo("strict with own gates");
        assertThat(policy.gatesFor(OptionalLong.empty()).gates())
                .contains(SHARPE)
                .hasSize(GatePolicy.preset("strict").sets().get(0).gates().size() + 1);
    }

    @Test
    void what_the_file_may_not_say_a_program_may_not_either() {
        assertThatThrownBy(() -> new GatesConfig("v3", List.of())).hasMessageContaining("one of: v2-basic");
        assertThatThrownBy(() -> new GatesConfig("strict", List.of(new Gate("a", "sharp", Comparison.AT_LEAST, 1))))
                .hasMessageContaining("metric was sharp");
        assertThatThrownBy(
                        () -> new GatesConfig("strict", List.of(new Gate("a", "total_return", Comparison.AT_MOST, -1))))
                .hasMessageContaining("cannot be both");
    }
}
