package io.pipelinev2.bench;

import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.environment.TradingEnvironment;
import io.pipelinev2.backtest.environment.TradingRules;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The environment by recorded actions, which trade. An operation is one step. */
@State(Scope.Thread)
public class EnvironmentAlone {

    private final float[][] actions = Fixtures.actions(1, "numpy2");
    private final float[] account = new float[8];
    private final TradingEnvironment environment =
            new TradingEnvironment(Fixtures.market(), TradingRules.ORIGINAL, Fixtures.parameters(1));

    @Setup
    public void setUp() {
        int fills = 0;
        for (float[] action : actions) {
            environment.step(action);
            fills += environment.fillCount();
        }
        if (fills < Steps.IN_ALL / 20) {
            throw new IllegalStateException("the recording makes " + fills + " trades only");
        }
    }

    @Benchmark
    @OperationsPerInvocation(Steps.IN_ALL)
    public double environment() {
        environment.reset();
        for (int step = 0; step < Steps.IN_ALL; step++) {
            environment.observeAccount(account);
            environment.step(actions[step]);
        }
        return environment.equity() + account[0];
    }
}
