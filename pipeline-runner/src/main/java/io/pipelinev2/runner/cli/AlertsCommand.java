package io.pipelinev2.runner.cli;

import io.pipelinev2.core.store.Alert;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.view.AlertsView;
import io.pipelinev2.runner.view.Json;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

@Command(
        name = "alerts",
        description = "What a human should look at, who was told, and how the alert channels have done.",
        subcommands = {AlertsAckCommand.class, AlertsSilenceCommand.class, AlertsTestCommand.class})
final class AlertsCommand extends ReadingCommand {

    @Option(
            names = "--resolved",
            paramLabel = "N",
            defaultValue = "0",
            description = "The newest N that are over, too. Default: ${DEFAULT-VALUE}.")
    int resolved;

    @Override
    Look look(PipelineHome home) {
        if (resolved < 0) {
            throw new ParameterException(spec.commandLine(), "--resolved must be at least 0, was " + resolved);
        }
        AlertsView view = AlertsView.of(home.store(), resolved);
        return new Look(
                view.json(),
                page -> (view.alerts().isEmpty()
                                ? "No alert is open.\n"
                                : table(view).format(page.width()))
                        + troubles(view));
    }

    private static String troubles(AlertsView view) {
        return view.channels().stream()
                .filter(Alert.Channel::isFailing)
                .map(channel -> InertText.of("Channel %s has failed since %s: %s"
                                .formatted(channel.name(), channel.failedAt(), channel.error()))
                        + "\n")
                .collect(Collectors.joining());
    }

    private static TextTable table(AlertsView view) {
        TextTable table = new TextTable()
                .number("ID")
                .text("STATUS")
                .text("SEVERITY")
                .text("RULE")
                .text("SUBJECT")
                .text("SINCE")
                .text("TOLD")
                .text("MESSAGE");
        view.alerts()
                .forEach(alert -> table.row(List.of(
                        Long.toString(alert.id()),
                        status(alert),
                        alert.severity().label(),
                        alert.rule(),
                        alert.subject().isEmpty() ? "–" : alert.subject(),
                        Json.time(alert.openedAt()),
                        told(view.deliveries().getOrDefault(alert.id(), List.of())),
                        alert.message())));
        return table;
    }

    private static String status(Alert alert) {
        String status = AlertsView.status(alert);
        Instant until = alert.silencedUntil();
        return alert.isOpen() && until != null ? status + ", silent until " + Json.time(until) : status;
    }

    private static String told(List<Alert.Delivery> deliveries) {
        if (deliveries.isEmpty()) {
            return "nobody";
        }
        return String.join(
                ", ",
                deliveries.stream()
                        .map(delivery -> delivery.channel() + (delivery.deliveredAt() == null ? " (not yet)" : ""))
                        .toList());
    }
}
