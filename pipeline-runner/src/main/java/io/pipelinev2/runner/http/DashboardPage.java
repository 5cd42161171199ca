package io.pipelinev2.runner.http;

import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.deploy.KillSwitch;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The page at {@code /}.
 *
 * @param caller who looks, or null if nobody can sign in
 */
record DashboardPage(
        Snapshot<Glance> status,
        Snapshot<Board> board,
        KillSwitch.@Nullable Position orders,
        DashboardSettings settings,
        Instant now,
        boolean refreshing,
        @Nullable Caller caller) {

    private static final int REFRESH_SECONDS = 5;

    String html() {
        StringBuilder out = new StringBuilder(64 * 1024).append("<!DOCTYPE html>");
        Element.of("html", head(), body()).attribute("lang", "en").appendTo(out);
        return out.toString();
    }

    private Node head() {
        StatusAnswer answer = new StatusAnswer(status);
        Element head = Element.of(
                "head",
                Element.of("meta").attribute("charset", "utf-8"),
                Element.of("meta")
                        .attribute("name", "viewport")
                        .attribute("content", "width=device-width, initial-scale=1"),
                Element.of("meta").attribute("name", "color-scheme").attribute("content", "light dark"));
        if (refreshing) {
            head.add(Element.of("meta")
                    .attribute("http-equiv", "refresh")
                    .attribute("content", Integer.toString(REFRESH_SECONDS)));
        }
        return head.add(
                Element.of("title", "Pipeline V2: " + answer.health().label()),
                Element.of("link").attribute("rel", "icon").attribute("href", Asset.ICON.href()),
                Element.of("link").attribute("rel", "stylesheet").attribute("href", Asset.STYLE.href()));
    }

    private Node body() {
        Element main = Element.of("main");
        String trouble = status.trouble() == null ? board.trouble() : status.trouble();
        if (trouble != null) {
            main.add(Element.of("p", Icon.TRIANGLE.node(), Element.of("span", trouble + " " + staleness()))
                    .style("trouble")
                    .attribute("role", "status"));
        }
        if (orders != null && orders.orders() != TradingState.ACTIVE) {
            String words = orders.words().isEmpty() ? "" : " " + orders.words();
            main.add(Element.of(
                            "p",
                            Chip.of(orders.orders()).node(),
                            Element.of("span", "All paper traders of this home." + words))
                    .style("trouble")
                    .attribute("role", "status"));
        }
        main.add(OverviewSection.of(new StatusAnswer(status), now));
        Board value = board.value();
        if (value != null) {
            main.add(
                    FunnelSection.of(value.trials().rows()),
                    DeploymentsSection.of(value, now),
                    new TrialsSection(settings.rankBy().name())
                            .of(value.trials().rows()));
        }
        return Element.of("body", Page.banner(), masthead(), main, footer());
    }

    private Node masthead() {
        Element aside = Element.of("p").style("freshness");
        Instant taken = taken();
        if (taken != null) {
            aside.add(Element.of("span", new Text("Data as of "), Times.full(taken)));
        }
        if (settings.readOnly()) {
            aside.add(Element.of("span", "read-only"));
        }
        if (caller != null) {
            aside.add(
                    Element.of("a", caller.isOwner() ? "Signed in" : "Sign in").attribute("href", SignIn.PATH));
        }
        aside.add(
                refreshing
                        ? Element.of("a", "Pause refresh").attribute("href", "/?refresh=off")
                        : Element.of("a", "Resume refresh").attribute("href", "/"));
        return Element.of("header", Element.of("h1", "Pipeline V2"), aside);
    }

    private static Node footer() {
        return Element.of(
                "footer",
                Element.of("a", "All trials").attribute("href", TrialPages.PATH),
                Element.of("a", "Status as JSON").attribute("href", "/status"),
                Element.of("a", "Trials as JSON").attribute("href", "/api/v1/trials"),
                Element.of("a", "Deployments as JSON").attribute("href", "/api/v1/deployments"));
    }

    private String staleness() {
        Instant taken = taken();
        return taken == null
                ? "Nothing can be shown yet."
                : "What is shown is from " + Figures.time(taken) + ", " + Figures.ago(taken, now) + ".";
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
