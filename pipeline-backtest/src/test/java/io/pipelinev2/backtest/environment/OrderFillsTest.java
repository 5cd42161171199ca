package io.pipelinev2.backtest.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.market.MarketData;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** When and at which price decisions become fills, and how large purchases may be, by cases counted by hand. */
class OrderFillsTest {

    /** An action of 1 is worth 500 / 5 = 100 at the first bar's price. */
    private static final AgentParameters HUNDRED_PER_ACTION = new AgentParameters(1, 1, 1, 1, 5, 0, 64);

    @Test
    void the_same_bar_is_the_one_that_the_step_moves_to() {
        TradingEnvironment game = game(rules -> rules, new double[][] {{100}, {110}, {120}, {130}});

        game.step(new float[] {1});

        assertThat(game.fills()).containsExactly(new Fill(1, 0, FillSide.BUY, 1, 110, 110 * 0.0025));
        assertThat(game.pendingOrders()).isEmpty();
    }

    @Test
    void at_the_next_bar_an_order_is_filled_one_step_later_at_that_steps_price() {
        TradingEnvironment game =
                game(rules -> rules.fills(Fills.NEXT_BAR), new double[][] {{100}, {110}, {120}, {130}, {140}});

        game.step(new float[] {1});
        assertThat(game.fillCount()).isZero();
        assertThat(game.equity()).isEqualTo(500);
        assertThat(game.pendingOrders()).containsExactly(new PendingOrder(0, FillSide.BUY, 1));

        game.step(new float[] {-0.5f});
        assertThat(game.fills()).containsExactly(new Fill(2, 0, FillSide.BUY, 1, 120, 120 * 0.0025));
        assertThat(game.pendingOrders()).containsExactly(new PendingOrder(0, FillSide.SELL, 0.5f));

        game.step(new float[] {0});
        assertThat(game.fills()).containsExactly(new Fill(3, 0, FillSide.SELL, 0.5, 130, 65 * 0.0025));
        assertThat(game.pendingOrders()).isEmpty();
        assertThat(game.cash()).isCloseTo(500 - 120 * 1.0025 + 65 * 0.9975, within(1e-12));
    }

    @Test
    void a_stop_is_seen_at_one_bar_and_filled_at_the_next() {
        double[][] prices = {{100}, {100}, {100}, {120}, {100}, {80}, {80}};
        TradingEnvironment same = game(rules -> rules.trailingStop(0.1), prices);
        TradingEnvironment next = game(rules -> rules.trailingStop(0.1).fills(Fills.NEXT_BAR), prices);
        for (TradingEnvironment game : List.of(same, next)) {
            game.step(new float[] {1});
            for (int step = 0; step < 3; step++) {
                game.step(new float[] {0});
            }
        }

        assertThat(same.fills()).containsExactly(new Fill(4, 0, FillSide.STOP_SALE, 1, 100, 0.25));
        assertThat(next.fills()).isEmpty();
        assertThat(next.pendingOrders()).containsExactly(new PendingOrder(0, FillSide.STOP_SALE, 1));

        next.step(new float[] {0});
        assertThat(next.fills()).containsExactly(new Fill(5, 0, FillSide.STOP_SALE, 1, 80, 80 * 0.0025));
        assertThat(next.holding(0)).isZero();
    }

    @Test
    void a_forced_sale_is_decided_at_one_bar_and_filled_at_the_next_and_only_once() {
        TradingEnvironment game =
                game(rules -> rules.fills(Fills.NEXT_BAR).forcedSaleAfter(2).forcedSaleFraction(0.5), flat(12, 1));

        game.step(new float[] {1});
        assertThat(sides(game, 6))
                .containsExactly(
                        List.of(FillSide.BUY),
                        List.of(),
                        List.of(),
                        List.of(FillSide.FORCED_SALE),
                        List.of(),
                        List.of());
        assertThat(game.pendingOrders()).containsExactly(new PendingOrder(0, FillSide.FORCED_SALE, 0.25f));
    }

    @Test
    void what_the_agent_sells_at_the_next_bar_is_not_sold_from_by_force_as_well() {
        TradingEnvironment game =
                game(rules -> rules.fills(Fills.NEXT_BAR).forcedSaleAfter(2).forcedSaleFraction(0.5), flat(12, 1));
        game.step(new float[] {1});
        game.step(new float[] {0});
        game.step(new float[] {0});

        game.step(new float[] {-0.5f});
        assertThat(game.pendingOrders()).containsExactly(new PendingOrder(0, FillSide.SELL, 0.5f));
        game.step(new float[] {0});
        assertThat(game.fills()).extracting(Fill::side).containsExactly(FillSide.SELL);
        assertThat(game.holding(0)).isEqualTo(0.5f);
    }

    @Test
    void cash_is_counted_when_a_purchase_is_filled() {
        TradingEnvironment game =
                game(rules -> rules.fills(Fills.NEXT_BAR), new double[][] {{100}, {100}, {400}, {400}, {400}});

        game.step(new float[] {4});
        assertThat(game.pendingOrders()).containsExactly(new PendingOrder(0, FillSide.BUY, 4));
        game.step(new float[] {0});

        assertThat(game.fill(0).quantity()).isEqualTo(500 / 1.0025 / 400 * 0.99);
    }

    @Test
    void slippage_makes_every_fill_worse_and_values_nothing_by_it() {
        TradingEnvironment game = game(rules -> rules.slippageBps(100), flat(6, 1));

        game.step(new float[] {1});
        assertThat(game.fill(0).price()).isEqualTo(100 * 1.01);
        assertThat(game.fees()).isEqualTo(101 * 0.0025);
        assertThat(game.cash()).isEqualTo(500 - 101 * 1.0025);
        assertThat(game.equity()).isEqualTo(500 - 101 * 1.0025 + 100);

        double before = game.cash();
        game.step(new float[] {-1});
        assertThat(game.fill(0).price()).isEqualTo(99);
        assertThat(game.cash()).isEqualTo(before + 99 * 0.9975);
        assertThat(game.tradedValue()).isEqualTo(99);
    }

    @Test
    void a_purchase_is_trimmed_to_the_cap() {
        TradingEnvironment game = game(rules -> rules.maxPosition(0.3), flat(6, 1));

        game.step(new float[] {4});

        assertThat(game.requested(0)).as("what the agent asked for").isEqualTo(4f);
        assertThat(game.holding(0)).as("0.3 * 500 / 100").isEqualTo(1.5f);

        double total = game.equity();
        game.step(new float[] {1});
        assertThat(total).isLessThan(500);
        assertThat(game.fillCount())
                .as("fees made 1.5 units more than 30 %% of all")
                .isZero();
    }

    @Test
    void the_cap_counts_the_position_before_this_steps_orders_and_all_that_there_is() {
        TradingEnvironment game = game(
                rules -> rules.maxPosition(0.5).feeRate(0),
                new double[][] {{100, 100}, {100, 100}, {200, 100}, {200, 100}, {200, 100}});
        game.step(new float[] {1, 1});
        assertThat(game.cash()).isEqualTo(300);

        // All is worth 300 + 1 * 200 + 1 * 100 = 600; of the first there is room for (300 - 200) / 200.
        game.step(new float[] {1, -1});

        assertThat(game.holding(0)).isEqualTo(1.5f);
        assertThat(game.holding(1)).isZero();
    }

    @Test
    void what_a_stop_sells_is_cash_to_the_cap() {
        TradingEnvironment game = game(
                rules -> rules.maxPosition(0.5).trailingStop(0.1).feeRate(0),
                new double[][] {{100}, {100}, {50}, {50}, {50}});
        game.step(new float[] {2});
        assertThat(game.holding(0)).isEqualTo(2f);

        game.step(new float[] {10});

        assertThat(game.fills())
                .containsExactly(new Fill(2, 0, FillSide.STOP_SALE, 2, 50, 0), new Fill(2, 0, FillSide.BUY, 4, 50, 0));
    }

    @Test
    void a_position_above_the_cap_is_not_sold_for_it() {
        TradingEnvironment game = game(rules -> rules.maxPosition(0.3), new double[][] {{100}, {100}, {900}, {900}});
        game.step(new float[] {1});
        float held = game.holding(0);

        game.step(new float[] {1});

        assertThat(game.fillCount()).isZero();
        assertThat(game.holding(0)).isEqualTo(held);
    }

    @Test
    void the_cap_trims_an_order_at_the_bar_of_its_decision() {
        TradingEnvironment game = game(
                rules -> rules.maxPosition(0.3).fills(Fills.NEXT_BAR), new double[][] {{100}, {100}, {110}, {110}});

        game.step(new float[] {4});
        assertThat(game.pendingOrders()).containsExactly(new PendingOrder(0, FillSide.BUY, 1.5f));
        game.step(new float[] {0});

        assertThat(game.holding(0)).isEqualTo(1.5f);
    }

    @Test
    void a_snapshot_carries_what_is_pending_and_is_refused_where_nothing_can_be() {
        double[][] prices = {{100}, {110}, {120}, {130}, {140}};
        TradingEnvironment next = game(rules -> rules.fills(Fills.NEXT_BAR), prices);
        next.step(new float[] {1});
        EnvironmentSnapshot snapshot = next.snapshot();
        TradingEnvironment restored = game(rules -> rules.fills(Fills.NEXT_BAR), prices);
        restored.restore(snapshot);
        restored.step(new float[1]);

        assertThat(restored.fills()).containsExactly(new Fill(2, 0, FillSide.BUY, 1, 120, 120 * 0.0025));
        assertThatThrownBy(() -> game(rules -> rules, prices).restore(snapshot))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("1 orders that wait for the next bar, but the rules fill same-bar");
        assertThatThrownBy(() -> new EnvironmentSnapshot(
                        1, 500, List.of(0f), List.of(0), List.of(0f), List.of(new PendingOrder(1, FillSide.BUY, 1))))
                .hasMessageContaining("pending order of asset 1");
        assertThatThrownBy(() -> new PendingOrder(0, FillSide.BUY, Float.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new PendingOrder(-1, FillSide.BUY, 1)).hasMessageContaining("-1");
    }

    @Test
    void the_account_can_be_observed_alone() {
        TradingEnvironment game = game(rules -> rules, flat(6, 2));
        game.step(new float[] {1, 0});
        float[] state = new float[game.stateDimension()];
        float[] account = new float[3];
        float[] longer = {9, 9, 9, 9};

        game.observe(state);
        game.observeAccount(account);
        game.observeAccount(longer);

        assertThat(account).isEqualTo(Arrays.copyOf(state, 3)).containsExactly((float) game.cash(), 1, 0);
        assertThat(longer).containsExactly((float) game.cash(), 1, 0, 9);
        assertThatThrownBy(() -> game.observeAccount(new float[2]))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("3 values");
    }

    private static TradingEnvironment game(UnaryOperator<TradingRules.Builder> changes, double[][] prices) {
        double[][] tech = new double[prices.length][prices[0].length];
        return new TradingEnvironment(
                MarketData.of(prices, tech), TradingRules.ORIGINAL.with(changes), HUNDRED_PER_ACTION);
    }

    private static List<List<FillSide>> sides(TradingEnvironment game, int steps) {
        FillSide[][] sides = new FillSide[steps][];
        for (int step = 0; step < steps; step++) {
            game.step(new float[] {0});
            sides[step] = game.fills().stream().map(Fill::side).toArray(FillSide[]::new);
        }
        return Arrays.stream(sides).map(List::of).toList();
    }

    private static double[][] flat(int rows, int assets) {
        double[][] prices = new double[rows][assets];
        for (double[] row : prices) {
            Arrays.fill(row, 100);
        }
        return prices;
    }
}
