package io.pipelinev2.runner.doctor;

import io.pipelinev2.backtest.ModelLocation;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.TrialHeader;
import io.pipelinev2.runner.HomeLook;
import io.pipelinev2.runner.config.PipelineConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Of Optuna's trials: whether finished ones are found, have values, and have models where these are expected. */
public final class TrialsCheck implements Check {

    private static final List<String> MODELS = List.of("actor.pth", "actor.onnx");

    private final PipelineConfig config;

    public TrialsCheck(PipelineConfig config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "trials";
    }

    @Override
    public List<Finding> look() {
        if (config.source().isPresent()) {
            // what is a user's own may take hold of something
            return List.of();
        }
        Map<SourceStudy, List<TrialHeader>> finished;
        try (HomeLook look = new HomeLook(config)) {
            finished = look.source().finished();
        }
        if (finished.isEmpty()) {
            return List.of(Finding.warn(
                    "no study matches " + config.optuna(),
                    "correct optuna.studies or optuna.storage, or wait for the first study"));
        }
        List<Finding> findings = new ArrayList<>();
        finished.forEach((study, trials) -> findings.add(of(study, trials)));
        models(finished, findings);
        return findings;
    }

    private static Finding of(SourceStudy study, List<TrialHeader> trials) {
        String words = "study '%s' (%s): %d finished trials"
                .formatted(
                        study.name(),
                        study.directions().stream().map(Direction::label).collect(Collectors.joining(", ")),
                        trials.size());
        long without = trials.stream()
                .filter(trial -> trial.values().stream().anyMatch(Objects::isNull)
                        || trial.values().isEmpty())
                .count();
        return without == 0
                ? Finding.ok(words)
                : Finding.warn(
                        words + ", " + without + " of them without a value",
                        "nothing, if that is known: such trials are backtested, but have no rank by objective");
    }

    private void models(Map<SourceStudy, List<TrialHeader>> finished, List<Finding> findings) {
        if (config.userStages().containsKey("backtest")) {
            return;
        }
        ModelLocation location =
                new ModelLocation(config.home(), config.models().directory());
        List<TrialHeader> all = finished.values().stream().flatMap(List::stream).toList();
        List<Integer> missing = all.stream()
                .filter(trial -> !hasModel(location, trial))
                .map(trial -> trial.source().number())
                .toList();
        if (missing.isEmpty()) {
            findings.add(Finding.ok("each has a model in " + config.models().directory()));
            return;
        }
        findings.add(Finding.warn(
                "%d of %d have no model in %s: trials %s"
                        .formatted(
                                missing.size(),
                                all.size(),
                                config.models().directory(),
                                missing.stream().limit(5).map(String::valueOf).collect(Collectors.joining(", "))
                                        + (missing.size() > 5 ? ", …" : "")),
                "correct models.directory, or copy actor.pth or actor.onnx there; then retry N"));
    }

    private static boolean hasModel(ModelLocation location, TrialHeader trial) {
        try {
            Path directory = location.of(trial.source());
            return MODELS.stream().anyMatch(name -> Files.isRegularFile(directory.resolve(name)));
        } catch (PipelineException e) {
            return false;
        }
    }
}
