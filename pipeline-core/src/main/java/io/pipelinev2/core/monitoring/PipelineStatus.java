package io.pipelinev2.core.monitoring;

import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of how the pipeline stands.
 *
 * @param pipeline {@code down} if no daemon has reported for three health intervals, else {@code degraded} if any of its
 *     components is not well, or the engine holds a stage because it keeps failing
 * @param trials how many trials stand in each status; every status is there
 * @param lastCheck when discovery last succeeded, or null if never
 * @param components the latest report of each component that the daemon which began last is made of; of what is not
 *     configured any more there is none
 * @param holds the stages that no attempt is begun of at present
 * @param at when the snapshot was taken
 */
public record PipelineStatus(
        HealthStatus pipeline,
        Map<TrialStatus, Long> trials,
        @Nullable Instant lastCheck,
        List<HealthReport> components,
        List<StageHold> holds,
        Instant at) {

    /**
     * Takes its own copies of the collections, which cannot be changed.
     *
     * @param pipeline of all components together
     * @param trials by status; one that is left out counts as 0
     * @param lastCheck null if there was none
     * @param components at most one report each
     * @param holds empty if nothing is held
     * @param at when the rest was read
     */
    public PipelineStatus {
        trials = Map.copyOf(trials);
        components = List.copyOf(components);
        holds = List.copyOf(holds);
    }

    /**
     * {@return how many trials stand in a status, 0 or more}
     *
     * @param status which
     */
    public long count(TrialStatus status) {
        return trials.getOrDefault(status, 0L);
    }
}
