package io.pipelinev2.runner.sigkill;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageRun.Lease;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.DeploySettings;
import io.pipelinev2.deploy.DeployStage;
import io.pipelinev2.deploy.DeploymentCommands;
import io.pipelinev2.deploy.launch.Launcher;
import io.pipelinev2.store.SqliteStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A home with one slot and one validated trial; its traders are shell scripts that keep a numbered ledger. */
public record Home(Path directory) {

    public static final TrialKey FIRST = new TrialKey("ppo", 7);
    static final TrialKey BETTER = new TrialKey("ppo", 8);
    static final Operator OPERATOR = new Operator("ana", "test");

    private static final String TRADER = "trader.sh";
    private static final String DATABASE = "pipeline_v2.db";

    /**
     * Every line of a ledger is on the disk before the next: its number, and the start that wrote it. All traders of the home
     * write to one tape, too, in the order in which things happen. With a family, the script first starts two others, and
     * one of them leaves its session and will not hear of ending.
     */
    private static final String SCRIPT = """
            home=$(dirname "$0")
            trap 'exit 0' TERM
            if [ -e "$home/family" ]; then
              sleep 1000 &
              setsid sh -c 'trap "" TERM; exec sleep 1000' &
            fi
            touch ledger.txt
            n=$(wc -l < ledger.txt)
            while :; do
              n=$((n + 1))
              echo "$PIPELINE_NONCE" >> "$home/tape.txt"
              echo "$n $PIPELINE_NONCE" >> ledger.txt
              sync ledger.txt
              sleep 0.03
            done
            """;

    /** Makes it, with its one trial. */
    public static Home create(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(TRADER), SCRIPT);
        Home home = new Home(directory);
        try (PipelineStore store = home.open()) {
            store.write(tx -> {
                Study study =
                        tx.insert(new Study(0, "sqlite:///optuna.db", "ppo", "ppo", 1, 1, List.of(Direction.MAXIMIZE)));
                home.addValidated(tx, study.id(), FIRST, 1.0, 1, store.now());
                return null;
            });
        }
        return home;
    }

    /** A copy of a home in which nothing has run yet. */
    Home copy(Path target) throws IOException {
        Files.createDirectories(target);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path to = target.resolve(directory.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
        return new Home(target);
    }

    PipelineStore open() {
        return SqliteStore.open(directory.resolve(DATABASE));
    }

    /** From now on its traders start others. */
    void growFamilies() throws IOException {
        Files.createFile(directory.resolve("family"));
    }

    DeployStage stage(PipelineStore store, Launcher launcher) {
        DeploySettings settings = DeploySettings.DEFAULT
                .withMaxDeployed(1)
                .withStartTime(Duration.ZERO)
                .withStopGrace(Duration.ofMillis(500))
                .withCommand(List.of("/bin/sh", directory.resolve(TRADER).toString()));
        return DeployStage.builder(store, directory)
                .clock(Clock.system())
                .settings(settings)
                .launcher(launcher)
                .build();
    }

    DeploymentCommands commands(PipelineStore store) {
        return new DeploymentCommands(store, DeployStage.NAME, 1, false);
    }

    /** A trial of a later batch, better than the first. */
    void addBetter(PipelineStore store) {
        store.write(tx -> {
            long study = tx.trial(FIRST).orElseThrow().studyId();
            addValidated(tx, study, BETTER, 2.0, 2, store.now());
            return null;
        });
    }

    private void addValidated(StoreWriter tx, long study, TrialKey key, double sharpe, long batch, Instant now) {
        Trial trial = tx.insert(new Trial(
                0,
                study,
                key,
                new SourceTrial(key.study(), 1, key.number(), key.number(), null),
                List.of(1.0),
                List.of(Direction.MAXIMIZE),
                TrialStatus.PROCESSING,
                null,
                false,
                null,
                batch,
                now,
                now));
        StageRun backtest = tx.insert(StageRun.waiting(trial.id(), "backtest", 0, 3, now));
        StageRun claimed = backtest.claimed(new Lease("runner", "here", now), now, now, 3);
        tx.update(backtest, claimed);
        String model = new ModelArchive(directory.resolve("state/models"))
                .keep(("model " + key).getBytes(StandardCharsets.UTF_8), "actor.pth");
        Map<String, Object> results = Map.of(
                "metrics",
                Map.of("sharpe", sharpe),
                "model_sha256",
                model,
                "data_sha256",
                "d",
                "parameters",
                Map.of("lookback", 1));
        tx.update(claimed, claimed.ended(StageStatus.PASSED, now, null, "passed", results));
        tx.insert(StageRun.waiting(trial.id(), DeployStage.NAME, 1, 1, now));
    }

    Path stateDirectory(long deploymentId) {
        return directory.resolve("state/deployments/" + deploymentId);
    }

    /** What a deployment's traders have written, line by line. */
    List<String> ledger(long deploymentId) {
        return lines(stateDirectory(deploymentId).resolve("ledger.txt"));
    }

    /** The starts whose traders traded, line by line, in the order in which they did. */
    List<String> tape() {
        return lines(directory.resolve("tape.txt"));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
