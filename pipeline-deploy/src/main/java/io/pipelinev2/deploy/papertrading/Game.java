package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.environment.Fill;
import io.pipelinev2.backtest.environment.PendingOrder;
import io.pipelinev2.backtest.environment.TradingEnvironment;
import io.pipelinev2.backtest.policy.ActorModel;
import io.pipelinev2.backtest.policy.Policy;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.deploy.papertrading.feed.Bar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The game of one account: the environment and the policy of its backtest, played bar by bar. The trader plays it on bars
 * that come, {@link Verification} on bars that were recorded.
 */
final class Game implements AutoCloseable {

    private final TradingEnvironment environment;
    private final Policy policy;
    private final Bookkeeping bookkeeping;
    private final RiskGuard guard = new RiskGuard();
    private final float[] state;
    private final float[] action;

    private Game(TradingEnvironment environment, Policy policy, Bookkeeping bookkeeping) {
        this.environment = environment;
        this.policy = policy;
        this.bookkeeping = bookkeeping;
        this.state = new float[environment.stateDimension()];
        this.action = new float[environment.assets()];
        environment.guard(guard);
    }

    /**
     * A game at its start.
     *
     * @throws TradingRefusedException if model, parameters and bars do not fit together
     */
    static Game of(Opening opening, ActorModel model) {
        return at(opening, model, null);
    }

    /** A game that goes on where an account stands. */
    static Game at(Opening opening, ActorModel model, @Nullable Standing standing) {
        TradingEnvironment environment = TradingEnvironment.growing(
                Bars.market(opening.beginning(), opening.assets()), opening.rules(), opening.parameters());
        if (model.actions() != environment.assets() || model.stateDimension() != environment.stateDimension()) {
            throw new TradingRefusedException(
                    ExitCode.CONFIGURATION,
                    "The model of %s takes %d values and gives %d actions, but its parameters and the bars of its feed make %d and %d. Give it the assets and features of its validation."
                            .formatted(
                                    opening.trial(),
                                    model.stateDimension(),
                                    model.actions(),
                                    environment.stateDimension(),
                                    environment.assets()));
        }
        if (standing != null) {
            environment.restore(standing.last().snapshot(), Bars.market(standing.newest(), opening.assets()));
        }
        return new Game(environment, model.newPolicy(), new Bookkeeping(opening.rules(), environment));
    }

    /**
     * Where an account stands.
     *
     * @param last the bar that was traded last
     * @param newest as many bars as an observation needs, the last traded one last
     */
    record Standing(BarEntry last, List<Bar> newest) {}

    /**
     * Trades the next bar.
     *
     * @param allowed which orders may be given
     * @param liquidate whether everything is sold instead of asking the agent
     */
    Outcome play(Bar bar, TradingState allowed, boolean liquidate, RiskLimits limits, RiskState risk) {
        List<PendingOrder> waited = environment.pendingOrders();
        guard.begin(allowed, limits, risk, environment.equity());
        if (!liquidate) {
            environment.observe(state);
            policy.act(state, action);
        }
        double[] prices = Bars.unboxed(bar.prices());
        environment.append(prices, Bars.unboxed(bar.tech()));
        if (liquidate) {
            environment.liquidate();
        } else {
            environment.step(action);
        }
        List<Fill> fills = environment.fills();
        return new Outcome(
                environment.equity(),
                environment.fees(),
                environment.tradedValue(),
                fills,
                waited,
                guard.refusals(),
                environment.snapshot(),
                bookkeeping.enter(fills, prices, environment));
    }

    double equity() {
        return environment.equity();
    }

    double cash() {
        return environment.cash();
    }

    @Override
    public void close() {
        policy.close();
    }
}
