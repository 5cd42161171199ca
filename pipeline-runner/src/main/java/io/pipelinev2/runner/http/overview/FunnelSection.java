package io.pipelinev2.runner.http.overview;

import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.runner.http.html.Chip;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Figures;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.page.DeploymentPages;
import io.pipelinev2.runner.http.page.StagePages;
import io.pipelinev2.runner.http.reading.Traders;
import io.pipelinev2.runner.view.DeploymentRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The funnel, as a list of steps with bars. Each step and each loss leads to the list of its trials. */
final class FunnelSection {

    private static final int SHOWN_LOSSES = 4;
    private static final int LONGEST_LOSS = 90;
    private static final String MINUS = "\u2212";

    private FunnelSection() {}

    /**
     * @param traders how the deployed ones do, or null if that is not known
     * @param stages which may be paused from here; empty if none may
     */
    static Node of(Funnel funnel, @Nullable Traders traders, List<String> stages) {
        List<Funnel.Step> steps = new ArrayList<>(funnel.steps());
        if (traders != null) {
            withHealth(steps, traders.view().rows());
        }
        Element list = Element.of("ol").style("funnel");
        int all = steps.get(0).count();
        steps.forEach(step -> list.add(step(step, all)));
        Element section =
                Element.of("section", Element.of("h2", "Funnel"), list).style("panel");
        return stages.isEmpty() ? section : section.add(pauses(stages));
    }

    private static Node pauses(List<String> stages) {
        Element links =
                Element.of("p", new Text("Begin nothing more of a stage: ")).style("actions");
        for (String stage : stages) {
            links.add(Element.of("a", "Pause " + stage).attribute("href", StagePages.of(stage, "pause")));
        }
        return links;
    }

    /** The last step is not one of trials but of their traders. */
    private static void withHealth(List<Funnel.Step> steps, List<DeploymentRow> rows) {
        List<DeploymentRow> running =
                rows.stream().filter(row -> row.deployment().occupiesSlot()).toList();
        Map<DeploymentHealth, Long> byHealth = running.stream()
                .collect(Collectors.groupingBy(row -> row.deployment().health(), Collectors.counting()));
        int healthy = byHealth.getOrDefault(DeploymentHealth.HEALTHY, 0L).intValue();
        byHealth.remove(DeploymentHealth.HEALTHY);
        List<Funnel.Loss> losses = byHealth.entrySet().stream()
                .map(each -> new Funnel.Loss(
                        Chip.of(each.getKey()).word(),
                        each.getValue().intValue(),
                        DeploymentPages.filtered(each.getKey().label())))
                .sorted((a, b) -> Integer.compare(b.count(), a.count()))
                .toList();
        Funnel.Step deployed = steps.remove(steps.size() - 1);
        steps.add(new Funnel.Step(deployed.name(), deployed.count(), losses, deployed.path()));
        steps.add(new Funnel.Step(
                "Healthy", healthy, List.of(), DeploymentPages.filtered(DeploymentHealth.HEALTHY.label())));
    }

    private static Node step(Funnel.Step step, int all) {
        return Element.of(
                "li",
                Element.of(
                                "p",
                                Element.of(
                                                "a",
                                                Element.of("strong", Figures.count((long) step.count())),
                                                new Text(" " + step.name()))
                                        .attribute("href", step.path()))
                        .style("reached"),
                bar(step.count(), all),
                losses(step));
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

    private static Node losses(Funnel.Step step) {
        Element list = Element.of("ul").style("losses");
        step.losses().stream()
                .limit(SHOWN_LOSSES)
                .forEach(loss -> list.add(
                        loss(loss.count(), Element.of("a", brief(loss.reason())).attribute("href", loss.path()))));
        int more = step.losses().stream()
                .skip(SHOWN_LOSSES)
                .mapToInt(Funnel.Loss::count)
                .sum();
        if (more > 0) {
            list.add(loss(more, Element.of("span", "for other reasons")));
        }
        return list;
    }

    /** The list that it leads to has the rest. */
    private static String brief(String reason) {
        if (reason.length() <= LONGEST_LOSS) {
            return reason;
        }
        int end = reason.lastIndexOf(' ', LONGEST_LOSS);
        return reason.substring(0, end > 0 ? end : LONGEST_LOSS) + " …";
    }

    private static Node loss(int count, Node reason) {
        return Element.of(
                "li", Element.of("span", MINUS + Figures.count((long) count)).style("count"), reason);
    }
}
