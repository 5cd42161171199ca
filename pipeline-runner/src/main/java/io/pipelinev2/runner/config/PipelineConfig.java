package io.pipelinev2.runner.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration, checked. Its parts are named as the keys of the file are; every path in it is absolute, but for
 * what {@link OptunaConfig#storage} and {@link ModelsConfig#directory} leave to their readers.
 *
 * @param file the file that it was read from
 * @param home the directory in which {@code state/} and {@code logs/} live
 * @param database where the state is
 * @param optuna where the trials come from, unless there is a source
 * @param source where the trials come from, if not from Optuna
 * @param models where the models are
 * @param data the market data
 * @param environment the rules of the game
 * @param order the names of the stages, in order
 * @param stages how the engine treats each known stage, the disabled ones included
 * @param userStages what the stages of the user's own are, by name; one that has the name of a built-in stage replaces it
 * @param backtest what is the backtest's own
 * @param cgeStress what is the stress stage's own
 * @param deploy what is the deployment's own
 * @param retry the waits after failures
 * @param breaker when a stage that keeps failing is held
 * @param daemon the daemon's rhythm
 * @param http where the dashboard listens
 * @param logs the log files
 * @param retention how long what is over and done with is kept
 * @param disk when a file system counts as nearly full
 * @param alerts who is told of alerts, beside the log
 */
public record PipelineConfig(
        Path file,
        Path home,
        DatabaseLocation database,
        OptunaConfig optuna,
        Optional<SourceConfig> source,
        ModelsConfig models,
        DataConfig data,
        EnvironmentConfig environment,
        List<String> order,
        Map<String, StageConfig> stages,
        Map<String, UserStage> userStages,
        BacktestConfig backtest,
        CgeStressConfig cgeStress,
        DeployConfig deploy,
        RetryConfig retry,
        BreakerConfig breaker,
        DaemonConfig daemon,
        HttpConfig http,
        LogsConfig logs,
        Duration retention,
        DiskConfig disk,
        List<AlertConfig> alerts) {

    private static final Rule<Duration> RETENTION = Rule.atLeast(Duration.ofHours(1));

    public PipelineConfig {
        RETENTION.require("retention", retention);
        order = List.copyOf(order);
        stages = Collections.unmodifiableMap(new LinkedHashMap<>(stages));
        userStages = Collections.unmodifiableMap(new LinkedHashMap<>(userStages));
        alerts = List.copyOf(alerts);
    }

    /** @param optunaDb the storage if the file names none */
    static PipelineConfig read(Options root, Path file, Path home, @Nullable String optunaDb) {
        StageBlocks blocks = StageBlocks.read(root);
        Optional<SourceConfig> source = SourceConfig.read(root);
        PipelineConfig config = new PipelineConfig(
                file,
                home,
                DatabaseKey.read(root, home),
                source.isPresent() ? OptunaConfig.NONE : OptunaConfig.read(root.section("optuna"), optunaDb),
                source,
                ModelsConfig.read(root.section("models")),
                DataConfig.read(root.section("data"), home),
                EnvironmentConfig.read(root.section("environment")),
                StageOrder.read(root, blocks.stages()),
                blocks.stages(),
                blocks.users(),
                BacktestConfig.read(blocks.of(StageOrder.BACKTEST)),
                CgeStressConfig.read(blocks.of(StageOrder.CGE_STRESS)),
                DeployConfig.read(blocks.of(StageOrder.DEPLOY), home),
                RetryConfig.read(root.section("retry")),
                BreakerConfig.read(root.section("breaker")),
                DaemonConfig.read(root.section("daemon")),
                HttpConfig.read(root.section("http")),
                LogsConfig.read(root.section("logs"), home),
                root.duration("retention", Duration.ofDays(90), RETENTION),
                DiskConfig.read(root.section("disk")),
                AlertConfig.readAll(root, home));
        blocks.refuseUnknown();
        root.refuseUnknown();
        return config;
    }

    /**
     * How the engine treats a stage.
     *
     * @throws IllegalArgumentException if there is no such stage
     */
    public StageConfig stage(String name) {
        StageConfig stage = stages.get(name);
        if (stage == null) {
            throw new IllegalArgumentException("There is no stage '" + name + "'; there are " + stages.keySet() + ".");
        }
        return stage;
    }

    /** The waits after failed attempts of a stage: its own, or those of all. */
    public List<Duration> retryDelays(String stage) {
        return stage(stage).retryDelays().orElse(retry.delays());
    }

    /** By what share the waits after failed attempts of a stage vary: its own, or that of all. */
    public double retryJitter(String stage) {
        return stage(stage).retryJitter().orElse(retry.jitter());
    }

    /** Where the owner's access token lies; nowhere if nothing can be changed over HTTP and no file is named. */
    public Optional<Path> tokenFile() {
        return http.tokenFile()
                .map(home::resolve)
                .or(() -> http.readOnly() ? Optional.empty() : Optional.of(state().resolve("http_token")));
    }

    /** Where the access token for reading alone lies, if there is one. */
    public Optional<Path> readTokenFile() {
        return http.readTokenFile().map(home::resolve);
    }

    /** Where locks, ledgers and copies of models live. */
    public Path state() {
        return home.resolve("state");
    }
}
