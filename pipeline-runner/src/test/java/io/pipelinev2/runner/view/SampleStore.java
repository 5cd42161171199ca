package io.pipelinev2.runner.view;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An in-memory store with rows made by hand, for tests of views. */
public final class SampleStore {

    public final ManualClock clock;
    public final PipelineStore store;
    private final Map<String, Study> studies = new HashMap<>();

    public SampleStore() {
        this.clock = new ManualClock();
        this.store = new InMemoryPipelineStore(clock);
    }

    /** A real one, for tests that need more than memory. */
    public SampleStore(PipelineStore store, ManualClock clock) {
        this.clock = clock;
        this.store = store;
    }

    public Monitor monitor() {
        return new Monitor(store, Duration.ofSeconds(60));
    }

    /** A daemon has just reported that all is well. */
    public SampleStore alive() {
        monitor().report(HealthReport.MANAGER, HealthStatus.HEALTHY, "running");
        store.write(tx -> {
            tx.put(Monitor.LAST_CHECK, clock.now().toString());
            return null;
        });
        return this;
    }

    public Trial trial(String study, int number, Double value, TrialStatus status, String reason) {
        return trial(study, Direction.MAXIMIZE, number, value, status, reason);
    }

    public Trial trial(String study, Direction direction, int number, Double value, TrialStatus status, String reason) {
        Study its = studies.computeIfAbsent(
                study,
                name -> store.write(tx -> tx.insert(
                        new Study(0, "sqlite:///optuna.db", name, name, studies.size() + 1, 1, List.of(direction)))));
        return store.write(tx -> tx.insert(new Trial(
                0,
                its.id(),
                new TrialKey(study, number),
                new SourceTrial(study, its.sourceId(), number + 1, number, "2026-01-29 20:00:00.000000"),
                Arrays.asList(value),
                List.of(direction),
                status,
                null,
                false,
                reason,
                1,
                clock.now(),
                clock.now())));
    }

    public void held(Trial trial, String why) {
        store.write(tx -> {
            tx.update(trial, trial.held(why, clock.now()));
            return null;
        });
    }

    public StageRun stage(
            Trial trial, String name, StageStatus status, int attempts, String error, Map<String, Object> results) {
        int position = store.read(tx -> tx.stages(trial.id())).size();
        return store.write(tx -> tx.insert(new StageRun(
                0,
                trial.id(),
                name,
                position,
                status,
                attempts,
                0,
                3,
                clock.now(),
                status == StageStatus.PENDING ? null : clock.now(),
                null,
                null,
                null,
                attempts,
                error,
                error,
                results)));
    }

    /** A backtest that passed. */
    public StageRun passed(Trial trial, Double sharpe) {
        return passed(trial, sharpe, 0.05, 0.25, 100);
    }

    public StageRun passed(Trial trial, Double sharpe, Double totalReturn, Double drawdown, long trades) {
        return stage(
                trial, TrialRow.BACKTEST, StageStatus.PASSED, 1, null, results(sharpe, totalReturn, drawdown, trades));
    }

    public static Map<String, Object> results(Double sharpe, Double totalReturn, Double drawdown, long trades) {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("total_return", totalReturn);
        metrics.put("sharpe", sharpe);
        metrics.put("max_drawdown", drawdown);
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("metrics", metrics);
        results.put("trades", trades);
        results.put("data_sha256", "d1");
        return results;
    }

    /** A deployment that runs as process {@code pid}. */
    public Deployment running(Trial trial, long pid) {
        Deployment wanted = Deployment.wanted(trial.id(), trial.key(), "abc", "rank 1 of 26", null, clock.now());
        return deployment(wanted.change()
                .status(DeploymentStatus.RUNNING)
                .health(DeploymentHealth.HEALTHY, "reported 1 s ago")
                .process(new ProcessIdentity("boot", pid, 1, "nonce"))
                .startedAt(clock.now().minus(Duration.ofMinutes(3)))
                .logFile("logs/deployments/1.log")
                .done());
    }

    public Deployment stopped(Trial trial, long pid) {
        Instant started = clock.now().minus(Duration.ofHours(5));
        Deployment wanted = Deployment.wanted(trial.id(), trial.key(), "abc", "", null, started);
        return deployment(wanted.change()
                .desired(DesiredState.STOPPED)
                .status(DeploymentStatus.STOPPED)
                .health(DeploymentHealth.STOPPED, "stopped by an operator")
                .process(new ProcessIdentity("boot", pid, 1, "nonce"))
                .startedAt(started)
                .done());
    }

    public Deployment deployment(Deployment deployment) {
        return store.write(tx -> tx.insert(deployment));
    }
}
