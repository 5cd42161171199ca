package io.pipelinev2.runner.http.frame;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.deploy.KillSwitch;
import io.pipelinev2.runner.http.access.Caller;
import io.pipelinev2.runner.http.action.OrdersAction;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.http.html.Chip;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Figures;
import io.pipelinev2.runner.http.html.Icon;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.html.Times;
import io.pipelinev2.runner.http.reading.Cached;
import io.pipelinev2.runner.http.reading.Glance;
import io.pipelinev2.runner.http.reading.Snapshot;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every page of the dashboard tells whatever else it shows: which orders may be given, how many alerts are open, how
 * fresh it is and what is wrong with that.
 */
public final class Frame {

    private static final int REFRESH_SECONDS = 5;
    private static final String REFRESH_OFF = "off";

    /** The parameter of pages that load themselves again. */
    public static final Parameter REFRESH = Parameter.text("refresh", "`off`: the page does not load itself again.");

    private final Cached<Glance> glance;
    private final Supplier<KillSwitch.@Nullable Position> orders;
    private final Terms terms;
    private final Clock clock;

    /**
     * What is open to those who look at pages.
     *
     * @param readOnly whether nothing is changed over HTTP, whoever asks
     * @param signingIn whether somebody can sign in
     * @param changing whether whoever has the owner's token may change something
     */
    public record Terms(boolean readOnly, boolean signingIn, boolean changing) {}

    /** @param orders which orders the home's traders may give, or null if that is not known here */
    public Frame(Cached<Glance> glance, Supplier<KillSwitch.@Nullable Position> orders, Terms terms, Clock clock) {
        this.glance = glance;
        this.orders = orders;
        this.terms = terms;
        this.clock = clock;
    }

    /** What is shown and how old it is. */
    public record Shown(
            String title,
            Node heading,
            @Nullable Instant at,
            @Nullable String trouble,
            List<Node> content) {}

    /** How a page behaves: as it is until it is loaded again, kept up to date, or that with charts on it. */
    private enum Manner {
        STILL,
        LIVE,
        CHARTS
    }

    public Instant now() {
        return clock.now();
    }

    /** Whether whoever asks may change something, and is shown what. */
    public boolean offersTo(Caller caller) {
        return terms.changing() && caller.isOwner();
    }

    /** Answers with a page that was read just now. */
    public void answer(Asked asked, Page.@Nullable Place here, String title, Node heading, List<Node> content) {
        answer(asked, here, Manner.STILL, new Shown(title, heading, clock.now(), null, content));
    }

    /** The same with charts on it, and kept up to date. */
    public void answerDrawn(Asked asked, Page.@Nullable Place here, String title, Node heading, List<Node> content) {
        answer(asked, here, Manner.CHARTS, new Shown(title, heading, clock.now(), null, content));
    }

    /**
     * Answers with a page.
     *
     * @param refreshes whether it keeps itself up to date unless that was turned off
     */
    public void answer(Asked asked, Page.@Nullable Place here, boolean refreshes, Shown shown) {
        answer(asked, here, refreshes ? Manner.LIVE : Manner.STILL, shown);
    }

    private static String signingIn(Asked asked) {
        return asked.caller().session() == null ? Destination.of(asked.ctx()).signingIn() : SignIn.PATH;
    }

    private void answer(Asked asked, Page.@Nullable Place here, Manner manner, Shown shown) {
        Snapshot<Glance> known = glance.get();
        Glance value = known.value();
        KillSwitch.Position position = orders.get();
        String trouble = known.trouble() == null ? shown.trouble() : known.trouble();
        List<Node> content = new ArrayList<>();
        if (trouble != null) {
            content.add(notice(Icon.TRIANGLE.node(), trouble + " " + staleness(shown.at())));
        }
        if (position != null && position.orders() != TradingState.ACTIVE) {
            String words = position.words().isEmpty() ? "" : ": " + position.words();
            content.add(notice(Chip.of(position.orders()).node(), "All paper traders of this home" + words + "."));
        }
        content.addAll(shown.content());
        List<Node> aside = new ArrayList<>();
        if (position != null) {
            aside.add(orders(position, offersTo(asked.caller())));
        }
        if (shown.at() != null) {
            aside.add(asOf(shown.at()));
        }
        if (terms.readOnly()) {
            aside.add(Element.of("span", "read-only"));
        }
        if (terms.signingIn()) {
            aside.add(Element.of("a", signing(asked.caller())).attribute("href", signingIn(asked)));
        }
        Page.Live live = null;
        if (manner != Manner.STILL) {
            live = new Page.Live(
                    REFRESH_SECONDS, address(asked, false), !REFRESH_OFF.equals(asked.query(REFRESH.name())));
            aside.add(pause(asked, live));
        }
        Page page = new Page(
                shown.title(), here, live, manner == Manner.CHARTS, value == null ? null : value.alertsOpen(), aside);
        asked.ctx().contentType("text/html; charset=utf-8");
        if (live != null && Fragment.isWanted(asked.ctx())) {
            Fragment.answer(asked.ctx(), page.part(shown.heading(), content), shown.at(), clock.now());
        } else {
            asked.ctx().result(page.html(shown.heading(), content));
        }
    }

    private static Node orders(KillSwitch.Position position, boolean offered) {
        Element orders = Element.of(
                "span", new Text("Orders "), Chip.of(position.orders()).node());
        if (offered) {
            if (position.orders() != TradingState.HALTED) {
                orders.add(Element.of("a", Icon.CROSS.node(), new Text("Halt all"))
                        .style("alarm")
                        .attribute("href", OrdersAction.HALT.path()));
            }
            if (position.orders() != TradingState.ACTIVE) {
                orders.add(Element.of("a", "Resume all").attribute("href", OrdersAction.RESUME.path()));
            }
        }
        return orders.style("orders");
    }

    private String signing(Caller caller) {
        if (caller.isKnown()) {
            return caller.isOwner() ? "Signed in" : "Signed in to read";
        }
        return terms.changing() ? "Sign in to act" : "Sign in";
    }

    private Node asOf(Instant at) {
        return Element.of("span", new Text("Data as of "), Times.full(at))
                .attribute("id", "as-of")
                .attribute("data-age", Long.toString(Fragment.age(at, clock.now())))
                .attribute("data-keep", "");
    }

    /** A switch for scripts, and a link without them. */
    private static Node pause(Asked asked, Page.Live live) {
        return Element.of(
                "span",
                Element.of("button", live.running() ? "Pause refresh" : "Resume refresh")
                        .style("quietly scripted")
                        .attribute("type", "button")
                        .attribute("id", "refresh")
                        .attribute("data-keep", ""),
                Element.of(
                        "noscript",
                        Element.of("a", live.running() ? "Pause refresh" : "Resume refresh")
                                .attribute("href", live.running() ? address(asked, true) : live.href())));
    }

    /** Where the page is, with all that it was asked for. */
    private static String address(Asked asked, boolean still) {
        List<String> parts = new ArrayList<>();
        for (Parameter parameter : asked.endpoint().query()) {
            String given = parameter.name().equals(REFRESH.name())
                    ? still ? REFRESH_OFF : null
                    : asked.query(parameter.name());
            if (given != null) {
                parts.add(parameter.name() + "=" + URLEncoder.encode(given, StandardCharsets.UTF_8));
            }
        }
        return asked.ctx().path() + (parts.isEmpty() ? "" : "?" + String.join("&", parts));
    }

    private static Node notice(Node sign, String words) {
        return Element.of("p", sign, Element.of("span", words)).style("trouble");
    }

    private String staleness(@Nullable Instant at) {
        return at == null
                ? "Nothing can be shown yet."
                : "What is shown is from " + Figures.time(at) + ", " + Figures.ago(at, clock.now()) + ".";
    }
}
