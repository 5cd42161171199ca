package io.pipelinev2.backtest;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.policy.ActorNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A program: so many backtests at once, each with a model of its own, on one market. Prints the final values. */
final class ManyBacktests {

    private ManyBacktests() {}

    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        int count = Integer.parseInt(arguments[0]);
        MarketData market = Fixtures.market();
        AgentParameters parameters = Fixtures.parameters(3);
        CyclicBarrier allInTheMiddle = new CyclicBarrier(count);
        ExecutorService executor = Executors.newFixedThreadPool(count);
        List<Future<BacktestResult>> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            results.add(executor.submit(() -> {
                int[] asked = {0};
                return Backtest.of(TradingRules.ORIGINAL, GateSet.V2_BASIC)
                        .cancelledWhen(() -> ++asked[0] == 10 && wait(allInTheMiddle))
                        .run(market, new ActorNetwork(Fixtures.checkpoint(3)), parameters);
            }));
        }
        for (Future<BacktestResult> result : results) {
            System.out.println(result.get().legacyV2().finalValue());
        }
        executor.shutdown();
    }

    /** Nobody goes on before all are in the middle of their run. */
    private static boolean wait(CyclicBarrier barrier) {
        try {
            barrier.await();
            return false;
        } catch (InterruptedException | BrokenBarrierException another) {
            return true;
        }
    }
}
