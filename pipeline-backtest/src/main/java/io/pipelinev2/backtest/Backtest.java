package io.pipelinev2.backtest;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.EnvironmentException;
import io.pipelinev2.backtest.environment.TradingEnvironment;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.policy.ActorModel;
import io.pipelinev2.backtest.policy.ActorNetwork;
import io.pipelinev2.backtest.policy.ActorRollout;
import io.pipelinev2.backtest.policy.CheckpointException;
import io.pipelinev2.backtest.policy.OnnxRuntimeUnavailableException;
import io.pipelinev2.backtest.policy.Policy;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plays a policy over market data once, from the first bar to the last, and judges the result.
 *
 * <pre>{@code
 * MarketData market = MarketData.load(Path.of("data/1h_1680"));
 * ActorModel model = ActorModel.read(Path.of("trial_7_1h/actor.pth"));
 * BacktestResult result = Backtest.of(TradingRules.ORIGINAL, GateSet.V2_BASIC)
 *         .run(market, model, AgentParameters.from(optunaParameters));
 * }</pre>
 *
 * <p>A backtest is immutable and may be used by several threads, each with a policy of its own. The same input gives the
 * same result, bit by bit.
 */
public final class Backtest {

    /** Hours in a year of a market that never closes. */
    public static final double HOURLY = 8760;

    private static final int STEPS_BETWEEN_CANCELLATION_CHECKS = 64;

    private final TradingRules rules;
    private final GateSet gates;
    private final double periodsPerYear;
    private final BooleanSupplier cancelled;

    private Backtest(TradingRules rules, GateSet gates, double periodsPerYear, BooleanSupplier cancelled) {
        this.rules = rules;
        this.gates = gates;
        this.periodsPerYear = periodsPerYear;
        this.cancelled = cancelled;
    }

    /** A backtest on hourly bars by these rules, judged by these gates. */
    public static Backtest of(TradingRules rules, GateSet gates) {
        return new Backtest(rules, gates, HOURLY, () -> false);
    }

    /** The same backtest with another number of bars per year, by which metrics are annualised. */
    public Backtest periodsPerYear(double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("bars per year must be positive and finite, was " + value);
        }
        return new Backtest(rules, gates, value, cancelled);
    }

    /** The same backtest, asking {@code value} now and then whether it should end early. */
    public Backtest cancelledWhen(BooleanSupplier value) {
        return new Backtest(rules, gates, periodsPerYear, value);
    }

    /**
     * Plays a model of any format.
     *
     * @throws CheckpointException when the model's dimensions do not fit market data and parameters
     * @throws EnvironmentException when rules, parameters and market data do not fit, or an action is not finite
     * @throws OnnxRuntimeUnavailableException when it is ONNX and there is nothing to play that with
     * @throws CancellationException when it was cancelled
     */
    public BacktestResult run(MarketData market, ActorModel model, AgentParameters parameters) {
        requireFits(model, market, parameters);
        try (Policy policy = model.newPolicy()) {
            return play(market, policy, parameters, model.sha256());
        }
    }

    /**
     * Plays an actor.
     *
     * @throws CheckpointException when the network's dimensions do not fit market data and parameters
     * @throws EnvironmentException when rules, parameters and market data do not fit, or an action is not finite
     * @throws CancellationException when it was cancelled
     */
    public BacktestResult run(MarketData market, ActorNetwork actor, AgentParameters parameters) {
        requireFits(actor.checkpoint(), market, parameters);
        return play(market, actor, parameters, actor.checkpoint().sha256());
    }

    /** Plays any other policy; the result then has no model hash. */
    public BacktestResult run(MarketData market, Policy policy, AgentParameters parameters) {
        return policy instanceof ActorNetwork actor
                ? run(market, actor, parameters)
                : play(market, policy, parameters, null);
    }

    /**
     * Plays actions that were recorded before, one row per step.
     *
     * @throws EnvironmentException when there are fewer rows than steps
     */
    public BacktestResult replay(MarketData market, float[][] actions, AgentParameters parameters) {
        int[] next = {0};
        Policy recorded = (state, action) -> {
            if (next[0] == actions.length) {
                throw new EnvironmentException("the recording has " + actions.length
                        + " actions, but the market data has more steps. Replay it on the data that it was made on.");
            }
            float[] row = actions[next[0]++];
            if (row.length != action.length) {
                throw new EnvironmentException("the recording has " + row.length + " values in row " + (next[0] - 1)
                        + ", but the market data has " + action.length + " assets");
            }
            System.arraycopy(row, 0, action, 0, row.length);
        };
        return play(market, recorded, parameters, null);
    }

    private BacktestResult play(
            MarketData market, Policy policy, AgentParameters parameters, @Nullable String modelSha256) {
        TradingEnvironment environment = new TradingEnvironment(market, rules, parameters);
        int steps = Math.min(environment.stepsInAll(), rules.maxSteps());
        RunRecord run = new RunRecord(environment, steps);
        Consumer<float[]> agent = agent(environment, policy, parameters);
        float[] action = new float[environment.assets()];
        for (int step = 0; step < steps; step++) {
            if (step % STEPS_BETWEEN_CANCELLATION_CHECKS == 0 && cancelled.getAsBoolean()) {
                throw new CancellationException("the backtest was cancelled at step " + step + " of " + steps);
            }
            agent.accept(action);
            environment.step(action);
            run.add();
        }
        return run.result(rules, parameters, gates, periodsPerYear, modelSha256);
    }

    /** Puts the next action into the array that it is given. */
    private static Consumer<float[]> agent(TradingEnvironment environment, Policy policy, AgentParameters parameters) {
        if (policy instanceof ActorNetwork actor) {
            ActorRollout rollout = actor.along(environment.market(), parameters.lookback(), parameters.normTech());
            float[] account = new float[1 + environment.assets()];
            return action -> {
                environment.observeAccount(account);
                rollout.act(environment.row(), account, action);
            };
        }
        float[] state = new float[environment.stateDimension()];
        return action -> {
            environment.observe(state);
            policy.act(state, action);
        };
    }

    private static void requireFits(ActorModel actor, MarketData market, AgentParameters parameters) {
        int assets = market.assets();
        if (actor.actions() != assets) {
            throw new CheckpointException("The model " + actor.name() + " trades " + actor.actions()
                    + " assets, but the market data has " + assets
                    + (actor.actions() == 1 ? " (a critic has one output; is this a critic?)" : "")
                    + ". Point data.directory to the data of its training.");
        }
        int needed = parameters.stateDimension(assets, market.features());
        if (actor.stateDimension() != needed) {
            throw new CheckpointException("The model " + actor.name() + " observes " + actor.stateDimension()
                    + " values ("
                    + lookbackOf(actor, market) + "), but the trial's lookback of " + parameters.lookback() + " with "
                    + assets + " assets and " + market.features() + " features makes " + needed
                    + ". The file belongs to another trial or the data to another training; put the right one there and"
                    + " run `retry`.");
        }
        int width = actor.hiddenWidth().orElse(parameters.netDimension());
        if (width != parameters.netDimension()) {
            throw new CheckpointException("The model " + actor.name() + " has layers of width " + width
                    + ", but the trial's net_dimension is " + parameters.netDimension()
                    + ". The file belongs to another trial; put the right one there and run `retry`.");
        }
    }

    private static String lookbackOf(ActorModel actor, MarketData market) {
        int rest = actor.stateDimension() - 1 - market.assets();
        return rest > 0 && rest % market.features() == 0
                ? "a lookback of " + rest / market.features()
                : "no whole lookback on this data";
    }
}
