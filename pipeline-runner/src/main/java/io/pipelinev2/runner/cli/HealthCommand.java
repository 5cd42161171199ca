package io.pipelinev2.runner.cli;

import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.view.HealthView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "health",
        description = "How the parts of the pipeline did, newest last; `status` shows how they are now.")
final class HealthCommand extends ReadingCommand {

    @Parameters(index = "0", arity = "0..1", paramLabel = "COMPONENT", description = "This one alone, such as disk.")
    @Nullable
    String component;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "50",
            description = "How many reports, at most. Default: ${DEFAULT-VALUE}.")
    int limit;

    @Override
    Look look(PipelineHome home) {
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 1, was " + limit);
        }
        HealthView view = HealthView.of(home.store(), component, limit);
        if (component != null && !view.known().contains(component)) {
            throw new UnknownComponentException(component, view.known());
        }
        return new Look(view.json(), page -> text(view));
    }

    private static String text(HealthView view) {
        List<HealthReport> oldestFirst = new ArrayList<>(view.reports());
        Collections.reverse(oldestFirst);
        return oldestFirst.stream()
                .map(report -> InertText.of("%s  %-12s %-9s %s"
                                .formatted(
                                        report.at(),
                                        view.named(report.component()),
                                        report.status().label(),
                                        report.message()))
                        + "\n")
                .collect(Collectors.joining());
    }
}
