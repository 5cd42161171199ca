package io.pipelinev2.runner.http;

import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The tiles that say at a glance whether it runs and whether something is wrong. */
final class OverviewSection {

    private static final List<TrialStatus> COUNTED = List.of(
            TrialStatus.DEPLOYED,
            TrialStatus.COMPLETED,
            TrialStatus.PROCESSING,
            TrialStatus.PENDING,
            TrialStatus.FAILED);

    private OverviewSection() {}

    static Node of(StatusAnswer answer, Instant now) {
        PipelineStatus status = answer.status();
        Element tiles = Element.of("dl").style("tiles");
        tiles.add(tile("Pipeline", Chip.of(answer.health()).node(), "wide"));
        tiles.add(tile("Last check", lastCheck(status == null ? null : status.lastCheck(), now), "wide"));
        for (TrialStatus each : COUNTED) {
            tiles.add(tile(
                    capital(each.label()), new Text(Figures.count(status == null ? null : status.count(each))), ""));
        }
        Glance known = answer.snapshot().value();
        Long open = known == null ? null : known.alertsOpen();
        tiles.add(tile(
                "Open alerts", Element.of("a", Figures.count(open)).attribute("href", Page.Place.ALERTS.path()), ""));
        return Element.of("section", Element.of("h2", "At a glance").style("aside"), tiles, complaints(status, now));
    }

    private static Node tile(String name, Node value, String style) {
        return Element.of("div", Element.of("dt", name), Element.of("dd", value))
                .style(("tile " + style).strip());
    }

    private static Node lastCheck(@Nullable Instant at, Instant now) {
        return at == null ? new Text("never") : Times.ago(at, now);
    }

    private static Node complaints(@Nullable PipelineStatus status, Instant now) {
        Element list = Element.of("ul").style("complaints");
        Objects.requireNonNullElse(status == null ? null : status.components(), List.<HealthReport>of()).stream()
                .filter(report -> report.status() != HealthStatus.HEALTHY)
                .forEach(report -> list.add(Element.of(
                        "li",
                        Chip.of(report.status()).node(),
                        Element.of("strong", report.component()),
                        Element.of("span", report.message()),
                        Element.of("span", Times.ago(report.at(), now)).style("muted"))));
        return list;
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
