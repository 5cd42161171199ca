package io.pipelinev2.runner.extension;

import io.pipelinev2.backtest.ModelLocation;
import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.runner.view.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command is told of the trial that it is to look at, as one JSON object. Its keys are a promise to users, listed in
 * docs/extending.md.
 *
 * @param stage the stage's name
 * @param settings what the configuration holds for it
 * @param home where relative paths begin
 * @param models where models lie
 * @param earlier the names of the stages whose results it is shown
 */
record TrialDocument(
        String stage, Map<String, @Nullable Object> settings, Path home, ModelLocation models, List<String> earlier) {

    /** Goes up when a key changes its meaning; new keys do not change it. */
    private static final int VERSION = 1;

    String of(StageContext context) {
        Trial trial = context.trial();
        TrialDetails details = context.details();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("version", VERSION);
        document.put("stage", stage);
        document.put("study", trial.key().study());
        document.put("number", trial.key().number());
        document.put("values", trial.values());
        document.put(
                "directions", trial.directions().stream().map(Direction::label).toList());
        document.put("parameters", details.parameters());
        document.put("user_attributes", details.userAttributes());
        document.put("attempt", context.attempt());
        document.put("max_attempts", context.settings().maxAttempts());
        document.put("timeout_seconds", context.settings().timeout().toMillis() / 1000.0);
        document.put("discovered_at", trial.createdAt());
        document.put("now", context.now());
        document.put("deadline", deadline(context));
        document.put("settings", settings);
        document.put("results", results(context));
        document.put("home", home.toString());
        document.put("model_directory", modelDirectory(trial));
        return Json.pretty(document) + "\n";
    }

    private Map<String, @Nullable Object> results(StageContext context) {
        Map<String, @Nullable Object> results = new LinkedHashMap<>();
        for (String name : earlier) {
            Map<String, @Nullable Object> found = context.resultsOf(name);
            if (!found.isEmpty()) {
                results.put(name, found);
            }
        }
        return results;
    }

    private static Instant deadline(StageContext context) {
        Instant deadline = context.deadline();
        return deadline.equals(Instant.MAX)
                ? context.now().plus(context.settings().timeout())
                : deadline;
    }

    /** The directory of the trial's model, or null if its study's name cannot be part of one. */
    @Nullable
    String modelDirectory(Trial trial) {
        try {
            return models.of(trial.source()).toString();
        } catch (PermanentStageException notAPath) {
            return null;
        }
    }
}
