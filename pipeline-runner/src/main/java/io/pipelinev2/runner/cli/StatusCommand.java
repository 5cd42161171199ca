package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.KillSwitch;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.view.AlertsView;
import io.pipelinev2.runner.view.DeploymentsView;
import io.pipelinev2.runner.view.DisksView;
import io.pipelinev2.runner.view.StatusView;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "status", description = "How the pipeline stands, whether its daemon is up or not.")
final class StatusCommand extends ReadingCommand {

    @Option(names = "--exit-code", description = "Exit with 6 unless the pipeline is healthy.")
    boolean exitCode;

    @Override
    Look look(PipelineHome home) {
        StatusView view =
                StatusView.of(home.monitor(), home.deployments().orders().position());
        List<String> running = home.running();
        DeploymentsView deployments = DeploymentsView.of(home.store());
        long alerts = AlertsView.open(home.store());
        Map<String, @Nullable Object> json = view.json();
        json.put("disks", DisksView.of(home.store()));
        json.put("alerts_open", alerts);
        boolean healthy = view.status().pipeline() == HealthStatus.HEALTHY;
        return new Look(
                json,
                page -> text(view.status(), page)
                        + runners(running)
                        + traders(deployments)
                        + orders(view.orders())
                        + alerts(alerts),
                exitCode && !healthy ? ExitCode.DEGRADED : ExitCode.OK);
    }

    private static String alerts(long open) {
        return open == 0 ? "" : String.format(Locale.ROOT, "alerts      %d open; `alerts` shows them%n", open);
    }

    private static String runners(List<String> running) {
        return running.isEmpty() ? "" : String.format(Locale.ROOT, "running     %s%n", String.join("; ", running));
    }

    private static String traders(DeploymentsView view) {
        long wanted = view.rows().stream()
                .filter(row -> row.deployment().desired() == DesiredState.RUNNING)
                .count();
        long running = view.rows().stream()
                .filter(row -> row.deployment().status() == DeploymentStatus.RUNNING)
                .count();
        return String.format(Locale.ROOT, "traders     %d run of %d wanted (PAPER)%n", running, wanted);
    }

    private static String orders(KillSwitch.@Nullable Position position) {
        if (position == null || position.orders() == TradingState.ACTIVE) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "orders      %s (PAPER; `resume` ends it)%s%n",
                position.orders().label(),
                position.words().isEmpty() ? "" : ": " + InertText.of(position.words()));
    }

    private static String text(PipelineStatus status, Page page) {
        StringBuilder text = new StringBuilder();
        text.append("pipeline    ").append(page.state(status.pipeline().label()));
        if (status.pipeline() == HealthStatus.DOWN) {
            text.append(" (no daemon is running; `run` starts it)");
        }
        text.append('\n');
        for (TrialStatus each : TrialStatus.values()) {
            text.append(String.format(Locale.ROOT, "%-11s %d%n", each.label(), status.count(each)));
        }
        text.append("last check  ")
                .append(status.lastCheck() == null ? "never" : status.lastCheck())
                .append('\n');
        for (StageHold hold : status.holds()) {
            text.append(String.format(Locale.ROOT, "%-11s %s%n", hold.kind().label(), InertText.of(inWords(hold))));
        }
        for (HealthReport report : status.components()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-11s %s, %s (%s)%n",
                    report.component(),
                    page.state(report.status().label()),
                    InertText.of(report.message()),
                    report.at()));
        }
        return text.toString();
    }

    private static String inWords(StageHold hold) {
        String stage = hold.stage().equals(StageHold.EVERY_STAGE) ? "all stages" : hold.stage();
        return "%s: %s (since %s%s)"
                .formatted(
                        stage,
                        hold.reason(),
                        hold.since(),
                        hold.probeAt() == null ? "" : "; tried again at " + hold.probeAt());
    }
}
