package io.pipelinev2.backtest.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.backtest.market.MarketData;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A game over bars that come one by one, and orders that somebody may refuse. */
class GrowingMarketTest {

    private static final int ROWS = 60;

    @Provide
    Arbitrary<TradingRules> rules() {
        return Combinators.combine(
                        Arbitraries.of(Fills.values()),
                        Arbitraries.of(0.0, 25.0),
                        Arbitraries.of(0.0, 0.02),
                        Arbitraries.of(0.0, 0.3),
                        Arbitraries.integers().between(1, 20))
                .as((fills, slippage, stop, cap, after) -> TradingRules.ORIGINAL.with(original -> original.fills(fills)
                        .slippageBps(slippage)
                        .trailingStop(stop)
                        .maxPosition(cap)
                        .forcedSaleAfter(after)));
    }

    /** Two games over the same bars, one of which knows them all. */
    private static final class Twins {
        private final Random random;
        private final MarketData market;
        private final TradingEnvironment fixed;
        private final AgentParameters parameters;
        private final TradingRules rules;
        private TradingEnvironment growing;

        Twins(long seed, int assets, TradingRules rules) {
            random = new Random(seed);
            market = market(random, assets);
            this.rules = rules;
            parameters = new AgentParameters(1 + random.nextInt(6), 0.1, 0.2, 0.3, 2, 0.1, 64);
            fixed = new TradingEnvironment(market, rules, parameters);
            growing = TradingEnvironment.growing(market.head(parameters.lookback()), rules, parameters);
        }

        void appendNext() {
            int row = growing.row() + 1;
            double[] prices = new double[market.assets()];
            for (int i = 0; i < prices.length; i++) {
                prices[i] = market.price(row, i);
            }
            double[] tech = new double[market.features()];
            for (int i = 0; i < tech.length; i++) {
                tech[i] = market.tech(row, i);
            }
            growing.append(prices, tech);
        }

        void restart() {
            EnvironmentSnapshot snapshot = growing.snapshot();
            int row = snapshot.row();
            growing = TradingEnvironment.growing(market.head(parameters.lookback()), rules, parameters);
            growing.restore(snapshot, market.head(row + 1).from(row + 1 - parameters.lookback()));
        }
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void bars_that_come_one_by_one_make_the_same_game(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int assets, @ForAll("rules") TradingRules rules) {
        TradingRules wide =
                rules.with(changed -> changed.lots(java.util.Collections.nCopies(Math.max(assets, 1), 0.0001)));
        Twins game = new Twins(seed, assets, wide);
        float[] one = new float[game.fixed.stateDimension()];
        float[] other = new float[one.length];

        while (!game.fixed.isDone()) {
            float[] action = action(game.random, assets);
            game.fixed.observe(one);
            game.growing.observe(other);
            assertThat(other).isEqualTo(one);
            game.fixed.step(action);
            game.appendNext();
            game.growing.step(action);
            assertThat(game.growing.snapshot()).isEqualTo(game.fixed.snapshot());
            assertThat(game.growing.equity()).isEqualTo(game.fixed.equity());
            assertThat(game.growing.fills()).isEqualTo(game.fixed.fills());
            if (game.random.nextInt(4) == 0) {
                game.restart();
            }
        }
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void a_guard_that_permits_everything_changes_no_bit(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int assets, @ForAll("rules") TradingRules rules) {
        Twins game = new Twins(seed, assets, rules);
        TradingEnvironment guarded = new TradingEnvironment(game.market, rules, game.parameters);
        guarded.guard((moment, side, asset, quantity, price) -> true);
        while (!game.fixed.isDone()) {
            float[] action = action(game.random, assets);
            game.fixed.step(action);
            guarded.step(action);
            assertThat(guarded.snapshot()).isEqualTo(game.fixed.snapshot());
            assertThat(guarded.fills()).isEqualTo(game.fixed.fills());
        }
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void with_sales_only_no_holding_grows_and_with_no_orders_none_changes(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int assets, @ForAll("rules") TradingRules rules) {
        Twins game = new Twins(seed, assets, rules);
        TradingEnvironment guarded = game.fixed;
        int[] mode = {0};
        guarded.guard((moment, side, asset, quantity, price) -> {
            assertThat(quantity).isPositive().isFinite();
            assertThat(price).isPositive();
            return mode[0] == 0 || (mode[0] == 1 && !side.buys());
        });
        while (!guarded.isDone()) {
            mode[0] = game.random.nextInt(3);
            float[] before = new float[assets];
            for (int i = 0; i < assets; i++) {
                before[i] = guarded.holding(i);
            }
            double cash = guarded.cash();
            guarded.step(action(game.random, assets));
            for (int i = 0; i < assets; i++) {
                if (mode[0] == 1) {
                    assertThat(guarded.holding(i)).isLessThanOrEqualTo(before[i]);
                } else if (mode[0] == 2) {
                    assertThat(guarded.holding(i)).isEqualTo(before[i]);
                }
            }
            if (mode[0] == 2) {
                assertThat(guarded.cash()).isEqualTo(cash);
                assertThat(guarded.pendingOrders()).isEmpty();
            }
        }
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void a_liquidation_leaves_cash_alone(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int assets, @ForAll("rules") TradingRules rules) {
        Twins game = new Twins(seed, assets, rules);
        for (int step = 0; step < 20; step++) {
            game.fixed.step(action(game.random, assets));
        }
        game.fixed.liquidate();
        for (int i = 0; i < assets; i++) {
            assertThat(game.fixed.holding(i)).isZero();
        }
        assertThat(game.fixed.equity()).isEqualTo(game.fixed.cash());
        assertThat(game.fixed.pendingOrders()).isEmpty();
        assertThat(game.fixed.fills()).allMatch(fill -> fill.side() == FillSide.LIQUIDATION);
        game.fixed.step(action(game.random, assets));
        assertThat(game.fixed.row()).isEqualTo(game.parameters.lookback() + 21);
    }

    @Test
    void a_bar_that_is_none_is_refused_and_changes_nothing() {
        Twins game = new Twins(1, 2, TradingRules.ORIGINAL);
        TradingEnvironment growing = game.growing;
        assertThatThrownBy(() -> growing.step(new float[2])).hasMessageContaining("there is no bar after");
        assertThatThrownBy(() -> growing.append(new double[] {1, 0}, new double[2]))
                .hasMessageContaining("positive and finite");
        assertThatThrownBy(() -> growing.append(new double[] {1, 1}, new double[] {0, Double.NaN}))
                .hasMessageContaining("must be finite");
        assertThatThrownBy(() -> growing.append(new double[] {1}, new double[2]))
                .hasMessageContaining("2 prices and 2 features, but was given 1 and 2");
        game.appendNext();
        assertThatThrownBy(game::appendNext).hasMessageContaining("must be stepped to");
        assertThatThrownBy(() -> game.fixed.append(new double[2], new double[2]))
                .hasMessageContaining("all known");
        growing.step(new float[2]);
        assertThat(growing.isDone()).isFalse();
    }

    private static float[] action(Random random, int assets) {
        float[] action = new float[assets];
        for (int i = 0; i < assets; i++) {
            action[i] = random.nextInt(4) == 0 ? 0 : (float) Math.tanh(2 * random.nextGaussian());
        }
        return action;
    }

    private static MarketData market(Random random, int assets) {
        double[][] prices = new double[ROWS][assets];
        double[][] tech = new double[ROWS][assets];
        double[] price = new double[assets];
        for (int i = 0; i < assets; i++) {
            price[i] = Math.exp(8 * random.nextDouble());
        }
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < assets; i++) {
                price[i] *= Math.exp(0.03 * random.nextGaussian());
                prices[row][i] = price[i];
                tech[row][i] = random.nextGaussian();
            }
        }
        return MarketData.of(prices, tech);
    }
}
