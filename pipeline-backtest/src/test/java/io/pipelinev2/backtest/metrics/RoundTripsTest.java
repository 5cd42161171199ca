package io.pipelinev2.backtest.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.Backtest;
import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundTripsTest {

    @Test
    void a_sale_earns_its_proceeds_less_the_average_cost() {
        RoundTrips trips = new RoundTrips(2);
        trips.buy(0, 2, 10, 1);
        trips.buy(0, 2, 20, 1);
        trips.buy(1, 1, 5, 0);
        trips.sell(0, 1, 30, 2);
        trips.sell(0, 3, 10, 0);

        // 62 were paid for 4 units, 15.5 for each.
        assertThat(trips.earned()).containsExactly(30 - 2 - 15.5, 30 - 46.5);
        assertThat(trips.openCost()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void cash_is_accounted_for_by_round_trips_and_what_is_held(int trial) {
        BacktestResult run = Backtest.of(TradingRules.ORIGINAL, GateSet.V2_BASIC)
                .replay(Fixtures.market(), Fixtures.actions(trial, "numpy2"), Fixtures.parameters(trial));
        double[] cash = run.cash();
        PerformanceMetrics metrics = run.metrics();

        assertThat(metrics.get("realised_pnl").value()
                        - metrics.get("open_cost").value())
                .isCloseTo(cash[cash.length - 1] - cash[0], within(1e-4 * cash[0]));
        assertThat(metrics.get("round_trips").value())
                .isEqualTo(run.trades().total() - run.trades().buys());
    }
}
