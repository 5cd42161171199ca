package io.pipelinev2.backtest.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TradingRulesTest {

    @Test
    void an_empty_block_and_the_documented_one_mean_the_original_rules() {
        assertThat(TradingRules.from(Map.of())).isEqualTo(TradingRules.ORIGINAL);
        assertThat(TradingRules.from(Map.of("preset", "original", "slippage_bps", 0, "fills", "same-bar")))
                .isEqualTo(TradingRules.ORIGINAL);
    }

    @Test
    void all_faults_of_the_block_are_reported_at_once() {
        assertThatThrownBy(() ->
                        TradingRules.from(Map.of("preset", "mine", "slippage_bps", 5, "fills", "next-bar", "fee", 0.1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("environment.preset was 'mine'")
                .hasMessageContaining("environment.slippage_bps must be 0")
                .hasMessageContaining("environment.fills was 'next-bar'")
                .hasMessageContaining("environment.fee is not known");
        assertThatThrownBy(() -> TradingRules.from(Map.of("slippage_bps", "none")))
                .hasMessageContaining("a number");
    }

    @Test
    void every_rule_is_checked() {
        assertThatThrownBy(() -> TradingRules.ORIGINAL.withTrailingStop(1)).hasMessageContaining("trailing stop");
        assertThatThrownBy(() -> TradingRules.ORIGINAL.withLots(List.of())).hasMessageContaining("lots");
        assertThatThrownBy(() -> TradingRules.ORIGINAL.withLots(List.of(-1.0))).hasMessageContaining("lot");
        assertThatThrownBy(() -> TradingRules.ORIGINAL.withMaxSteps(0)).hasMessageContaining("1 step");
    }

    @Test
    void the_smallest_order_is_the_lot_and_a_tenth() {
        assertThat(TradingRules.ORIGINAL.minimumOrder(3)).isEqualTo(0.1 * 1.1);
        assertThat(TradingRules.ORIGINAL.toMap())
                .containsEntry("fee_rate", 0.0025)
                .containsEntry("fills", "same-bar");
    }
}
