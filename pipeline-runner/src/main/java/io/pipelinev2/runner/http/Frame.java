package io.pipelinev2.runner.http;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.deploy.KillSwitch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every page of the dashboard tells whatever else it shows: which orders may be given, how many alerts are open, how
 * fresh it is and what is wrong with that.
 */
final class Frame {

    private static final int REFRESH_SECONDS = 5;
    private static final String REFRESH_OFF = "off";

    /** The parameter of pages that load themselves again. */
    static final Parameter REFRESH = Parameter.text("refresh", "`off`: the page does not load itself again.");

    private final Cached<Glance> glance;
    private final Supplier<KillSwitch.@Nullable Position> orders;
    private final DashboardSettings settings;
    private final Clock clock;

    /** @param orders which orders the home's traders may give, or null if that is not known here */
    Frame(
            Cached<Glance> glance,
            Supplier<KillSwitch.@Nullable Position> orders,
            DashboardSettings settings,
            Clock clock) {
        this.glance = glance;
        this.orders = orders;
        this.settings = settings;
        this.clock = clock;
    }

    /** What is shown and how old it is. */
    record Shown(
            String title,
            Node heading,
            @Nullable Instant at,
            @Nullable String trouble,
            List<Node> content) {}

    Instant now() {
        return clock.now();
    }

    /** Whether whoever has the token may change something. */
    boolean changing() {
        return !settings.readOnly() && settings.tokenFile() != null;
    }

    /** Answers with a page that was read just now. */
    void answer(Asked asked, Page.@Nullable Place here, String title, Node heading, List<Node> content) {
        answer(asked, here, false, new Shown(title, heading, clock.now(), null, content));
    }

    /**
     * Answers with a page.
     *
     * @param refreshes whether it loads itself again unless that was turned off
     */
    void answer(Asked asked, Page.@Nullable Place here, boolean refreshes, Shown shown) {
        Snapshot<Glance> known = glance.get();
        Glance value = known.value();
        KillSwitch.Position position = orders.get();
        boolean refreshing = refreshes && !REFRESH_OFF.equals(asked.query("refresh"));
        List<Node> aside = new ArrayList<>();
        if (position != null) {
            aside.add(Element.of(
                    "span", new Text("Orders "), Chip.of(position.orders()).node()));
        }
        if (shown.at() != null) {
            aside.add(Element.of("span", new Text("Data as of "), Times.full(shown.at())));
        }
        if (settings.readOnly()) {
            aside.add(Element.of("span", "read-only"));
        }
        if (settings.hasToken()) {
            aside.add(Element.of("a", asked.caller().isKnown() ? "Signed in" : "Sign in")
                    .attribute("href", SignIn.PATH));
        }
        if (refreshes && here != null) {
            aside.add(
                    refreshing
                            ? Element.of("a", "Pause refresh")
                                    .attribute("href", here.path() + "?refresh=" + REFRESH_OFF)
                            : Element.of("a", "Resume refresh").attribute("href", here.path()));
        }
        List<Node> content = new ArrayList<>();
        String trouble = known.trouble() == null ? shown.trouble() : known.trouble();
        if (trouble != null) {
            content.add(notice(Icon.TRIANGLE.node(), trouble + " " + staleness(shown.at())));
        }
        if (position != null && position.orders() != TradingState.ACTIVE) {
            String words = position.words().isEmpty() ? "" : ": " + position.words();
            content.add(notice(Chip.of(position.orders()).node(), "All paper traders of this home" + words + "."));
        }
        content.addAll(shown.content());
        Page page = new Page(
                shown.title(),
                here,
                refreshing ? REFRESH_SECONDS : 0,
                value == null ? null : value.alertsOpen(),
                aside);
        asked.ctx().contentType("text/html; charset=utf-8");
        asked.ctx().result(page.html(shown.heading(), content));
    }

    private static Node notice(Node sign, String words) {
        return Element.of("p", sign, Element.of("span", words)).style("trouble").attribute("role", "status");
    }

    private String staleness(@Nullable Instant at) {
        return at == null
                ? "Nothing can be shown yet."
                : "What is shown is from " + Figures.time(at) + ", " + Figures.ago(at, clock.now()) + ".";
    }
}
