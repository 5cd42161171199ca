package io.pipelinev2.backtest.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.backtest.market.MarketData;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds in every game, whatever the market and whatever the agent does. */
class TradingEnvironmentPropertiesTest {

    @Property(tries = 200)
    void cash_and_holdings_are_equity_and_nothing_is_owed(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int assets, @ForAll boolean stop) {
        Random random = new Random(seed);
        MarketData market = market(random, 60, assets);
        TradingEnvironment environment = environment(market, random, stop);

        while (!environment.isDone()) {
            environment.step(action(random, assets));
            double worth = 0;
            for (int i = 0; i < assets; i++) {
                assertThat(environment.holding(i)).isNotNegative();
                worth += environment.holding(i) * market.price(environment.row(), i);
            }
            assertThat(environment.equity()).isEqualTo(environment.cash() + worth);
            assertThat(environment.cash()).isNotNegative();
            assertThat(environment.fees()).isNotNegative();
            assertThat(environment.fills()).hasSize(environment.fillCount());
        }
    }

    @Property(tries = 100)
    void the_same_actions_give_the_same_game_from_any_snapshot(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int assets, @ForAll boolean stop) {
        Random random = new Random(seed);
        MarketData market = market(random, 60, assets);
        long rest = random.nextLong();
        TradingEnvironment one = environment(market, new Random(rest), stop);
        TradingEnvironment other = environment(market, new Random(rest), stop);

        while (!one.isDone()) {
            float[] action = action(random, assets);
            one.step(action);
            other.step(action);
            assertThat(other.equity()).isEqualTo(one.equity());
            assertThat(other.fills()).isEqualTo(one.fills());
            if (random.nextInt(5) == 0) {
                EnvironmentSnapshot snapshot = other.snapshot();
                other = environment(market, new Random(rest), stop);
                other.restore(snapshot);
            }
        }
        assertThat(other.isDone()).isTrue();
    }

    private static TradingEnvironment environment(MarketData market, Random random, boolean stop) {
        TradingRules rules =
                stop ? TradingRules.ORIGINAL.with(changed -> changed.trailingStop(0.03)) : TradingRules.ORIGINAL;
        return new TradingEnvironment(
                market, rules, new AgentParameters(1 + random.nextInt(4), 1, 1, 1, 5 + random.nextInt(50), 0.1, 64));
    }

    private static float[] action(Random random, int assets) {
        float[] action = new float[assets];
        for (int i = 0; i < assets; i++) {
            action[i] = random.nextInt(4) == 0 ? 0 : (float) Math.tanh(2 * random.nextGaussian());
        }
        return action;
    }

    private static MarketData market(Random random, int rows, int assets) {
        double[][] prices = new double[rows][assets];
        double[][] tech = new double[rows][assets];
        double[] price = new double[assets];
        for (int i = 0; i < assets; i++) {
            price[i] = Math.exp(8 * random.nextDouble());
        }
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < assets; i++) {
                price[i] *= Math.exp(0.03 * random.nextGaussian());
                prices[row][i] = price[i];
                tech[row][i] = random.nextGaussian();
            }
        }
        return MarketData.of(prices, tech);
    }
}
