package io.pipelinev2.backtest.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.TradingEnvironment;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.market.MarketData;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActorRolloutTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void actions_along_a_market_are_those_of_single_observations_bit_by_bit(int trial) {
        assertSameAlong(Fixtures.checkpoint(trial), Fixtures.parameters(trial), new VectorKernel());
        assertSameAlong(Fixtures.checkpoint(trial), Fixtures.parameters(trial), new PlainKernel());
    }

    @ParameterizedTest
    @CsvSource({"1, 40", "5, 96", "60, 64", "9, 7"})
    void so_they_are_for_any_lookback_and_width(int lookback, int width) {
        ActorCheckpoint checkpoint = RandomActor.of(8 + 98 * lookback, width, 7, 1);

        assertSameAlong(checkpoint, parameters(lookback, width), new VectorKernel());
        assertSameAlong(checkpoint, parameters(lookback, width), new PlainKernel());
    }

    @Test
    void bars_may_be_asked_for_in_any_order() {
        MarketData market = Fixtures.market();
        ActorNetwork actor = new ActorNetwork(RandomActor.of(106, 64, 7, 2));
        ActorRollout rollout = actor.along(market, 1, 0.5);
        float[] account = {1, 0, 0.5f, 0, 0, 0, 0, 2};
        float[] state = new float[106];
        float[] expected = new float[7];
        float[] action = new float[7];

        for (int row : new int[] {5, 4, 1679, 0, 64, 63, 1000}) {
            System.arraycopy(account, 0, state, 0, 8);
            for (int i = 0; i < 98; i++) {
                state[8 + i] = (float) (market.tech(row, i) * 0.5);
            }
            actor.act(state, expected);
            rollout.act(row, account, action);

            assertThat(action).containsExactly(expected);
        }
    }

    @Test
    void what_does_not_fit_is_refused() {
        ActorNetwork actor = new ActorNetwork(RandomActor.of(204, 16, 7, 3));
        MarketData market = Fixtures.market();
        ActorRollout rollout = actor.along(market, 2, 1);

        assertThatThrownBy(() -> actor.along(market, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("204")
                .hasMessageContaining("106");
        assertThatThrownBy(() -> rollout.act(0, new float[8], new float[7]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 0");
        assertThatThrownBy(() -> rollout.act(1680, new float[8], new float[7]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 1680");
        assertThatThrownBy(() -> rollout.act(1, new float[7], new float[7]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8 values of the account");
    }

    private static void assertSameAlong(ActorCheckpoint checkpoint, AgentParameters parameters, Kernel kernel) {
        ActorNetwork single = new ActorNetwork(checkpoint, new PlainKernel());
        TradingEnvironment environment = new TradingEnvironment(Fixtures.market(), TradingRules.ORIGINAL, parameters);
        ActorRollout rollout = new ActorNetwork(checkpoint, kernel)
                .along(environment.market(), parameters.lookback(), parameters.normTech());
        float[] state = new float[environment.stateDimension()];
        float[] account = new float[1 + environment.assets()];
        float[] expected = new float[environment.assets()];
        float[] action = new float[environment.assets()];

        while (!environment.isDone()) {
            environment.observe(state);
            environment.observeAccount(account);
            single.act(state, expected);
            rollout.act(environment.row(), account, action);

            assertThat(action).containsExactly(expected);
            environment.step(action);
        }
    }

    private static AgentParameters parameters(int lookback, int width) {
        Map<String, Object> parameters = new HashMap<>(Fixtures.rawParameters(1));
        parameters.put("lookback", lookback);
        parameters.put("net_dimension", width);
        return AgentParameters.from(parameters);
    }
}
