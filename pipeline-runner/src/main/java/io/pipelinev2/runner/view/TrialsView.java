package io.pipelinev2.runner.view;

import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.deploy.ranking.RankBy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All trials, in order of their keys.
 *
 * @param rows one per trial
 */
public record TrialsView(List<TrialRow> rows) {

    public TrialsView {
        rows = List.copyOf(rows);
    }

    /** All trials, ranked as the deployer ranks them. */
    public static TrialsView of(PipelineStore store, RankBy rankBy) {
        return store.read(tx -> new TrialsView(new TrialRows(tx, rankBy).all()));
    }

    /** The JSON form. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("trials", rows.stream().map(TrialRow::json).toList());
        return json;
    }
}
