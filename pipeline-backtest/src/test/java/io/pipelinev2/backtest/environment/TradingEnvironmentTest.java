package io.pipelinev2.backtest.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.market.NpyArray;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TradingEnvironmentTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void replaying_stored_actions_gives_the_originals_cash_holdings_and_equity_bit_by_bit(int trial) {
        NpyArray equity = Fixtures.array(trial, "expected_equity_numpy2");
        NpyArray cash = Fixtures.array(trial, "expected_cash_numpy2");
        NpyArray holdings = Fixtures.array(trial, "expected_stocks_numpy2");
        float[][] actions = Fixtures.actions(trial, "numpy2");
        TradingEnvironment environment =
                new TradingEnvironment(Fixtures.market(), TradingRules.ORIGINAL, Fixtures.parameters(trial));

        assertThat(environment.stepsInAll()).isEqualTo(actions.length);
        assertThat(environment.equity()).isEqualTo(equity.get(0, 0));
        for (int step = 0; step < actions.length; step++) {
            assertThat(environment.isDone()).isFalse();
            environment.step(actions[step]);
            assertThat(environment.equity()).as("equity after step %s", step).isEqualTo(equity.get(step + 1, 0));
            assertThat(environment.cash()).as("cash after step %s", step).isEqualTo(cash.get(step, 0));
            for (int i = 0; i < environment.assets(); i++) {
                assertThat(environment.holding(i)).isEqualTo((float) holdings.get(step, i));
            }
        }
        assertThat(environment.isDone()).isTrue();
    }

    @Test
    void the_trailing_stop_replays_bit_by_bit_too() {
        NpyArray equity = Fixtures.array(2, "expected_equity_numpy2_trailing5");
        float[][] actions = Fixtures.actions(2, "numpy2_trailing5");
        TradingEnvironment environment = new TradingEnvironment(
                Fixtures.market(),
                TradingRules.ORIGINAL.with(rules -> rules.trailingStop(0.05)),
                Fixtures.parameters(2));

        for (int step = 0; step < actions.length; step++) {
            environment.step(actions[step]);
            assertThat(environment.equity()).as("equity after step %s", step).isEqualTo(equity.get(step + 1, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void the_agent_observes_what_the_original_shows_it(int trial) {
        NpyArray states = Fixtures.array(trial, "expected_states_numpy2");
        float[][] actions = Fixtures.actions(trial, "numpy2");
        TradingEnvironment environment =
                new TradingEnvironment(Fixtures.market(), TradingRules.ORIGINAL, Fixtures.parameters(trial));
        float[] state = new float[environment.stateDimension()];

        assertThat(state).hasSize(states.columns());
        for (int step = 0; step < states.rows(); step++) {
            environment.observe(state);
            for (int i = 0; i < state.length; i++) {
                assertThat(state[i]).as("state %s of step %s", i, step).isEqualTo((float) states.get(step, i));
            }
            environment.step(actions[step]);
        }
    }

    @Test
    void a_snapshot_restored_into_a_new_environment_continues_bit_by_bit() {
        TradingRules rules = TradingRules.ORIGINAL.with(changed -> changed.trailingStop(0.05));
        float[][] actions = Fixtures.actions(2, "numpy2_trailing5");
        TradingEnvironment whole = new TradingEnvironment(Fixtures.market(), rules, Fixtures.parameters(2));
        TradingEnvironment pieces = new TradingEnvironment(Fixtures.market(), rules, Fixtures.parameters(2));

        for (float[] action : actions) {
            whole.step(action);
            pieces.step(action);
            EnvironmentSnapshot snapshot = pieces.snapshot();
            pieces = new TradingEnvironment(Fixtures.market(), rules, Fixtures.parameters(2));
            pieces.restore(snapshot);
            assertThat(pieces.equity()).isEqualTo(whole.equity());
            assertThat(pieces.snapshot()).isEqualTo(whole.snapshot());
        }
    }

    @Test
    void fills_explain_every_change_of_cash() {
        float[][] actions = Fixtures.actions(2, "numpy2");
        TradingEnvironment environment =
                new TradingEnvironment(Fixtures.market(), TradingRules.ORIGINAL, Fixtures.parameters(2));

        for (float[] action : actions) {
            double before = environment.cash();
            environment.step(action);
            double expected = before;
            for (Fill fill : environment.fills()) {
                assertThat(fill.row()).isEqualTo(environment.row());
                expected += (fill.side().buys() ? -fill.value() : fill.value()) - fill.fee();
            }
            assertThat(environment.cash()).isCloseTo(expected, within(1e-9));
        }
    }

    @Test
    void a_position_that_is_not_sold_from_loses_a_twentieth_every_48_steps() {
        MarketData flat = flatMarket(200, 1);
        TradingEnvironment environment = new TradingEnvironment(flat, TradingRules.ORIGINAL, parameters(1, 1));
        environment.step(new float[] {0.5f});
        float bought = environment.holding(0);

        for (int step = 0; step < 47; step++) {
            environment.step(new float[] {0});
            assertThat(environment.holding(0)).isEqualTo(bought);
        }
        environment.step(new float[] {0});

        assertThat(environment.fills()).singleElement().satisfies(fill -> {
            assertThat(fill.side()).isEqualTo(FillSide.FORCED_SALE);
            assertThat(fill.quantity()).isEqualTo(bought * 0.05f);
        });
    }

    @Test
    void an_order_of_exactly_the_smallest_size_is_not_filled() {
        TradingRules rules = TradingRules.ORIGINAL.with(changed -> changed.lots(List.of(5 / 1.1)));
        TradingEnvironment environment = new TradingEnvironment(flatMarket(10, 1), rules, parameters(1, 1));

        environment.step(new float[] {1});

        assertThat(environment.requested(0)).isEqualTo(5f);
        assertThat(environment.minimumOrder(0)).isEqualTo(5.0);
        assertThat(environment.fillCount()).isZero();
    }

    @Test
    void twice_the_lookback_of_bars_is_too_few() {
        assertThatThrownBy(() -> new TradingEnvironment(flatMarket(8, 1), TradingRules.ORIGINAL, parameters(4, 1)))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("8 bars")
                .hasMessageContaining("lookback of 4");
        assertThat(new TradingEnvironment(flatMarket(9, 1), TradingRules.ORIGINAL, parameters(4, 1)).stepsInAll())
                .isEqualTo(1);
    }

    @Test
    void more_assets_than_lots_are_refused() {
        assertThatThrownBy(() -> new TradingEnvironment(flatMarket(20, 8), TradingRules.ORIGINAL, parameters(1, 1)))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("8 assets")
                .hasMessageContaining("7 only");
    }

    @Test
    void a_first_price_of_which_no_order_size_follows_is_refused() {
        MarketData market = MarketData.of(new double[][] {{1}, {1}, {1}, {1}}, new double[4][1]);
        double[][] prices = {{1e-300}, {1}, {1}, {1}};

        assertThatThrownBy(() -> new TradingEnvironment(
                        MarketData.of(prices, new double[4][1]), TradingRules.ORIGINAL, parameters(1, 1)))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("Asset 0 costs 1.0E-300 at the first bar");
        assertThat(new TradingEnvironment(market, TradingRules.ORIGINAL, parameters(1, 1)).equity())
                .isEqualTo(500);
    }

    @Test
    void a_wrong_action_changes_nothing() {
        TradingEnvironment environment =
                new TradingEnvironment(flatMarket(20, 2), TradingRules.ORIGINAL, parameters(1, 1));
        EnvironmentSnapshot before = environment.snapshot();

        assertThatThrownBy(() -> environment.step(new float[] {1}))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("(2), had 1");
        assertThatThrownBy(() -> environment.step(new float[] {1, Float.NaN}))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("asset 1")
                .hasMessageContaining("NaN");
        assertThat(environment.snapshot()).isEqualTo(before);
    }

    @Test
    void there_is_no_step_beyond_the_last_bar() {
        TradingEnvironment environment =
                new TradingEnvironment(flatMarket(4, 1), TradingRules.ORIGINAL, parameters(1, 1));
        for (int step = 0; step < 3; step++) {
            environment.step(new float[1]);
        }

        assertThatThrownBy(() -> environment.step(new float[1]))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("no bar after row 3");
    }

    @Test
    void a_snapshot_of_another_game_is_refused() {
        TradingEnvironment environment =
                new TradingEnvironment(flatMarket(20, 2), TradingRules.ORIGINAL, parameters(2, 1));
        EnvironmentSnapshot three =
                new EnvironmentSnapshot(5, 500, List.of(0f, 0f, 0f), List.of(0, 0, 0), List.of(0f, 0f, 0f), List.of());
        EnvironmentSnapshot beyond =
                new EnvironmentSnapshot(20, 500, List.of(0f, 0f), List.of(0, 0), List.of(0f, 0f), List.of());

        assertThatThrownBy(() -> environment.restore(three)).hasMessageContaining("3 assets");
        assertThatThrownBy(() -> environment.restore(beyond)).hasMessageContaining("row 20");
        assertThatThrownBy(
                        () -> new EnvironmentSnapshot(5, Double.NaN, List.of(0f), List.of(0), List.of(0f), List.of()))
                .isInstanceOf(EnvironmentException.class);
    }

    @Test
    void eight_values_are_added_as_numpy_adds_them() {
        double[] values = {1e16, 1, -1e16, 1, 3, 5, 7, 11, 13};

        float[] ones = new float[values.length];
        Arrays.fill(ones, 1);
        assertThat(NumpySum.ofProducts(ones, values))
                .isEqualTo(((1e16 + 1) + (-1e16 + 1)) + ((3.0 + 5) + (7 + 11)) + 13);
        assertThat(NumpySum.ofProducts(Arrays.copyOf(ones, 7), values)).isEqualTo(1e16 + 1 + -1e16 + 1 + 3 + 5 + 7);
    }

    private static AgentParameters parameters(int lookback, double normAction) {
        return new AgentParameters(lookback, 1, 1, 1, normAction, 0, 64);
    }

    private static MarketData flatMarket(int rows, int assets) {
        double[][] prices = new double[rows][assets];
        double[][] tech = new double[rows][assets];
        for (double[] row : prices) {
            Arrays.fill(row, 100);
        }
        return MarketData.of(prices, tech);
    }
}
