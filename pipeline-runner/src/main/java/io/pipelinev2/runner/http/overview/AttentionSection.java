package io.pipelinev2.runner.http.overview;

import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Icon;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Times;
import java.time.Instant;
import java.util.List;

/** The panel of what needs a human, or that nothing does. */
final class AttentionSection {

    private AttentionSection() {}

    static Node of(List<Attention.Item> items, Instant now) {
        Element section = Element.of(
                        "section",
                        Element.of(
                                        "div",
                                        Element.of("h2", "Problems"),
                                        Element.of("p", items.isEmpty() ? "" : items.size() + " to look at")
                                                .style("muted"))
                                .style("heading"))
                .style("panel");
        if (items.isEmpty()) {
            return section.add(Element.of("p", Icon.CHECK.node(), Element.of("span", "Nothing needs you."))
                    .style("allright"));
        }
        Element list = Element.of("ul").style("attention");
        for (Attention.Item item : items) {
            Element words = Element.of("p", Element.of("span", item.words()));
            if (item.since() != null) {
                words.add(Element.of("span", Times.ago(item.since(), now)).style("muted"));
            }
            list.add(Element.of(
                    "li",
                    item.sign().node(),
                    Element.of("div", Element.of("strong", item.subject()), words.style("words")),
                    Element.of("a", item.step().words())
                            .style("step")
                            .attribute("href", item.step().href())));
        }
        return section.add(list);
    }
}
