package io.pipelinev2.runner.http;

import io.pipelinev2.runner.view.TrialRow;
import java.util.List;

/** The funnel, as a list of steps with bars. */
final class FunnelSection {

    private static final int SHOWN_LOSSES = 4;

    private FunnelSection() {}

    static Node of(List<TrialRow> rows) {
        List<Funnel.Step> steps = Funnel.of(rows).steps();
        Element list = Element.of("ol").style("funnel");
        int all = steps.get(0).count();
        steps.forEach(step -> list.add(step(step, all)));
        return Element.of("section", Element.of("h2", "Funnel"), list).style("panel");
    }

    private static Node step(Funnel.Step step, int all) {
        return Element.of(
                "li",
                Element.of("p", Element.of("strong", Figures.count((long) step.count())), new Text(" " + step.name()))
                        .style("reached"),
                bar(step.count(), all),
                losses(step.losses()));
    }

    /** A drawing, because the policy of this page allows no style in an element. */
    private static Node bar(int count, int all) {
        String width = Integer.toString(all == 0 ? 0 : (int) Math.ceil(100.0 * count / all));
        return Element.of(
                        "svg",
                        Element.of("rect")
                                .style("track")
                                .attribute("width", "100")
                                .attribute("height", "4"),
                        Element.of("rect")
                                .style("fill")
                                .attribute("width", width)
                                .attribute("height", "4"))
                .style("bar")
                .attribute("viewBox", "0 0 100 4")
                .attribute("preserveAspectRatio", "none")
                .attribute("aria-hidden", "true");
    }

    private static Node losses(List<Funnel.Loss> losses) {
        Element list = Element.of("ul").style("losses");
        losses.stream()
                .limit(SHOWN_LOSSES)
                .forEach(loss -> list.add(Element.of(
                        "li",
                        Element.of("span", MINUS + Figures.count((long) loss.count()))
                                .style("count"),
                        Element.of("span", loss.reason()))));
        int more =
                losses.stream().skip(SHOWN_LOSSES).mapToInt(Funnel.Loss::count).sum();
        if (more > 0) {
            list.add(Element.of(
                    "li",
                    Element.of("span", MINUS + Figures.count((long) more)).style("count"),
                    Element.of("span", "for other reasons")));
        }
        return list;
    }

    private static final String MINUS = "\u2212";
}
