package io.pipelinev2.runner.http;

import java.util.List;

/** What all pages have around what they show. */
final class Page {

    private Page() {}

    /**
     * A whole page.
     *
     * @param title of the browser's tab
     * @param aside what stands beside the name in the head, such as how fresh the page is
     * @param main what it shows
     */
    static String html(String title, List<Node> aside, Element main) {
        Element head = Element.of(
                "head",
                Element.of("meta").attribute("charset", "utf-8"),
                Element.of("meta")
                        .attribute("name", "viewport")
                        .attribute("content", "width=device-width, initial-scale=1"),
                Element.of("meta").attribute("name", "color-scheme").attribute("content", "light dark"),
                Element.of("title", title),
                Element.of("link").attribute("rel", "icon").attribute("href", Asset.ICON.href()),
                Element.of("link").attribute("rel", "stylesheet").attribute("href", Asset.STYLE.href()));
        Element name = Element.of("h1", Element.of("a", "Pipeline V2").attribute("href", "/"));
        Element body = Element.of(
                "body",
                banner(),
                Element.of("header", name, Element.of("p").style("freshness").add(aside.toArray(Node[]::new))),
                main);
        StringBuilder out = new StringBuilder(16 * 1024).append("<!DOCTYPE html>");
        Element.of("html", head, body).attribute("lang", "en").appendTo(out);
        return out.toString();
    }

    static Node banner() {
        return Element.of("p", Element.of("strong", "PAPER"), new Text(" Simulated money. No real orders are placed."))
                .style("paper");
    }
}
