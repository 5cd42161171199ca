package io.pipelinev2.runner.extension;

import io.pipelinev2.backtest.ModelLocation;
import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageSettings.RetryDelays;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** One trial taken through a stage that is a shell script, by a real engine; the stage before it has left results. */
final class CommandRun implements AutoCloseable {

    static final TrialKey TRIAL = new TrialKey("study", 3);

    private final Path home;
    private final BoundedRuns runs;
    private Duration timeout = Duration.ofSeconds(60);
    private int attempts = 1;

    CommandRun(Path home) {
        this(home, "runner", runner -> true);
    }

    CommandRun(Path home, String runner, Predicate<String> isAlive) {
        this.home = home;
        this.runs = new BoundedRuns(home.resolve("state"), runner, isAlive);
    }

    CommandRun timeout(Duration value) {
        timeout = value;
        return this;
    }

    CommandRun attempts(int value) {
        attempts = value;
        return this;
    }

    BoundedRuns runs() {
        return runs;
    }

    /** What it came to. */
    record Result(Trial trial, StageRun stage, List<Attempt> attempts) {
        String error() {
            return String.valueOf(attempts.get(attempts.size() - 1).error());
        }
    }

    Path script(String name, String body) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    /** Runs the lines of a script. */
    Result script(String body) throws Exception {
        script("check.sh", body);
        return command("./check.sh");
    }

    Pipeline pipeline(String... command) {
        InMemoryTrialSource source = new InMemoryTrialSource()
                .add("study", Direction.MAXIMIZE, TRIAL.number(), 1.5, Map.of("lr", 0.1, "net", "small"));
        TrialDocument document = new TrialDocument(
                "check",
                Map.of("limit", 7L),
                home,
                new ModelLocation(home, "models/trial_{number}"),
                List.of("before", "check"));
        Stage stage = new CommandStage(
                "check", List.of(command), document, new ModelArchive(home.resolve("state/models"))::keep, runs);
        return Pipeline.builder()
                .source(source)
                .stage(Stage.of(
                        "before", context -> StageOutcome.passed("fine", Map.of("metrics", Map.of("sharpe", 2.5)))))
                .stage(stage, new StageSettings(true, attempts, timeout, RetryDelays.of(Duration.ofMillis(1)), 0))
                .cancelGrace(Duration.ofMillis(200))
                .drainPatience(Duration.ofMillis(200))
                .build();
    }

    Result command(String... command) throws Exception {
        try (Pipeline pipeline = pipeline(command)) {
            pipeline.runOnce();
            return result(pipeline);
        }
    }

    static Result result(Pipeline pipeline) {
        return PipelineStore.of(pipeline.records()).read(tx -> {
            Trial trial = tx.trial(TRIAL).orElseThrow();
            StageRun stage = tx.stage(trial.id(), "check").orElseThrow();
            return new Result(
                    trial,
                    stage,
                    tx.attempts(trial.id()).stream()
                            .filter(attempt -> attempt.stage().equals("check"))
                            .toList());
        });
    }

    @Override
    public void close() {
        runs.close();
    }
}
