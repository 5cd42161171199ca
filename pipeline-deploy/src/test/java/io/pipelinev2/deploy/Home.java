package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.execution.Operations;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageRun.Lease;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.core.store.Invariants;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pipeline's home with a store, and trials in the state in which their validation leaves them. */
final class Home implements AutoCloseable {

    static final Operator ANA = new Operator("ana", "cli");

    final Path directory;
    final Clock clock;
    final PipelineStore store;
    final ModelArchive models;
    private final Study study;

    Home(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
        this.store = new InMemoryPipelineStore(clock);
        this.models = new ModelArchive(directory.resolve("state/models"));
        this.study = store.write(
                tx -> tx.insert(new Study(0, "sqlite:///optuna.db", "ppo", "ppo", 1, 1, List.of(Direction.MAXIMIZE))));
    }

    DeployStage.Builder stage(DeploySettings settings) {
        return DeployStage.builder(store, directory)
                .clock(clock)
                .settings(settings)
                .models(models)
                .random(() -> 0.5);
    }

    /** Settings with a shell script as the command. */
    static DeploySettings script(String script) {
        return DeploySettings.DEFAULT
                .withCommand(List.of("/bin/sh", "-c", script))
                .withStartTime(Duration.ZERO);
    }

    DeploymentCommands commands(int maxDeployed) {
        return new DeploymentCommands(store, DeployStage.NAME, maxDeployed, true);
    }

    /** A trial that passed its backtest with this Sharpe ratio, in batch 1. */
    Trial validated(int number, @Nullable Double sharpe) {
        return validated(number, sharpe, 1);
    }

    Trial validated(int number, @Nullable Double sharpe, long batch) {
        return validated(number, batch, results(number, sharpe, "d"));
    }

    /** What its backtest found on this data. */
    Map<String, Object> results(int number, @Nullable Double sharpe, String data) {
        Map<String, @Nullable Object> metrics = new LinkedHashMap<>();
        metrics.put("sharpe", sharpe);
        String sha256 = models.keep(("model " + number).getBytes(StandardCharsets.UTF_8), "actor.pth");
        return Map.of(
                "metrics", metrics, "model_sha256", sha256, "data_sha256", data, "parameters", Map.of("lookback", 1));
    }

    Trial validated(int number, long batch, Map<String, ? extends @Nullable Object> results) {
        Trial trial = discovered(number, batch);
        finish(trial, results);
        return trial;
    }

    /** A trial whose backtest has not been run yet. */
    Trial discovered(int number, long batch) {
        return store.write(tx -> {
            Trial trial = tx.insert(new Trial(
                    0,
                    study.id(),
                    new TrialKey("ppo", number),
                    new SourceTrial("ppo", 1, number, number, null),
                    List.of(1.0),
                    List.of(Direction.MAXIMIZE),
                    TrialStatus.PROCESSING,
                    null,
                    false,
                    null,
                    batch,
                    clock.now(),
                    clock.now()));
            tx.insert(StageRun.waiting(trial.id(), "backtest", 0, 3, clock.now()));
            tx.insert(StageRun.waiting(trial.id(), DeployStage.NAME, 1, 1, null));
            return trial;
        });
    }

    /** Its backtest passes. */
    void finish(Trial trial, Map<String, ? extends @Nullable Object> results) {
        store.write(tx -> {
            StageRun backtest = tx.stage(trial.id(), "backtest").orElseThrow();
            Map<String, @Nullable Object> copy = new LinkedHashMap<>(results);
            Lease lease = new Lease("runner", "here", clock.now());
            StageRun claimed = backtest.claimed(lease, clock.now(), clock.now(), 3);
            tx.update(backtest, claimed);
            tx.update(claimed, claimed.ended(StageStatus.PASSED, clock.now(), null, "passed", copy));
            StageRun deploy = tx.stage(trial.id(), DeployStage.NAME).orElseThrow();
            tx.update(deploy, deploy.due(clock.now()));
            return null;
        });
    }

    /** Its backtest is to be repeated. */
    void revalidate(int number) {
        operations().revalidate(new TrialKey("ppo", number), "backtest", "", ANA);
    }

    /** Its backtest is done, and comes to this. */
    void backtest(int number, Stage.Work work) {
        try (Pipeline pipeline = Pipeline.builder()
                .store(store)
                .source(new InMemoryTrialSource())
                .clock(clock)
                .stage(Stage.of("backtest", work))
                .deployedElsewhere(DeployStage.NAME, StageSettings.DEFAULT)
                .build()) {
            pipeline.executeStage(new TrialKey("ppo", number), "backtest");
        }
    }

    /** Its backtest is done, and passes. */
    void backtest(int number, double sharpe, String data) {
        StageOutcome passed = StageOutcome.passed("passed", results(number, sharpe, data))
                .with(List.of(new Series("equity", data, new double[] {500, 500 + sharpe})));
        backtest(number, context -> passed);
    }

    Operations operations() {
        return new Operations(store);
    }

    Trial trial(int number) {
        return store.read(tx -> tx.trial(new TrialKey("ppo", number)).orElseThrow());
    }

    StageRun deployStage(int number) {
        return store.read(tx -> tx.stage(trial(number).id(), DeployStage.NAME).orElseThrow());
    }

    Deployment deployment(int number) {
        return store.read(tx -> tx.deploymentOf(trial(number).id()).orElseThrow());
    }

    List<ProcessRun> runs(int number) {
        return store.read(tx -> tx.processRuns(deployment(number).id()));
    }

    List<EventType> eventTypes(int number) {
        return store.read(tx -> tx.events(trial(number).id(), 1_000)).stream()
                .map(Event::type)
                .toList();
    }

    /** Ends what still runs in this home, checks that nothing does, and looks for states that can never be. */
    @Override
    public void close() {
        Remains.endAllIn(directory);
        assertThat(store.<List<String>>read(Invariants::violations)).isEmpty();
    }
}
