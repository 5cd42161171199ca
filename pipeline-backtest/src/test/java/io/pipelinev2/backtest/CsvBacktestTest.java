package io.pipelinev2.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.market.MarketDataSettings;
import io.pipelinev2.backtest.policy.ActorNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The original's models on the original's bars, but from CSV files. */
class CsvBacktestTest {

    private static final List<String> ASSETS = List.of("AAVE", "AVAX", "BTC", "LINK", "ETH", "LTC", "UNI");
    private static final int WARM_UP = 33;

    @TempDir
    Path directory;

    @Test
    void a_model_trades_bars_from_csv_files() throws IOException {
        MarketData original = Fixtures.market();
        writeBars(original);

        MarketData market = MarketData.load(MarketDataSettings.of(directory).withAssets(ASSETS));
        BacktestResult result = Backtest.of(TradingRules.ORIGINAL, GateSet.V2_BASIC)
                .run(market, new ActorNetwork(Fixtures.checkpoint(2)), Fixtures.parameters(2));

        assertThat(market.rows()).isEqualTo(original.rows() - WARM_UP);
        assertThat(market.features()).isEqualTo(original.features());
        assertThat(market.warnings()).isEmpty();
        for (int row = 0; row < market.rows(); row++) {
            for (int asset = 0; asset < market.assets(); asset++) {
                assertThat(market.price(row, asset)).isEqualTo(original.price(row + WARM_UP, asset));
            }
        }
        assertThat(result.trades().total()).isPositive();
        assertThat(result.legacyV2().steps())
                .isEqualTo(market.rows() - 2 * Fixtures.parameters(2).lookback());
        assertThat(result.verdict().passed()).isTrue();
        assertThat(result.toMap()).containsEntry("data_sha256", market.sha256());
    }

    private void writeBars(MarketData original) throws IOException {
        Path val = Files.createDirectory(directory.resolve("val"));
        for (int asset = 0; asset < ASSETS.size(); asset++) {
            StringBuilder text = new StringBuilder("Date,Open,High,Low,Close,Volume\n");
            for (int row = 0; row < original.rows(); row++) {
                double[] bar = new double[5];
                for (int k = 0; k < 5; k++) {
                    bar[k] = original.tech(row, asset * 14 + k);
                }
                // The original's closes are rounded, its highs and lows are not.
                bar[1] = Math.max(bar[1], Math.max(bar[0], bar[3]));
                bar[2] = Math.min(bar[2], Math.min(bar[0], bar[3]));
                text.append(Instant.ofEpochSecond(1_704_067_200L + row * 3600L));
                for (double value : bar) {
                    text.append(',').append(value);
                }
                text.append('\n');
            }
            Files.writeString(val.resolve(ASSETS.get(asset) + ".csv"), text);
        }
    }
}
