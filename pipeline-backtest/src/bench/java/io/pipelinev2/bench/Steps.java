package io.pipelinev2.bench;

import io.pipelinev2.backtest.Backtest;
import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.TradingEnvironment;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.policy.ActorNetwork;
import io.pipelinev2.backtest.policy.ActorRollout;
import io.pipelinev2.backtest.policy.RandomActor;
import java.util.HashMap;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Networks with 106 inputs and 7 actions on 1,680 hourly bars of 7 assets. An operation is one step. */
@State(Scope.Thread)
public class Steps {

    static final int IN_ALL = 1678;

    @Param("256")
    public int width;

    private final Backtest backtest = Backtest.of(TradingRules.ORIGINAL, GateSet.V2_BASIC);
    private AgentParameters parameters = Fixtures.parameters(1);
    private ActorNetwork actor = new ActorNetwork(Fixtures.checkpoint(1));
    private TradingEnvironment environment =
            new TradingEnvironment(Fixtures.market(), TradingRules.ORIGINAL, parameters);
    private ActorRollout rollout = along();
    private final float[] state = new float[106];
    private final float[] account = new float[8];
    private final float[] action = new float[7];

    @Setup
    public void setUp() {
        Map<String, Object> raw = new HashMap<>(Fixtures.rawParameters(1));
        raw.put("net_dimension", width);
        parameters = AgentParameters.from(raw);
        actor = new ActorNetwork(RandomActor.of(106, width, 7, 1));
        environment = new TradingEnvironment(Fixtures.market(), TradingRules.ORIGINAL, parameters);
        rollout = along();
        environment.observe(state);
        if (environment.stepsInAll() != IN_ALL) {
            throw new IllegalStateException("the market data has " + environment.stepsInAll() + " steps");
        }
    }

    private ActorRollout along() {
        return actor.along(environment.market(), parameters.lookback(), parameters.normTech());
    }

    /** The policy alone, on a single observation. */
    @Benchmark
    public float act() {
        actor.act(state, action);
        return action[0];
    }

    /** Environment and policy. */
    @Benchmark
    @OperationsPerInvocation(IN_ALL)
    public double steps() {
        environment.reset();
        for (int step = 0; step < IN_ALL; step++) {
            environment.observeAccount(account);
            rollout.act(environment.row(), account, action);
            environment.step(action);
        }
        return environment.equity();
    }

    /** Everything: environment, policy, record, metrics, gates. */
    @Benchmark
    @OperationsPerInvocation(IN_ALL)
    public BacktestResult backtest() {
        return backtest.run(Fixtures.market(), actor, parameters);
    }
}
