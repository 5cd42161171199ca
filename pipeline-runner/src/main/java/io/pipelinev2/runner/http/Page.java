package io.pipelinev2.runner.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all pages have around what they show.
 *
 * @param title of the browser's tab, after the program's name
 * @param here where in the navigation it belongs, or null if nowhere
 * @param refresh after how many seconds it loads itself again, or 0 for never
 * @param alerts how many alerts are open, or null if that is not known here
 * @param aside what stands in the head beside the navigation, such as how fresh the page is
 */
record Page(
        String title,
        @Nullable Place here,
        int refresh,
        @Nullable Long alerts,
        List<Node> aside) {

    /** The places of the navigation, in its order. */
    enum Place {
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

        String path() {
            return path;
        }
    }

    Page {
        aside = List.copyOf(aside);
    }

    /**
     * The whole page.
     *
     * @param heading what it is
     * @param content what it shows, with headings of the second level
     */
    String html(Node heading, List<Node> content) {
        Element main = Element.of("main", Element.of("h1", heading))
                .attribute("id", "main")
                .attribute("tabindex", "-1");
        content.forEach(main::add);
        Element body = Element.of(
                "body",
                Element.of("a", "Skip to the content").style("skip").attribute("href", "#main"),
                Element.of(
                                "aside",
                                Element.of("strong", "PAPER"),
                                new Text(" Simulated money. No real orders are placed."))
                        .style("paper")
                        .attribute("aria-label", "Kind of money"),
                header(),
                main);
        StringBuilder out = new StringBuilder(16 * 1024).append("<!DOCTYPE html>");
        Element.of("html", head(), body).attribute("lang", "en").appendTo(out);
        return out.toString();
    }

    private Node head() {
        Element head = Element.of(
                "head",
                Element.of("meta").attribute("charset", "utf-8"),
                Element.of("meta")
                        .attribute("name", "viewport")
                        .attribute("content", "width=device-width, initial-scale=1"),
                Element.of("meta").attribute("name", "color-scheme").attribute("content", "light dark"));
        if (refresh > 0) {
            head.add(Element.of("meta")
                    .attribute("http-equiv", "refresh")
                    .attribute("content", Integer.toString(refresh)));
        }
        return head.add(
                Element.of("title", "Pipeline V2: " + title),
                Element.of("link").attribute("rel", "icon").attribute("href", Asset.ICON.href()),
                Element.of("link").attribute("rel", "stylesheet").attribute("href", Asset.STYLE.href()));
    }

    private Node header() {
        Element places = Element.of("ul");
        for (Place place : Place.values()) {
            Element link = Element.of("a", place.label).attribute("href", place.path);
            if (place == here) {
                link.attribute("aria-current", "page");
            }
            if (place == Place.ALERTS && alerts != null && alerts > 0) {
                link.add(Element.of("span", " " + alerts + " open").style("open"));
            }
            places.add(Element.of("li", link));
        }
        return Element.of(
                "header",
                Element.of("a", "Pipeline V2").style("brand").attribute("href", Place.OVERVIEW.path),
                Element.of("nav", places).attribute("aria-label", "Main"),
                Element.of("p").style("freshness").add(aside.toArray(Node[]::new)));
    }
}
