package io.pipelinev2.backtest.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.environment.TradingEnvironment;
import io.pipelinev2.backtest.environment.TradingRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActorNetworkTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void actions_are_those_of_torch_within_2e_4(int trial) {
        float[][] expected = Fixtures.actions(trial, "numpy2");
        ActorNetwork actor = new ActorNetwork(Fixtures.checkpoint(trial));
        TradingEnvironment environment =
                new TradingEnvironment(Fixtures.market(), TradingRules.ORIGINAL, Fixtures.parameters(trial));
        float[] state = new float[environment.stateDimension()];
        float[] action = new float[environment.assets()];

        for (float[] torch : expected) {
            environment.observe(state);
            actor.act(state, action);
            for (int i = 0; i < action.length; i++) {
                assertThat(action[i]).isCloseTo(torch[i], within(2e-4f));
            }
            // Along the original's path, so that differences do not add up.
            environment.step(torch);
        }
    }

    @Test
    void a_wrong_length_is_refused() {
        ActorNetwork actor = new ActorNetwork(Fixtures.checkpoint(1));

        assertThatThrownBy(() -> actor.act(new float[105], new float[7]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("106")
                .hasMessageContaining("105");
    }
}
