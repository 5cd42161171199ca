package io.pipelinev2.runner.http.page;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.api.DeploymentsApi;
import io.pipelinev2.runner.http.api.TrialsApi;
import io.pipelinev2.runner.http.chart.EquityCharts;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.http.frame.Frame;
import io.pipelinev2.runner.http.frame.Page;
import io.pipelinev2.runner.http.html.Chip;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Figures;
import io.pipelinev2.runner.http.html.Icon;
import io.pipelinev2.runner.http.html.Names;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Table;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.html.Times;
import io.pipelinev2.runner.http.reading.Bulkhead;
import io.pipelinev2.runner.http.reading.Cached;
import io.pipelinev2.runner.http.reading.Expected;
import io.pipelinev2.runner.http.reading.Fill;
import io.pipelinev2.runner.http.reading.Snapshot;
import io.pipelinev2.runner.http.reading.Traders;
import io.pipelinev2.runner.view.DeploymentRow;
import io.pipelinev2.runner.view.DeploymentsView;
import io.pipelinev2.runner.view.TrialDetailView;
import io.pipelinev2.runner.view.TrialRanks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The pages of deployments: all of them, and one with what its paper account did and how its process fared. */
public final class DeploymentPages {

    private static final int LEDGER_TAIL = 2_000;
    private static final int FILLS = 50;
    private static final Set<String> ACTIONS = Set.of("stop", "restart", "reset", "flatten", "halt", "resume");

    private final PipelineStore store;
    private final Cached<Traders> traders;
    private final DeploymentsView.Sources sources;
    private final Bulkhead bulkhead;
    private final Frame frame;
    private final boolean changing;

    /** @param changing whether there are actions for those who may */
    public DeploymentPages(
            PipelineStore store,
            Cached<Traders> traders,
            DeploymentsView.Sources sources,
            Bulkhead bulkhead,
            Frame frame,
            boolean changing) {
        this.store = store;
        this.traders = traders;
        this.sources = sources;
        this.bulkhead = bulkhead;
        this.frame = frame;
        this.changing = changing;
    }

    public static String of(long id) {
        return Page.Place.DEPLOYMENTS.path() + "/" + id;
    }

    /** Where the list is of those of this health, or of this status. */
    public static String filtered(String state) {
        return Page.Place.DEPLOYMENTS.path() + "?show=" + state;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                        Page.Place.DEPLOYMENTS.path(),
                        "getDeploymentsPage",
                        "The page of deployments.",
                        Access.READ,
                        List.of(
                                Frame.REFRESH,
                                Parameter.oneOf(
                                        "show",
                                        DeploymentsSection.FILTERS,
                                        "Those of this health alone, or that ended.")),
                        Endpoint.Answer.of("text/html"),
                        this::list),
                Endpoint.get(
                        Page.Place.DEPLOYMENTS.path() + "/{id}",
                        "getDeploymentPage",
                        "The page of a deployment: its paper account, its restarts, what can be done to it.",
                        Access.READ,
                        List.of(Frame.REFRESH),
                        Endpoint.Answer.of("text/html"),
                        this::detail));
    }

    private void list(Asked asked) {
        Snapshot<Traders> snapshot = traders.get();
        Traders known = snapshot.value();
        List<Node> content = known == null
                ? List.of()
                : List.of(new DeploymentsSection(known, frame.now()).all(asked.query("show")));
        frame.answer(
                asked,
                Page.Place.DEPLOYMENTS,
                true,
                new Frame.Shown(
                        "deployments", new Text("Deployments"), snapshot.takenAt(), snapshot.trouble(), content));
    }

    private record Found(
            DeploymentRow row,
            List<ProcessRun> runs,
            EquityCharts charts,
            @Nullable Expected expected,
            List<Fill> fills,
            TrialDetailView trial) {}

    private Found find(long id) {
        return bulkhead.run(() -> store.<Found>read(tx -> {
            Deployment deployment = DeploymentsApi.find(tx, id);
            EquityCharts charts = new EquityCharts(EquityCharts.POINTS);
            tx.equity(id, point -> charts.add(point.step(), point.at().toEpochMilli(), point.equity()));
            return new Found(
                    DeploymentRow.of(tx, deployment),
                    tx.processRuns(id),
                    charts,
                    Expected.of(tx, deployment),
                    Fill.latest(tx, id, LEDGER_TAIL),
                    TrialDetailView.of(tx, TrialsApi.find(tx, deployment.trialId()), TrialRanks.none()));
        }));
    }

    private void detail(Asked asked) {
        Found found = find(asked.pathId("id"));
        Deployment deployment = found.row().deployment();
        // files are read when the store is let go of
        DeploymentRow row = new DeploymentRow(
                deployment,
                found.row().lastEnd(),
                sources.restartsLeft(deployment, found.runs(), frame.now()).orElse(null),
                found.row().preference(),
                sources.report(deployment).orElse(null));
        List<Node> content = new ArrayList<>();
        content.add(state(row, found.trial(), changing && frame.offersTo(asked.caller())));
        content.add(account(found));
        content.add(restarts(deployment, found.runs()));
        content.add(fills(found.fills()));
        frame.answerDrawn(
                asked,
                Page.Place.DEPLOYMENTS,
                "deployment " + deployment.id(),
                Element.of("span", new Text("Deployment " + deployment.id() + " of "), Names.of(deployment.key())),
                content);
    }

    private Node state(DeploymentRow row, TrialDetailView trial, boolean offered) {
        Element section = Element.of("section", Element.of("h2", "State")).style("panel");
        section.add(DeploymentsSection.of(row, traders.get().value(), frame.now()));
        Element links = Element.of("p").style("actions");
        DeploymentRow newest = trial.deployment();
        if (offered
                && newest != null
                && newest.deployment().id() == row.deployment().id()) {
            links = ActionPages.offered(trial, ACTIONS);
        }
        return section.add(links.add(
                Element.of("a", "The trial")
                        .attribute("href", TrialPages.of(trial.trial().id())),
                Element.of("a", "Log of its latest start")
                        .attribute("href", of(row.deployment().id()) + "/log")));
    }

    private static Node account(Found found) {
        Element section =
                Element.of("section", Element.of("h2", "Paper account")).style("panel");
        if (found.expected() != null) {
            section.add(
                    Element.of("p", "Beside its backtest: " + found.expected().words())
                            .style("reason"));
        }
        if (found.charts().isEmpty()) {
            return section.add(Element.of("p", "No bar of its account is in the database yet.")
                    .style("empty"));
        }
        return section.add(found.charts()
                .node(
                        "Equity (PAPER)",
                        "/api/v1" + of(found.row().deployment().id()) + "/equity",
                        found.expected(),
                        true));
    }

    private static Node restarts(Deployment deployment, List<ProcessRun> runs) {
        Element section =
                Element.of("section", Element.of("h2", "Starts of its process")).style("panel");
        if (runs.isEmpty()) {
            return section.add(Element.of("p", "It was not started yet.").style("empty"));
        }
        Table table = new Table("Starts, newest first")
                .words("Start")
                .words("Ended as")
                .words("Started")
                .words("Ran for")
                .figures("Exit code")
                .sentences("Cause")
                .words("Log");
        for (int i = runs.size(); i > 0; i--) {
            ProcessRun run = runs.get(i - 1);
            Instant ended = run.endedAt();
            table.row(
                    run.crashed() ? "failed" : "",
                    List.of(
                            new Text("Start " + i),
                            (ended == null
                                            ? new Chip(Icon.PLAY, "good", "not ended")
                                            : run.crashed()
                                                    ? new Chip(Icon.CROSS, "bad", "crashed")
                                                    : new Chip(Icon.DASH, "quiet", "stopped"))
                                    .node(),
                            Times.full(run.startedAt()),
                            new Text(
                                    ended == null
                                            ? Figures.NONE
                                            : Figures.span(Duration.between(run.startedAt(), ended))),
                            new Text(
                                    run.exitCode() == null
                                            ? Figures.NONE
                                            : run.exitCode().toString()),
                            new Text(Objects.requireNonNullElse(run.end(), "")),
                            Element.of("a", "Log of start " + i)
                                    .attribute("href", of(deployment.id()) + "/log?start=" + i)));
        }
        return section.add(table.node());
    }

    private static Node fills(List<Fill> fills) {
        Element section =
                Element.of("section", Element.of("h2", "Latest fills")).style("panel");
        if (fills.isEmpty()) {
            return section.add(
                    Element.of("p", "Nothing was bought or sold in the last " + LEDGER_TAIL + " entries of its ledger.")
                            .style("empty"));
        }
        Table table = new Table("Fills on paper, newest first")
                .words("When")
                .words("Side")
                .words("Asset")
                .figures("Quantity")
                .figures("Price")
                .figures("Fee")
                .figures("Bar");
        for (int i = fills.size() - 1; i >= Math.max(0, fills.size() - FILLS); i--) {
            Fill fill = fills.get(i);
            table.row(
                    "",
                    List.of(
                            Times.full(fill.at()),
                            new Text(fill.side()),
                            new Text(fill.asset()),
                            new Text(Figures.number(fill.quantity(), 6)),
                            new Text(Figures.number(fill.price(), 2)),
                            new Text(Figures.number(fill.fee(), 4)),
                            new Text(
                                    fill.step() == null
                                            ? Figures.NONE
                                            : fill.step().toString())));
        }
        return section.add(table.node());
    }
}
