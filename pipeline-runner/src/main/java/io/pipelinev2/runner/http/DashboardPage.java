package io.pipelinev2.runner.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The page at {@code /}. */
record DashboardPage(Snapshot<Glance> status, Snapshot<Board> board, String rankMetric, Instant now) {

    Frame.Shown shown() {
        StatusAnswer answer = new StatusAnswer(status);
        List<Node> content = new ArrayList<>();
        content.add(OverviewSection.of(answer, now));
        Board value = board.value();
        if (value != null) {
            content.add(FunnelSection.of(value.trials().rows()));
            content.add(DeploymentsSection.of(value, now));
            content.add(new TrialsSection(rankMetric).of(value.trials().rows()));
        }
        content.add(footer());
        return new Frame.Shown(answer.health().label(), new Text("Overview"), taken(), board.trouble(), content);
    }

    private static Node footer() {
        return Element.of(
                        "p",
                        Element.of("a", "Status as JSON").attribute("href", "/status"),
                        Element.of("a", "Trials as JSON").attribute("href", "/api/v1/trials"),
                        Element.of("a", "Deployments as JSON").attribute("href", "/api/v1/deployments"))
                .style("footer");
    }

    private @Nullable Instant taken() {
        Instant tables = board.takenAt();
        Instant tiles = status.takenAt();
        if (tables == null || tiles == null) {
            return tables == null ? tiles : tables;
        }
        return tables.isBefore(tiles) ? tables : tiles;
    }
}
