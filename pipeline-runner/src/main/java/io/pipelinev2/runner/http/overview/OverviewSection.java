package io.pipelinev2.runner.http.overview;

import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.frame.Page;
import io.pipelinev2.runner.http.html.Chip;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Figures;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.html.Times;
import io.pipelinev2.runner.http.page.TrialPages;
import io.pipelinev2.runner.http.reading.Glance;
import io.pipelinev2.runner.http.reading.StatusAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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

    static Node of(StatusAnswer answer, DashboardPage.Daemon daemon, Instant now) {
        PipelineStatus status = answer.status();
        Glance known = answer.snapshot().value();
        Element tiles = Element.of("dl").style("tiles state");
        tiles.add(
                tile("Pipeline", Chip.of(answer.health()).node(), up(daemon.since(), now)),
                discovery(status, daemon.discoversEvery(), now),
                tile("Health last run", healthRun(status, now), link("All checks", Page.Place.HEALTH.path())),
                disk(known == null ? List.of() : known.disks()),
                tile(
                        "Open alerts",
                        link(Figures.count(known == null ? null : known.alertsOpen()), Page.Place.ALERTS.path()),
                        new Text(known != null && known.alertsOpen() == 0 ? "none to look at" : "")));
        Element counts = Element.of("dl").style("tiles counts");
        for (TrialStatus each : COUNTED) {
            counts.add(tile(
                    capital(each.label()),
                    link(
                            Figures.count(status == null ? null : status.count(each)),
                            TrialPages.filtered("status", each.label())),
                    new Text("")));
        }
        return Element.of("section", Element.of("h2", "At a glance").style("aside"), tiles, counts);
    }

    /** @param further what is to be known beside it, in small letters */
    private static Node tile(String name, Node value, Node further) {
        return Element.of(
                        "div",
                        Element.of("dt", name),
                        Element.of("dd", value),
                        Element.of("dd", further).style("further"))
                .style("tile");
    }

    private static Node link(String words, String path) {
        return Element.of("a", words).attribute("href", path);
    }

    private static Node up(@Nullable Instant since, Instant now) {
        return since == null
                ? new Text("")
                : Element.of(
                        "span",
                        new Text("up for " + Figures.span(Duration.between(since, now)) + ", since "),
                        Times.full(since));
    }

    private static Node discovery(@Nullable PipelineStatus status, @Nullable Duration every, Instant now) {
        Instant last = status == null ? null : status.lastCheck();
        Node next = new Text("");
        if (last != null && every != null) {
            Instant due = last.plus(every);
            next = new Text(
                    due.isAfter(now) ? "next in " + Figures.span(Duration.between(now, due)) : "next is due now");
        }
        return tile("Last discovery", last == null ? new Text("never") : Times.ago(last, now), next);
    }

    /** When anything was last reported: good news of most checks are recorded only now and then. */
    private static Node healthRun(@Nullable PipelineStatus status, Instant now) {
        return (status == null ? List.<HealthReport>of() : status.components())
                .stream()
                        .map(HealthReport::at)
                        .max(Comparator.naturalOrder())
                        .map(at -> Times.ago(at, now))
                        .orElse(new Text("never"));
    }

    /** Of the disks that are written to, the one that is nearest to being full. */
    private static Node disk(List<Map<String, @Nullable Object>> disks) {
        Map<String, @Nullable Object> nearest = disks.stream()
                .filter(disk -> Boolean.TRUE.equals(disk.get("written")))
                .filter(disk -> disk.get("free_bytes") instanceof Number)
                .min(Comparator.comparingDouble(disk -> number(disk.get("free_bytes"))))
                .orElse(null);
        if (nearest == null) {
            return tile("Disk free", new Text(Figures.NONE), new Text("not looked at yet"));
        }
        Object days = nearest.get("days_to_full");
        return tile(
                "Disk free",
                link(Figures.number(number(nearest.get("free_bytes")) / 1e9, 1) + " GB", Page.Place.HEALTH.path()),
                new Text(
                        days instanceof Number left
                                ? "full in " + Figures.number(left.doubleValue(), 1) + " days"
                                : "not filling up"));
    }

    private static double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : Double.MAX_VALUE;
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
