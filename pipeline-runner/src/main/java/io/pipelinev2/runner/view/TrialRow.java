package io.pipelinev2.runner.view;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the table of trials.
 *
 * @param id the pipeline's own id
 * @param study the label of its study
 * @param number its number within the study
 * @param value the first objective's value, infinities included, or null if undefined
 * @param direction the first objective's direction
 * @param status where the trial stands
 * @param heldReason why nothing happens to it at present, or null
 * @param reason why it is in its status, or null
 * @param stages its stages by name, in their order
 * @param metrics what the backtest measured, or null if it measured nothing
 * @param trades how often the backtest traded, or null if unknown
 * @param rank 1 for the best of the validated trials, as the deployer ranks them; null for all others
 * @param optunaRank 1 for the best objective value of its study; equal ones share a rank; null if the value or the
 *     study's direction is undefined
 * @param updatedAt when its status or reasons last changed
 */
public record TrialRow(
        long id,
        String study,
        int number,
        @Nullable Double value,
        Direction direction,
        TrialStatus status,
        @Nullable String heldReason,
        @Nullable String reason,
        Map<String, StageCell> stages,
        @Nullable Map<String, @Nullable Object> metrics,
        @Nullable Long trades,
        @Nullable Integer rank,
        @Nullable Integer optunaRank,
        Instant updatedAt) {

    /** The name of the stage whose results are a trial's metrics. */
    public static final String BACKTEST = "backtest";

    public TrialRow {
        stages = Collections.unmodifiableMap(new LinkedHashMap<>(stages));
    }

    /** The row of a trial with these stages. */
    public static TrialRow of(Trial trial, List<StageRun> runs, TrialRanks ranks) {
        Map<String, StageCell> cells = new LinkedHashMap<>();
        runs.forEach(run -> cells.put(run.name(), StageCell.of(run)));
        StageRun backtest = runs.stream()
                .filter(run -> run.name().equals(BACKTEST))
                .findFirst()
                .orElse(null);
        return new TrialRow(
                trial.id(),
                trial.key().study(),
                trial.key().number(),
                trial.value(),
                trial.direction(),
                trial.status(),
                trial.heldReason(),
                trial.reason(),
                cells,
                metrics(backtest),
                result(backtest, "trades") instanceof Number count ? count.longValue() : null,
                ranks.backtest().get(trial.id()),
                ranks.optuna().get(trial.id()),
                trial.updatedAt());
    }

    // JsonValues has checked that the keys of maps in results are text.
    @SuppressWarnings("unchecked")
    private static @Nullable Map<String, @Nullable Object> metrics(@Nullable StageRun backtest) {
        return result(backtest, "metrics") instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : null;
    }

    private static @Nullable Object result(@Nullable StageRun backtest, String name) {
        Map<String, @Nullable Object> results = backtest == null ? null : backtest.results();
        return results == null ? null : results.get(name);
    }

    public TrialKey key() {
        return new TrialKey(study, number);
    }

    /** A figure of the backtest, or null if it was not measured or is undefined. */
    public @Nullable Double metric(String name) {
        return metrics != null && metrics.get(name) instanceof Number figure ? figure.doubleValue() : null;
    }

    /**
     * The best there is to say about why the trial stands where it stands: why it is held, why it is in its status, or
     * what went wrong last in a stage that is not through; null if there is nothing to say.
     */
    public @Nullable String explanation() {
        if (heldReason != null) {
            return heldReason;
        }
        if (reason != null) {
            return reason;
        }
        return stages.values().stream()
                .filter(stage -> stage.status() == StageStatus.FAILED || stage.status() == StageStatus.PENDING)
                .map(StageCell::errorMessage)
                .filter(error -> error != null)
                .findFirst()
                .orElse(null);
    }

    /** The JSON form. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("study", study);
        json.put("number", number);
        json.put("value", value);
        json.put("direction", direction.label());
        json.put("status", status.label());
        json.put("held_reason", heldReason);
        Map<String, @Nullable Object> byStage = new LinkedHashMap<>();
        stages.forEach((name, stage) -> byStage.put(name, stage.json()));
        json.put("stages", byStage);
        json.put("metrics", metrics);
        json.put("rank", rank);
        json.put("reason", reason);
        return json;
    }
}
