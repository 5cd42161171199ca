package io.pipelinev2.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.EnvironmentException;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.policy.ActorModel;
import io.pipelinev2.backtest.policy.ActorNetwork;
import io.pipelinev2.backtest.policy.CheckpointException;
import io.pipelinev2.backtest.policy.Policy;
import io.pipelinev2.core.stage.internal.JsonValues;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class BacktestTest {

    private static final Backtest BACKTEST = Backtest.of(TradingRules.ORIGINAL, GateSet.V2_BASIC);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void a_run_ends_where_the_originals_does(int trial) {
        JsonNode expected = Fixtures.json(Fixtures.trial(trial).resolve("expected_numpy2.json"));

        BacktestResult result = run(trial);

        double finalValue = expected.get("final_value").asDouble();
        assertThat(result.legacyV2().finalValue()).isCloseTo(finalValue, within(1e-5 * finalValue));
        assertThat(result.legacyV2().totalReturn())
                .isCloseTo(expected.get("total_return").asDouble(), within(1e-5));
        assertThat(result.legacyV2().sharpe()).isCloseTo(expected.get("sharpe").asDouble(), within(1e-4));
        assertThat(result.legacyV2().steps()).isEqualTo(expected.get("steps").asInt());
        assertThat(result.trades().total())
                .isEqualTo(expected.get("num_buy_trades").asInt()
                        + expected.get("num_sell_trades").asInt());
        assertThat(result.verdict().passed()).isTrue();
        assertThat(result.modelSha256()).isEqualTo(Fixtures.checkpoint(trial).sha256());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void both_formats_of_a_model_walk_the_originals_path(int trial) throws IOException {
        double[] expected = Fixtures.array(trial, "expected_equity_numpy2").toArray();

        for (String file : new String[] {"actor.pth", "actor.onnx"}) {
            ActorModel model = ActorModel.read(Fixtures.trial(trial).resolve(file));
            BacktestResult result = BACKTEST.run(Fixtures.market(), model, Fixtures.parameters(trial));

            assertThat(result.modelSha256()).isEqualTo(model.sha256());
            assertThat(result.equity()).hasSameSizeAs(expected);
            for (int step = 0; step < expected.length; step++) {
                assertThat(result.equity()[step]).isCloseTo(expected[step], within(1e-5 * expected[step]));
            }
        }
    }

    @Test
    void an_onnx_model_of_another_network_is_refused_with_both_numbers() throws IOException {
        ActorModel model = ActorModel.read(Fixtures.trial(2).resolve("actor.onnx"));
        double[][] ones = new double[9][3];
        for (double[] row : ones) {
            Arrays.fill(row, 1);
        }

        assertThatThrownBy(() -> BACKTEST.run(Fixtures.market(), model, Fixtures.parameters(1)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("actor.onnx observes 204 values (a lookback of 2)")
                .hasMessageContaining("makes 106");
        assertThatThrownBy(() -> BACKTEST.run(MarketData.of(ones, ones), model, Fixtures.parameters(2)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("trades 7 assets, but the market data has 3");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void a_replay_gives_the_originals_figures(int trial) {
        JsonNode expected = Fixtures.json(Fixtures.trial(trial).resolve("expected_numpy2.json"));

        BacktestResult result =
                BACKTEST.replay(Fixtures.market(), Fixtures.actions(trial, "numpy2"), Fixtures.parameters(trial));

        double fees = expected.get("total_fees_paid").asDouble();
        assertThat(result.equity())
                .containsExactly(Fixtures.array(trial, "expected_equity_numpy2").toArray());
        assertThat(result.trades().buys())
                .isEqualTo(expected.get("num_buy_trades").asInt());
        assertThat(result.trades().sells() + result.trades().forcedSales())
                .isEqualTo(expected.get("num_sell_trades").asInt());
        assertThat(result.metrics().get("fees_total").value()).isCloseTo(fees, within(1e-9 * fees));
        assertThat(result.metrics().get("gross_exposure_mean").value())
                .isCloseTo(expected.get("mean_invested").asDouble(), within(1e-9));
        assertThat(result.modelSha256()).isNull();
    }

    @Test
    void a_trailing_stop_replays_with_its_trades() {
        JsonNode expected = Fixtures.json(Fixtures.trial(2).resolve("expected_numpy2_trailing5.json"));

        BacktestResult result = Backtest.of(
                        TradingRules.ORIGINAL.with(rules -> rules.trailingStop(0.05)), GateSet.V2_BASIC)
                .replay(Fixtures.market(), Fixtures.actions(2, "numpy2_trailing5"), Fixtures.parameters(2));

        assertThat(result.trades().buys())
                .isEqualTo(expected.get("num_buy_trades").asInt());
        assertThat(result.trades().stopSales()).isPositive();
        assertThat(result.trades().total() - result.trades().buys())
                .isEqualTo(expected.get("num_sell_trades").asInt());
    }

    @Test
    void replaying_a_runs_own_actions_is_the_run() {
        float[][] actions = new float[1676][];
        AtomicInteger step = new AtomicInteger();
        ActorNetwork actor = new ActorNetwork(Fixtures.checkpoint(2));
        Policy recording = (state, action) -> {
            actor.act(state, action);
            actions[step.getAndIncrement()] = action.clone();
        };

        BacktestResult run = BACKTEST.run(Fixtures.market(), recording, Fixtures.parameters(2));
        BacktestResult replay = BACKTEST.replay(Fixtures.market(), actions, Fixtures.parameters(2));

        assertThat(replay.equity()).containsExactly(run.equity());
        assertThat(replay.cash()).containsExactly(run.cash());
        assertThat(replay.toMap()).isEqualTo(run.toMap());
        assertThat(run(2).equity()).containsExactly(run.equity());
    }

    @Test
    void a_model_that_never_trades_is_rejected_in_words() {
        Map<String, Object> parameters = new HashMap<>(Fixtures.rawParameters(1));
        parameters.put("norm_action", 5000);

        BacktestResult result = BACKTEST.run(
                Fixtures.market(), new ActorNetwork(Fixtures.checkpoint(1)), AgentParameters.from(parameters));

        assertThat(result.trades().total()).isZero();
        assertThat(result.verdict().passed()).isFalse();
        assertThat(result.verdict().reason())
                .startsWith("the model never trades: 0 trades in 1678 steps; its largest order was to buy")
                .contains("norm_action 5000")
                .contains("% of the smallest order");
        assertThat(result.metrics().get("sharpe").remark()).contains("equal");
    }

    @Test
    void a_policy_that_never_asks_to_buy_is_told_so() {
        BacktestResult result =
                BACKTEST.run(Fixtures.market(), (state, action) -> Arrays.fill(action, -1), Fixtures.parameters(1));

        assertThat(result.verdict().reason()).contains("never asked to buy");
    }

    @Test
    void results_are_plain_values_with_the_keys_of_the_contract() {
        Map<String, Object> result = new HashMap<>(JsonValues.checked(run(1).toMap()));

        assertThat(result)
                .containsKeys(
                        "metrics",
                        "legacy_v2",
                        "trades",
                        "model_sha256",
                        "data_sha256",
                        "gates",
                        "warnings",
                        "parameters",
                        "environment");
        assertThat(Fixtures.JSON.valueToTree(result).at("/metrics/sharpe").isNumber())
                .isTrue();
        assertThat(Fixtures.JSON
                        .valueToTree(result)
                        .at("/legacy_v2/max_drawdown")
                        .asDouble())
                .isNegative();
        assertThat(Fixtures.JSON.valueToTree(result).at("/metrics/max_drawdown").asDouble())
                .isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lookback      | 2   | observes 106 values (a lookback of 1) | makes 204",
                "net_dimension | 128 | layers of width 64                    | net_dimension is 128"
            })
    void parameters_of_another_network_are_refused_with_both_numbers(String name, int value, String one, String other) {
        Map<String, Object> parameters = new HashMap<>(Fixtures.rawParameters(1));
        parameters.put(name, value);

        assertThatThrownBy(() -> BACKTEST.run(
                        Fixtures.market(), new ActorNetwork(Fixtures.checkpoint(1)), AgentParameters.from(parameters)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(one)
                .hasMessageContaining(other);
    }

    @Test
    void a_recording_that_is_too_short_is_refused() {
        assertThatThrownBy(() -> BACKTEST.replay(Fixtures.market(), new float[3][7], Fixtures.parameters(1)))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("3 actions");
    }

    @Test
    void a_run_ends_when_it_is_cancelled() {
        AtomicInteger asked = new AtomicInteger();

        assertThatThrownBy(() -> BACKTEST.cancelledWhen(() -> asked.incrementAndGet() > 2)
                        .run(Fixtures.market(), new ActorNetwork(Fixtures.checkpoint(1)), Fixtures.parameters(1)))
                .isInstanceOf(CancellationException.class)
                .hasMessage("the backtest was cancelled at step 128 of 1678");
    }

    @Test
    void the_limit_of_steps_ends_a_run_with_a_warning() {
        BacktestResult result = Backtest.of(TradingRules.ORIGINAL.with(rules -> rules.maxSteps(100)), GateSet.V2_BASIC)
                .run(Fixtures.market(), new ActorNetwork(Fixtures.checkpoint(1)), Fixtures.parameters(1));

        assertThat(result.legacyV2().steps()).isEqualTo(100);
        assertThat(result.warnings()).singleElement().asString().contains("100 of 1678 steps");
    }

    @Test
    void a_broken_policy_is_an_error_and_not_a_result() {
        assertThatThrownBy(() -> BACKTEST.run(
                        Fixtures.market(), (state, action) -> action[0] = Float.NaN, Fixtures.parameters(1)))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("NaN");
    }

    @Test
    void prices_beyond_all_numbers_are_an_error_and_not_a_result() {
        double[][] prices = {{1e-30}, {1e-30}, {1e-30}, {1e308}, {1e308}, {1e308}};
        AgentParameters parameters = new AgentParameters(1, 1, 1, 1, 1, 0, 64);

        assertThatThrownBy(() -> BACKTEST.run(
                        MarketData.of(prices, new double[6][1]), (state, action) -> action[0] = 1, parameters))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("at row");
    }

    private static BacktestResult run(int trial) {
        return BACKTEST.run(
                Fixtures.market(), new ActorNetwork(Fixtures.checkpoint(trial)), Fixtures.parameters(trial));
    }
}
