package io.pipelinev2.backtest.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.market.MarketData;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds in every game, whatever the market, the rules and the agent. */
class TradingEnvironmentPropertiesTest {

    private static final double CENT = 0.01;

    @Provide
    Arbitrary<TradingRules> rules() {
        return Combinators.combine(
                        Arbitraries.of(Fills.values()),
                        Arbitraries.of(0.0, 1.0, 25.0, 500.0),
                        Arbitraries.of(0.0, 0.01, 0.05),
                        Arbitraries.of(0.0, 0.05, 0.3, 1.0),
                        Arbitraries.of(0.99, 1.0),
                        Arbitraries.of(0.0, 0.05, 1.0),
                        Arbitraries.integers().between(1, 60))
                .as((fills, slippage, stop, cap, safety, forced, after) ->
                        TradingRules.ORIGINAL.with(original -> original.fills(fills)
                                .slippageBps(slippage)
                                .trailingStop(stop)
                                .maxPosition(cap)
                                .buySafety(safety)
                                .forcedSaleFraction(forced)
                                .forcedSaleAfter(after)));
    }

    @Property(tries = 80, edgeCases = EdgeCasesMode.NONE)
    void cash_and_holdings_are_equity_and_nothing_is_owed(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int assets, @ForAll("rules") TradingRules rules) {
        Random random = new Random(seed);
        MarketData market = market(random, 80, assets);
        TradingEnvironment environment = environment(market, random, rules);
        float[] state = new float[environment.stateDimension()];

        while (!environment.isDone()) {
            environment.observe(state);
            environment.step(action(random, assets));
            double worth = 0;
            for (int i = 0; i < assets; i++) {
                assertThat(environment.holding(i)).isNotNegative().isFinite();
                assertThat(environment.requested(i)).isFinite();
                worth += environment.holding(i) * market.price(environment.row(), i);
            }
            assertThat(environment.equity())
                    .isEqualTo(environment.cash() + worth)
                    .isFinite();
            assertThat(environment.cash()).isNotNegative();
            assertThat(environment.fees()).isNotNegative().isFinite();
            assertThat(environment.tradedValue()).isNotNegative().isFinite();
            for (float seen : state) {
                if (!Float.isFinite(seen)) {
                    fail("the agent observed " + seen);
                }
            }
        }
    }

    @Property(tries = 80, edgeCases = EdgeCasesMode.NONE)
    void fills_alone_explain_cash_and_holdings(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int assets, @ForAll("rules") TradingRules rules) {
        Random random = new Random(seed);
        MarketData market = market(random, 80, assets);
        TradingEnvironment environment = environment(market, random, rules);
        double cash = rules.initialCapital();
        float[] holdings = new float[assets];

        while (!environment.isDone()) {
            environment.step(action(random, assets));
            double value = 0;
            double fees = 0;
            for (Fill fill : environment.fills()) {
                double sign = fill.side().buys() ? 1 : -1;
                double slippage = sign * rules.slippageBps() / 10_000;
                assertThat(fill.quantity()).isPositive();
                assertThat(fill.price()).isEqualTo(market.price(environment.row(), fill.asset()) * (1 + slippage));
                cash -= sign * fill.value() + fill.fee();
                holdings[fill.asset()] = (float) (holdings[fill.asset()] + sign * fill.quantity());
                value += fill.value();
                fees += fill.fee();
            }
            assertThat(environment.cash()).isCloseTo(cash, within(1e-9));
            assertThat(environment.tradedValue()).isEqualTo(value);
            assertThat(environment.fees()).isCloseTo(fees, within(1e-9));
            for (int i = 0; i < assets; i++) {
                assertThat(environment.holding(i)).isEqualTo(holdings[i]);
            }
        }
    }

    @Property(tries = 80, edgeCases = EdgeCasesMode.NONE)
    void the_same_actions_give_the_same_game_from_any_snapshot(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int assets, @ForAll("rules") TradingRules rules) {
        Random random = new Random(seed);
        MarketData market = market(random, 80, assets);
        long rest = random.nextLong();
        TradingEnvironment one = environment(market, new Random(rest), rules);
        TradingEnvironment other = environment(market, new Random(rest), rules);

        while (!one.isDone()) {
            float[] action = action(random, assets);
            one.step(action);
            other.step(action);
            assertThat(other.equity()).isEqualTo(one.equity());
            assertThat(other.fills()).isEqualTo(one.fills());
            assertThat(other.snapshot()).isEqualTo(one.snapshot());
            if (random.nextInt(5) == 0) {
                EnvironmentSnapshot snapshot = other.snapshot();
                other = environment(market, new Random(rest), rules);
                other.restore(snapshot);
            }
        }
        assertThat(other.isDone()).isTrue();
    }

    @Property(tries = 80, edgeCases = EdgeCasesMode.NONE)
    void a_game_that_is_reset_is_played_as_the_first_time(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int assets, @ForAll("rules") TradingRules rules) {
        Random random = new Random(seed);
        TradingEnvironment environment = environment(market(random, 80, assets), random, rules);
        long actions = random.nextLong();

        List<Double> first = play(environment, new Random(actions));
        environment.reset();

        assertThat(environment.snapshot().pending()).isEmpty();
        assertThat(play(environment, new Random(actions))).isEqualTo(first);
    }

    @Property(tries = 80, edgeCases = EdgeCasesMode.NONE)
    void slippage_never_makes_the_same_fills_richer(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int assets, @ForAll("rules") TradingRules rules) {
        Random random = new Random(seed);
        MarketData market = market(random, 80, assets);
        TradingEnvironment environment = environment(market, random, rules);
        double without = rules.initialCapital();

        while (!environment.isDone()) {
            environment.step(action(random, assets));
            for (Fill fill : environment.fills()) {
                double value = market.price(environment.row(), fill.asset()) * fill.quantity();
                without -= (fill.side().buys() ? 1 : -1) * value + value * rules.feeRate();
            }
            assertThat(environment.cash()).isLessThanOrEqualTo(without + 1e-9);
        }
    }

    @Property(tries = 80, edgeCases = EdgeCasesMode.NONE)
    void nothing_is_filled_at_the_bar_that_it_was_decided_at_when_fills_are_at_the_next(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int assets, @ForAll("rules") TradingRules any) {
        TradingRules rules = any.with(changed -> changed.fills(Fills.NEXT_BAR));
        Random random = new Random(seed);
        TradingEnvironment environment = environment(market(random, 80, assets), random, rules);
        List<PendingOrder> pending = List.of();

        while (!environment.isDone()) {
            environment.step(action(random, assets));
            for (Fill fill : environment.fills()) {
                assertThat(pending).anySatisfy(order -> {
                    assertThat(order.asset()).isEqualTo(fill.asset());
                    assertThat(order.side()).isEqualTo(fill.side());
                    assertThat(fill.quantity()).isLessThanOrEqualTo(order.quantity());
                });
            }
            pending = environment.pendingOrders();
        }
    }

    @Property(tries = 80, edgeCases = EdgeCasesMode.NONE)
    void buying_brings_no_position_above_its_cap(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int assets, @ForAll("rules") TradingRules any) {
        // Slippage and fees shrink the equity by which a position is measured after its purchase.
        TradingRules rules = any.with(changed ->
                changed.fills(Fills.SAME_BAR).slippageBps(0).feeRate(0).maxPosition(0.3));
        Random random = new Random(seed);
        MarketData market = market(random, 80, assets);
        TradingEnvironment environment = environment(market, random, rules);

        while (!environment.isDone()) {
            environment.step(action(random, assets));
            for (Fill fill : environment.fills()) {
                if (fill.side().buys()) {
                    double worth = environment.holding(fill.asset()) * market.price(environment.row(), fill.asset());
                    assertThat(worth).isLessThanOrEqualTo(0.3 * environment.equity() + CENT);
                }
            }
        }
    }

    private static List<Double> play(TradingEnvironment environment, Random random) {
        List<Double> equity = new ArrayList<>();
        while (!environment.isDone()) {
            environment.step(action(random, environment.assets()));
            equity.add(environment.equity());
        }
        return equity;
    }

    private static TradingEnvironment environment(MarketData market, Random random, TradingRules rules) {
        return new TradingEnvironment(
                market,
                rules,
                new AgentParameters(
                        1 + random.nextInt(4), 1, 1, 1, 5 + random.nextInt(50), random.nextInt(2) * 0.1, 64));
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
