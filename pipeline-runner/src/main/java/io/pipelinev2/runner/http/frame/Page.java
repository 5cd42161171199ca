package io.pipelinev2.runner.http.frame;

import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all pages have around what they show.
 *
 * @param title of the browser's tab, after the program's name
 * @param here where in the navigation it belongs, or null if nowhere
 * @param live how it keeps itself up to date, or null if it does not
 * @param charts whether charts are drawn on it
 * @param alerts how many alerts are open, or null if that is not known here
 * @param aside what stands in the head beside the navigation, such as how fresh the page is
 */
public record Page(
        String title,
        @Nullable Place here,
        @Nullable Live live,
        boolean charts,
        @Nullable Long alerts,
        List<Node> aside) {

    /** In the form in which htmx reads it. Nothing in a page is code: neither in attributes nor in what is fetched. */
    private static final String HTMX =
            "{\"includeIndicatorStyles\":false,\"allowEval\":false,\"allowScriptTags\":false,"
                    + "\"selfRequestsOnly\":true,\"historyEnabled\":false,\"timeout\":10000,\"responseHandling\":["
                    + "{\"code\":\"2..\",\"swap\":true},{\"code\":\"304\",\"swap\":false},"
                    + "{\"code\":\"...\",\"swap\":false,\"error\":true}]}";

    /** The part of a page that keeps itself up to date. */
    private static final String LIVE = "live";

    /** A page that shows no figures and is not told apart by the navigation. */
    Page(String title, List<Node> aside) {
        this(title, null, null, false, null, aside);
    }

    /**
     * How a page keeps itself up to date: by a script that fetches what has changed, or without one by loading itself again.
     *
     * @param seconds how long after the last time
     * @param href where it is
     * @param running whether it does so until it is told not to, or not until it is told to
     */
    record Live(int seconds, String href, boolean running) {}

    /** The places of the navigation, in its order. */
    public enum Place {
        OVERVIEW("Overview", "/"),
        TRIALS("Trials", "/trials"),
        DEPLOYMENTS("Deployments", "/deployments"),
        HEALTH("Health", "/health"),
        ALERTS("Alerts", "/alerts"),
        AUDIT("Audit", "/audit");

        private final String label;
        private final String path;

        Place(String label, String path) {
            this.label = label;
            this.path = path;
        }

        public String path() {
            return path;
        }
    }

    public Page {
        aside = List.copyOf(aside);
    }

    /**
     * The whole page.
     *
     * @param heading what it is
     * @param content what it shows, with headings of the second level
     */
    String html(Node heading, List<Node> content) {
        Element main = main(heading, content);
        Element body = Element.of(
                "body",
                Element.of("a", "Skip to the content").style("skip").attribute("href", "#main"),
                Element.of(
                                "aside",
                                Element.of("strong", "PAPER"),
                                new Text(" Simulated money. No real orders are placed."))
                        .style("paper")
                        .attribute("aria-label", "Kind of money"));
        if (live == null) {
            body.add(header(), main);
        } else {
            body.add(live(live, main));
        }
        StringBuilder out = new StringBuilder(16 * 1024).append("<!DOCTYPE html>");
        Element.of("html", head(), body).attribute("lang", "en").appendTo(out);
        return out.toString();
    }

    /** What a page that keeps itself up to date is given in place of the whole page. */
    String part(Node heading, List<Node> content) {
        StringBuilder out = new StringBuilder(16 * 1024);
        tab().appendTo(out);
        Element.of("div", header(), main(heading, content))
                .attribute("id", LIVE)
                .appendTo(out);
        return out.toString();
    }

    private static Element main(Node heading, List<Node> content) {
        Element main = Element.of("main", Element.of("h1", heading))
                .attribute("id", "main")
                .attribute("tabindex", "-1");
        content.forEach(main::add);
        return main;
    }

    private Node live(Live how, Node main) {
        Element part = Element.of("div", header(), main)
                .attribute("id", LIVE)
                .attribute("data-hx-get", how.href())
                .attribute("data-hx-trigger", "refresh")
                .attribute("data-hx-ext", "morph")
                .attribute("data-hx-swap", "morph")
                .attribute("data-seconds", Integer.toString(how.seconds()))
                .attribute("data-htmx", Asset.HTMX.href());
        return how.running() ? part : part.attribute("data-paused", "");
    }

    private Node tab() {
        return Element.of("title", "Pipeline V2: " + title);
    }

    private Node head() {
        Element head = Element.of(
                "head",
                Element.of("meta").attribute("charset", "utf-8"),
                Element.of("meta")
                        .attribute("name", "viewport")
                        .attribute("content", "width=device-width, initial-scale=1"),
                Element.of("meta").attribute("name", "color-scheme").attribute("content", "light dark"));
        if (live != null && live.running()) {
            head.add(Element.of(
                    "noscript",
                    Element.of("meta")
                            .attribute("http-equiv", "refresh")
                            .attribute("content", Integer.toString(live.seconds()))));
        }
        head.add(
                tab(),
                Element.of("link").attribute("rel", "icon").attribute("href", Asset.ICON.href()),
                style(Asset.STYLE));
        if (charts) {
            head.add(style(Asset.UPLOT_STYLE));
        }
        head.add(script(Asset.THEME));
        if (live != null) {
            head.add(Element.of("meta").attribute("name", "htmx-config").attribute("content", HTMX));
        }
        head.add(script(Asset.SCRIPT).attribute("defer", ""));
        if (charts) {
            head.add(
                    script(Asset.UPLOT).attribute("defer", ""),
                    script(Asset.CHARTS).attribute("defer", ""));
        }
        return head;
    }

    private static Element style(Asset asset) {
        return Element.of("link").attribute("rel", "stylesheet").attribute("href", asset.href());
    }

    private static Element script(Asset asset) {
        return Element.of("script").attribute("src", asset.href());
    }

    private Node header() {
        Element places = Element.of("ul");
        for (Place place : Place.values()) {
            Element link = Element.of("a", place.label).attribute("href", place.path);
            if (place == here) {
                link.attribute("aria-current", "page");
            }
            if (place == Place.ALERTS && alerts != null) {
                // there even when there are none: what is not there yet cannot be heard to change
                link.add(Element.of("span", alerts > 0 ? " " + alerts + " open" : "")
                        .style("open")
                        .attribute("aria-live", "polite"));
            }
            places.add(Element.of("li", link));
        }
        return Element.of(
                "header",
                Element.of("a", "Pipeline V2").style("brand").attribute("href", Place.OVERVIEW.path),
                Element.of("nav", places).attribute("aria-label", "Main"),
                Element.of("p")
                        .style("freshness")
                        .add(aside.toArray(Node[]::new))
                        .add(theme()));
    }

    /** Told by the script what it does next; without a script the system's theme is shown, and it is not. */
    private static Node theme() {
        return Element.of("button", "Theme")
                .style("quietly scripted")
                .attribute("type", "button")
                .attribute("id", "theme")
                .attribute("data-keep", "");
    }
}
