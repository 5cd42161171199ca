package io.pipelinev2.runner.view;

import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.Finding;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.deploy.ranking.RankBy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known of one trial.
 *
 * @param trial the trial
 * @param row its line in the table of trials
 * @param stages its stages, in their order, with their results
 * @param findings what reviews beside other trials have found
 * @param attempts its attempts, in order of their starts
 * @param events its newest events, newest first
 * @param preference what an operator decided about it for good, or null
 * @param deployment its newest deployment, or null
 */
public record TrialDetailView(
        Trial trial,
        TrialRow row,
        List<StageRun> stages,
        List<Finding> findings,
        List<Attempt> attempts,
        List<Event> events,
        @Nullable Preference preference,
        @Nullable DeploymentRow deployment) {

    private static final int EVENTS = 200;

    public TrialDetailView {
        stages = List.copyOf(stages);
        findings = List.copyOf(findings);
        attempts = List.copyOf(attempts);
        events = List.copyOf(events);
    }

    /**
     * The trial as it is now.
     *
     * @param rankBy what trials are ranked by
     * @throws UnknownTrialException if there is no such trial
     * @throws AmbiguousTrialException if several studies have a trial of that number
     */
    public static TrialDetailView of(PipelineStore store, TrialSelector selector, RankBy rankBy) {
        return store.read(tx -> of(tx, selector.resolve(tx), TrialRanks.of(tx, rankBy)));
    }

    /** The trial as it is now, with ranks that may be a little older. */
    public static TrialDetailView of(StoreReader tx, Trial trial, TrialRanks ranks) {
        List<StageRun> stages = tx.stages(trial.id());
        return new TrialDetailView(
                trial,
                TrialRow.of(trial, stages, ranks),
                stages,
                tx.findings(trial.id()),
                tx.attempts(trial.id()),
                tx.events(trial.id(), EVENTS),
                tx.preferences().get(trial.id()),
                tx.deploymentOf(trial.id())
                        .map(deployment -> DeploymentRow.of(tx, deployment))
                        .orElse(null));
    }

    /** The JSON form: the trial's object in the list of trials, with more in it. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = row.json();
        json.put("optuna_rank", row.optunaRank());
        json.put("trades", row.trades());
        json.put("values", trial.values());
        json.put("directions", trial.directions().stream().map(Direction::label).toList());
        json.put("created_at", trial.createdAt());
        json.put("updated_at", trial.updatedAt());
        Map<String, @Nullable Object> byStage = new LinkedHashMap<>();
        stages.forEach(stage -> byStage.put(stage.name(), stage(stage)));
        json.put("stages", byStage);
        Map<String, @Nullable Object> byFinding = new LinkedHashMap<>();
        findings.forEach(finding -> byFinding.put(finding.name(), finding(finding)));
        json.put("findings", byFinding);
        json.put("attempts", attempts.stream().map(TrialDetailView::attempt).toList());
        json.put("events", events.stream().map(EventsView::event).toList());
        json.put("preference", preference == null ? null : preference(preference));
        json.put("deployment", deployment == null ? null : deployment.json());
        return json;
    }

    private static Map<String, @Nullable Object> preference(Preference preference) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("kind", preference.kind().label());
        json.put("reason", preference.reason());
        json.put("actor", preference.actor());
        json.put("since", preference.since());
        return json;
    }

    private static Map<String, @Nullable Object> stage(StageRun stage) {
        Map<String, @Nullable Object> json = StageCell.of(stage).json();
        json.put("max_attempts", stage.maxAttempts());
        json.put("reason", stage.reason());
        json.put("started_at", stage.startedAt());
        json.put("completed_at", stage.completedAt());
        json.put("due_at", stage.dueAt());
        json.put("results", stage.results());
        return json;
    }

    private static Map<String, @Nullable Object> finding(Finding finding) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("objection", finding.objection());
        json.put("updated_at", finding.updatedAt());
        json.put("content", finding.content());
        return json;
    }

    private static Map<String, @Nullable Object> attempt(Attempt attempt) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("stage", attempt.stage());
        json.put("number", attempt.number());
        json.put("outcome", attempt.outcome().label());
        json.put("started_at", attempt.startedAt());
        json.put("ended_at", attempt.endedAt());
        json.put("runner", attempt.runner());
        json.put("host", attempt.host());
        json.put("error", attempt.error());
        json.put("stack_trace", attempt.stackTrace());
        json.put("attempt", attempt.id());
        return json;
    }
}
