package io.pipelinev2.backtest.environment;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class AssetOrderTest {

    private static final List<String> ORIGINAL = TradingRules.ORIGINAL.assets();

    @Test
    void names_agree_whatever_their_case_and_quote_currency() {
        assertThatCode(() -> AssetOrder.check(
                        List.of("aave", "AVAX/USD", "BTC-USD", "LINKUSD", "ETHUSDT", "LTC_EUR", "UNI"), ORIGINAL))
                .doesNotThrowAnyException();
        assertThatCode(() -> AssetOrder.check(List.of("USD/EUR", "USDT"), List.of("USD", "USDT")))
                .doesNotThrowAnyException();
    }

    @Test
    void names_that_are_not_known_are_not_compared() {
        assertThatCode(() -> AssetOrder.check(List.of(), ORIGINAL)).doesNotThrowAnyException();
        assertThatCode(() -> AssetOrder.check(List.of("BTC", "ETH"), List.of())).doesNotThrowAnyException();
    }

    @Test
    void the_rules_may_have_more_assets_than_the_data_but_not_fewer() {
        assertThatCode(() -> AssetOrder.check(List.of("AAVE", "AVAX"), ORIGINAL))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> AssetOrder.check(List.of("BTC", "ETH"), List.of("BTC")))
                .hasMessageContaining("column 1 is ETH in the data and nothing in the rules");
    }

    @Test
    void an_alphabetical_download_would_trade_ETH_with_the_lot_of_LINK() {
        assertThatThrownBy(
                        () -> AssetOrder.check(List.of("AAVE", "AVAX", "BTC", "ETH", "LINK", "LTC", "UNI"), ORIGINAL))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("the assets AAVE, AVAX, BTC, ETH, LINK, LTC, UNI")
                .hasMessageContaining("the lots of AAVE, AVAX, BTC, LINK, ETH, LTC, UNI")
                .hasMessageContaining("column 3 is ETH in the data and LINK in the rules");
    }
}
