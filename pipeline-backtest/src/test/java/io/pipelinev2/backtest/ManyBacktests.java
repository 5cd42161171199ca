package io.pipelinev2.backtest;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.market.MarketDataSettings;
import io.pipelinev2.backtest.policy.ActorNetwork;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/**
 * A program: so many backtests at once, each with a model of its own, on one market. Prints the final values. Arguments: how
 * many, and for backtests through the stage the share of bars that are kept back and a directory for copies of the models.
 */
final class ManyBacktests {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private ManyBacktests() {}

    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        int count = Integer.parseInt(arguments[0]);
        CyclicBarrier allInTheMiddle = new CyclicBarrier(count);
        Callable<Double> backtest = arguments.length == 1
                ? alone(allInTheMiddle)
                : throughStage(Double.parseDouble(arguments[1]), Path.of(arguments[2]), allInTheMiddle);
        ExecutorService executor = Executors.newFixedThreadPool(count);
        List<Future<Double>> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            results.add(executor.submit(backtest));
        }
        for (Future<Double> result : results) {
            System.out.println(result.get());
        }
        executor.shutdown();
    }

    private static Callable<Double> alone(CyclicBarrier allInTheMiddle) {
        MarketData market = Fixtures.market();
        AgentParameters parameters = Fixtures.parameters(3);
        return () -> Backtest.of(TradingRules.ORIGINAL, GateSet.V2_BASIC)
                .cancelledWhen(waitingOnce(allInTheMiddle))
                .run(market, new ActorNetwork(Fixtures.checkpoint(3)), parameters)
                .legacyV2()
                .finalValue();
    }

    private static Callable<Double> throughStage(double sealed, Path copies, CyclicBarrier allInTheMiddle) {
        BacktestStage stage = new BacktestStage(
                new BacktestSettings(
                        new ModelLocation(Fixtures.ROOT.toAbsolutePath(), "trials/trial_{number}_1h"),
                        Duration.ZERO,
                        MarketDataSettings.of(Fixtures.MARKET),
                        8760,
                        TradingRules.ORIGINAL,
                        GateSet.V2_BASIC,
                        sealed),
                new ModelArchive(copies),
                SharedModels.none(),
                StudySize.unknown());
        return () -> {
            Map<?, ?> legacy = (Map<?, ?>) stage.execute(new Attempt(waitingOnce(allInTheMiddle)))
                    .results()
                    .get("legacy_v2");
            return (Double) legacy.get("final_value");
        };
    }

    /** Nobody goes on before all are in the middle of their run. */
    private static BooleanSupplier waitingOnce(CyclicBarrier barrier) {
        int[] asked = {0};
        return () -> ++asked[0] == 10 && wait(barrier);
    }

    private static boolean wait(CyclicBarrier barrier) {
        try {
            barrier.await();
            return false;
        } catch (InterruptedException | BrokenBarrierException another) {
            return true;
        }
    }

    /** An attempt at the third trial, as the engine would give it. */
    private record Attempt(BooleanSupplier cancelled) implements StageContext {

        @Override
        public Trial trial() {
            return new Trial(
                    1,
                    1,
                    new TrialKey("ppo_1h", 3),
                    new SourceTrial("ppo_1h", 3, 43, 3, null),
                    List.of(1.5),
                    List.of(Direction.MAXIMIZE),
                    TrialStatus.PROCESSING,
                    null,
                    false,
                    null,
                    1,
                    NOW,
                    NOW);
        }

        @Override
        public TrialDetails details() {
            return new TrialDetails(Fixtures.rawParameters(3), Map.of());
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public StageSettings settings() {
            return StageSettings.DEFAULT;
        }

        @Override
        public Map<String, Object> resultsOf(String stage) {
            return Map.of();
        }

        @Override
        public boolean isCancelled() {
            return cancelled.getAsBoolean();
        }

        @Override
        public Instant deadline() {
            return Instant.MAX;
        }

        @Override
        public Instant now() {
            return NOW;
        }
    }
}
