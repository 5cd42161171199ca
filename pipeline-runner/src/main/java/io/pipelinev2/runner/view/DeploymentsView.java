package io.pipelinev2.runner.view;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All deployments, those that take a slot first, then the ended ones, newest first.
 *
 * @param rows one per deployment
 */
public record DeploymentsView(List<DeploymentRow> rows) {

    private static final Comparator<Deployment> ORDER = Comparator.comparing((Deployment each) -> !each.occupiesSlot())
            .thenComparing(each -> each.occupiesSlot() ? each.id() : -each.id());

    public DeploymentsView {
        rows = List.copyOf(rows);
    }

    /** What the store alone does not say about deployments. */
    public interface Sources {

        /** What a deployment's trader said of its account last, where that is known. */
        Optional<TraderReport> report(Deployment deployment);

        /**
         * How many more crashes a deployment is started again after, where that is known.
         *
         * @param runs the starts of its process
         */
        Optional<Integer> restartsLeft(Deployment deployment, List<ProcessRun> runs, Instant now);

        /** How much its process has written since it was started last, where that is known. */
        default OptionalLong logBytes(Deployment deployment) {
            return OptionalLong.empty();
        }

        /** Nothing but what accounts say. */
        static Sources of(Function<Deployment, Optional<TraderReport>> reports) {
            return new Sources() {
                @Override
                public Optional<TraderReport> report(Deployment deployment) {
                    return reports.apply(deployment);
                }

                @Override
                public Optional<Integer> restartsLeft(Deployment deployment, List<ProcessRun> runs, Instant now) {
                    return Optional.empty();
                }
            };
        }
    }

    /** The deployments as they are now, by the store alone. */
    public static DeploymentsView of(PipelineStore store) {
        return of(store, Sources.of(deployment -> Optional.empty()));
    }

    /** The deployments as they are now. */
    public static DeploymentsView of(PipelineStore store, Sources sources) {
        List<DeploymentRow> stored = store.read(tx -> stored(tx, sources, store.now()));
        // files are read when the store is let go of
        return new DeploymentsView(stored.stream()
                .map(row -> row.with(sources.report(row.deployment()).orElse(null)))
                .toList());
    }

    private static List<DeploymentRow> stored(StoreReader tx, Sources sources, Instant now) {
        Map<Long, Preference> preferences = tx.preferences();
        return tx.deployments().stream()
                .sorted(ORDER)
                .map(deployment -> DeploymentRow.of(
                        tx, deployment, preferences, runs -> sources.restartsLeft(deployment, runs, now)))
                .toList();
    }

    /** The JSON form. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("deployments", rows.stream().map(DeploymentRow::json).toList());
        return json;
    }
}
