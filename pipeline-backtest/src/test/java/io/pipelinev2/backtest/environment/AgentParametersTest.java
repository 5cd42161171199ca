package io.pipelinev2.backtest.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentParametersTest {

    @Test
    void what_is_absent_takes_the_originals_default() {
        assertThat(AgentParameters.from(Map.of()))
                .isEqualTo(new AgentParameters(4, Math.pow(2, -11), Math.pow(2, -8), Math.pow(2, -14), 100, 0.1, 256));
    }

    @Test
    void whole_numbers_may_come_as_floating_point_numbers() {
        AgentParameters parameters =
                AgentParameters.from(Map.of("lookback", 3.0, "net_dimension", 128L, "norm_cash_exp", -12));

        assertThat(parameters.lookback()).isEqualTo(3);
        assertThat(parameters.netDimension()).isEqualTo(128);
        assertThat(parameters.normCash()).isEqualTo(1.0 / 4096);
        assertThat(parameters.stateDimension(7, 98)).isEqualTo(302);
    }

    @Test
    void all_wrong_parameters_are_named_at_once() {
        Map<String, Object> wrong = new HashMap<>();
        wrong.put("lookback", 1.5);
        wrong.put("net_dimension", "256");
        wrong.put("norm_action", Double.NaN);
        wrong.put("min_cash_reserve", null);
        wrong.put("norm_cash_exp", true);
        wrong.put("norm_tech_exp", 5000);

        assertThatThrownBy(() -> AgentParameters.from(wrong))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("lookback must be a whole number, was 1.5")
                .hasMessageContaining("net_dimension must be a finite number, was the text '256'")
                .hasMessageContaining("norm_action must be a finite number, was NaN")
                .hasMessageContaining("min_cash_reserve must be a finite number, was null")
                .hasMessageContaining("norm_cash_exp must be a finite number, was true")
                .hasMessageContaining("norm_tech_exp must be -100 to 100");
    }

    @Test
    void values_out_of_range_are_refused() {
        assertThatThrownBy(() -> AgentParameters.from(Map.of("lookback", 0, "norm_action", -1, "min_cash_reserve", 2)))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("lookback must be 1 to")
                .hasMessageContaining("norm_action must be positive")
                .hasMessageContaining("min_cash_reserve must be a share");
    }
}
