package io.pipelinev2.runner.cli;

import io.pipelinev2.core.store.TrialQuery;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.DidYouMean;
import io.pipelinev2.runner.view.BulkView;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which trials are meant, where they are not named one by one. */
final class TrialFilter {

    private static final List<String> STATUSES =
            Stream.of(TrialStatus.values()).map(TrialStatus::label).toList();

    @Option(
            names = "--status",
            split = ",",
            paramLabel = "STATUS",
            description = "All trials of this status, in place of their names; several with commas between.")
    List<String> statuses = List.of();

    @Option(names = "--study", paramLabel = "STUDY", description = "All trials of this study.")
    @Nullable
    String study;

    @Option(
            names = "--reason-contains",
            paramLabel = "TEXT",
            description = "All trials whose study, reason or errors mention this.")
    @Nullable
    String text;

    boolean isGiven() {
        return !statuses.isEmpty() || study != null || text != null;
    }

    /** One more than are taken at a time, if there are more; in the order of their discovery. */
    List<Trial> in(PipelineHome home, CommandSpec spec) {
        TrialQuery query = new TrialQuery(
                study,
                null,
                statuses(spec),
                null,
                null,
                text == null ? "" : text,
                TrialQuery.Sort.DISCOVERED,
                false,
                null,
                BulkView.MOST + 1);
        return home.store().<List<Trial>>read(tx -> tx.trials(query).trials());
    }

    private Set<TrialStatus> statuses(CommandSpec spec) {
        Set<TrialStatus> all = EnumSet.noneOf(TrialStatus.class);
        for (String name : statuses) {
            if (!STATUSES.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "There is no status '%s'%s There are %s."
                                .formatted(
                                        name,
                                        DidYouMean.of(name, STATUSES)
                                                .map(meant -> "; did you mean '" + meant + "'?")
                                                .orElse("."),
                                        String.join(", ", STATUSES)));
            }
            all.add(TrialStatus.of(name));
        }
        return all;
    }
}
