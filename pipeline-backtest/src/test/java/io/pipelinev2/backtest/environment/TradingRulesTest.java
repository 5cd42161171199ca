package io.pipelinev2.backtest.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TradingRulesTest {

    @Test
    void an_empty_block_and_the_documented_one_mean_the_original_rules() {
        assertThat(TradingRules.from(Map.of())).isEqualTo(TradingRules.ORIGINAL);
        assertThat(TradingRules.from(Map.of("preset", "original", "slippage_bps", -0.0, "fills", "same-bar")))
                .isEqualTo(TradingRules.ORIGINAL)
                .hasSameHashCodeAs(TradingRules.ORIGINAL);
    }

    @Test
    void what_is_written_down_is_every_rule_and_reads_back() {
        TradingRules rules = TradingRules.ORIGINAL.with(changed -> changed.initialCapital(1000)
                .feeRate(0.001)
                .lots(new Lots(List.of(0.5, 2.0), List.of("ONE", "TWO")))
                .lotFactor(1)
                .buySafety(1)
                .minCashReserve(0.2)
                .forcedSaleFraction(0.5)
                .forcedSaleAfter(7)
                .actionLimit(2)
                .trailingStop(0.05)
                .maxPosition(0.3)
                .maxSteps(9)
                .fills(Fills.NEXT_BAR)
                .slippageBps(2.5));

        assertThat(TradingRules.from(rules.toMap())).isEqualTo(rules).isNotEqualTo(TradingRules.ORIGINAL);
        assertThat(rules.toBuilder().build()).isEqualTo(rules);
        assertThat(rules.toMap())
                .containsEntry("assets", List.of("ONE", "TWO"))
                .containsEntry("fills", "next-bar")
                .containsEntry("forced_sale_after", 7);
        assertThat(TradingRules.from(Map.of("lots", rules.toMap().get("lots"))).assets())
                .as("lots by column alone are those of unknown assets")
                .isEmpty();
        Map<String, Double> byAsset = new LinkedHashMap<>();
        byAsset.put("TWO", 2.0);
        byAsset.put("ONE", 0.5);
        assertThat(TradingRules.from(Map.of("lots", byAsset)).lots()).isEqualTo(Lots.of(byAsset));
        assertThat(Lots.of(byAsset).assets()).containsExactly("TWO", "ONE");
    }

    @Test
    void all_faults_of_the_block_are_reported_at_once() {
        assertThatThrownBy(() -> TradingRules.from(Map.of(
                        "preset",
                        "mine",
                        "slippage_bps",
                        "none",
                        "fills",
                        "some-bar",
                        "fee",
                        0.1,
                        "fee_rate",
                        1.0,
                        "lots",
                        List.of(-1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("environment.preset was 'mine' but must be one of: original")
                .hasMessageContaining("environment.slippage_bps was 'none' but must be at least 0 and below 10000")
                .hasMessageContaining("environment.fills was 'some-bar' but must be one of: same-bar, next-bar")
                .hasMessageContaining("environment.fee_rate was 1.0 but must be at least 0 and below 1")
                .hasMessageContaining("environment.lots were [-1.0]")
                .hasMessageContaining("environment.fee is not known");
        assertThatThrownBy(() -> TradingRules.from(Map.of("lots", "many"))).hasMessageContaining("'many'");
        assertThatThrownBy(() -> TradingRules.from(Map.of("lots", List.of("one"))))
                .hasMessageContaining("'one'");
        assertThatThrownBy(() -> TradingRules.from(Map.of("assets", List.of("BTC"))))
                .hasMessageContaining("[BTC]");
    }

    @ParameterizedTest
    @EnumSource
    void every_number_is_checked(NumberRule rule) {
        for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThat(rule.allows(wrong)).isFalse();
            assertThatThrownBy(() -> rule.set(TradingRules.ORIGINAL.toBuilder(), wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("environment." + rule.key() + " was " + wrong + " but must be " + rule.words());
        }
        assertThat(rule.allows(rule.of(TradingRules.ORIGINAL))).isTrue();
        assertThat(TradingRules.ORIGINAL.toMap()).containsKey(rule.key());
    }

    @Test
    void what_is_against_a_rule_is_never_built() {
        assertThatThrownBy(() -> TradingRules.ORIGINAL.with(rules -> rules.trailingStop(1)))
                .hasMessageContaining("trailing_stop was 1.0");
        assertThatThrownBy(() -> TradingRules.ORIGINAL.with(rules -> rules.maxSteps(0)))
                .hasMessageContaining("max_steps was 0");
        assertThatThrownBy(() -> Lots.of(List.of())).hasMessageContaining("1 to 128 lots");
        assertThatThrownBy(() -> new Lots(List.of(1.0, 2.0), List.of("BTC", "btc")))
                .hasMessageContaining("different names");
        assertThatThrownBy(() -> new Lots(List.of(1.0, 2.0), List.of("BTC"))).hasMessageContaining("[BTC]");
    }

    @Test
    void the_smallest_order_is_the_lot_and_a_tenth() {
        assertThat(TradingRules.ORIGINAL.minimumOrder(3)).isEqualTo(0.1 * 1.1);
    }
}
