package io.pipelinev2.runner.http.overview;

import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.html.Lines;
import io.pipelinev2.runner.view.StageCell;
import io.pipelinev2.runner.view.TrialRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trials of which nobody knows yet whether they are any good, because a stage could not do its work on them and has given
 * up: whether that was worth another try is for a human to say. A verdict against a trial is none of these.
 *
 * @param stage the stage
 * @param error what went wrong, as far as it is the same for all
 * @param count how many trials
 * @param trialId the first of them
 * @param key its name
 */
record Failure(String stage, String error, int count, long trialId, TrialKey key) {

    private record Failed(TrialRow row, String stage, String error) {}

    /** Of one stage and one kind each, the most frequent first. */
    static List<Failure> in(List<TrialRow> rows) {
        Map<String, List<Failed>> byKind = new LinkedHashMap<>();
        for (TrialRow row : rows) {
            if (row.status() == TrialStatus.FAILED) {
                row.stages().forEach((stage, cell) -> {
                    if (isUndecided(cell)) {
                        String error = String.valueOf(Lines.first(cell.errorMessage()));
                        byKind.computeIfAbsent(stage + ": " + Wording.kind(error), kind -> new ArrayList<>())
                                .add(new Failed(row, stage, error));
                    }
                });
            }
        }
        return byKind.values().stream()
                .map(failed -> new Failure(
                        failed.get(0).stage(),
                        Wording.common(failed.stream().map(Failed::error).toList()),
                        failed.size(),
                        failed.get(0).row().id(),
                        failed.get(0).row().key()))
                .sorted((a, b) -> Integer.compare(b.count(), a.count()))
                .toList();
    }

    /** A verdict, and a cancellation, is the error and the reason alike. */
    private static boolean isUndecided(StageCell cell) {
        return cell.status() == StageStatus.FAILED
                && cell.errorMessage() != null
                && !cell.errorMessage().equals(cell.reason());
    }
}
