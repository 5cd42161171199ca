package io.pipelinev2.runner.view;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stage of one trial, in the table of trials.
 *
 * @param status where it stands
 * @param attempts attempts begun
 * @param errorMessage what went wrong last, or the verdict against the trial, or null
 * @param reason why it stands where it stands, or null
 */
public record StageCell(
        StageStatus status,
        int attempts,
        @Nullable String errorMessage,
        @Nullable String reason) {

    static StageCell of(StageRun run) {
        return new StageCell(run.status(), run.attempts(), run.errorMessage(), run.reason());
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("status", status.label());
        json.put("attempts", attempts);
        json.put("error_message", errorMessage);
        return json;
    }
}
