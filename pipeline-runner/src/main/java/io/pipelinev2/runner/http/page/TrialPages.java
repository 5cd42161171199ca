package io.pipelinev2.runner.http.page;

import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.TrialQuery;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.api.TrialsApi;
import io.pipelinev2.runner.http.chart.EquityCharts;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.PageKey;
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
import io.pipelinev2.runner.view.TrialDetailView;
import io.pipelinev2.runner.view.TrialRanks;
import io.pipelinev2.runner.view.TrialRow;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The page of all trials, with its filters, and the page of one trial. */
public final class TrialPages {

    public static final String PATH = "/trials";

    private static final Parameter GO = Parameter.oneOf(
            "go",
            List.of("trial"),
            "With `number`: the page of that trial itself, if there is no other of that number.");
    private static final List<Parameter> LIST =
            Stream.concat(TrialsApi.LIST.stream(), Stream.of(GO)).toList();

    private final PipelineStore store;
    private final Cached<TrialRanks> ranks;
    private final Bulkhead bulkhead;
    private final String rankMetric;
    private final Frame frame;
    private final boolean changing;

    /** @param changing whether there are actions for those who may */
    public TrialPages(
            PipelineStore store,
            Cached<TrialRanks> ranks,
            Bulkhead bulkhead,
            String rankMetric,
            Frame frame,
            boolean changing) {
        this.changing = changing;
        this.store = store;
        this.ranks = ranks;
        this.bulkhead = bulkhead;
        this.rankMetric = rankMetric;
        this.frame = frame;
    }

    /** Where the page of a trial is. */
    public static String of(long id) {
        return PATH + "/" + id;
    }

    /** Where the list is of the trials that these parameters choose, given as names and values in turns. */
    public static String filtered(String... parameters) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < parameters.length; i += 2) {
            if (!parameters[i + 1].isEmpty()) {
                parts.add(parameters[i] + "=" + URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
            }
        }
        return parts.isEmpty() ? PATH : PATH + "?" + String.join("&", parts);
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                        PATH,
                        "getTrialsPage",
                        "The page of trials, with the parameters of /api/v1/trials.",
                        Access.READ,
                        LIST,
                        Endpoint.Answer.of("text/html"),
                        this::list),
                Endpoint.get(
                        PATH + "/{id}",
                        "getTrialPage",
                        "The page of a trial.",
                        Access.READ,
                        List.of(Frame.REFRESH),
                        Endpoint.Answer.of("text/html"),
                        this::detail));
    }

    private TrialRanks known() {
        TrialRanks known = ranks.get().value();
        return known == null ? TrialRanks.none() : known;
    }

    private void list(Asked asked) {
        Long only = onlyOf(asked);
        if (only != null) {
            asked.ctx().status(303);
            asked.ctx().header("Location", of(only));
            return;
        }
        TrialQuery query = TrialsApi.query(asked);
        TrialRanks known = known();
        record Found(List<TrialRow> rows, TrialQuery.@Nullable Place next) {}
        Found found = bulkhead.run(() -> store.<Found>read(tx -> {
            TrialQuery.Page page = tx.trials(query);
            List<TrialRow> rows = page.trials().stream()
                    .map(trial -> TrialRow.of(trial, tx.stages(trial.id()), known))
                    .toList();
            return new Found(rows, page.end());
        }));
        Element section = Element.of("section", Element.of("h2", "Find trials"))
                .style("panel")
                .add(jump(), filters(asked));
        section.add(
                found.rows().isEmpty()
                        ? Element.of("p", "No trial is as asked for.").style("empty")
                        : new TrialsSection(rankMetric).table("Trials", found.rows(), frame.now()));
        if (changing && frame.offersTo(asked.caller()) && !found.rows().isEmpty()) {
            section.add(BulkPages.offered(asked));
        }
        if (found.next() != null) {
            section.add(Element.of(
                            "p",
                            Element.of("a", "Next page")
                                    .attribute("rel", "next")
                                    .attribute(
                                            "href",
                                            with(
                                                    asked,
                                                    "after",
                                                    PageKey.of(query.sort(), query.descending(), found.next()))))
                    .style("note"));
        }
        frame.answer(asked, Page.Place.TRIALS, "trials", new Text("Trials"), List.of(section));
    }

    /** The one trial whose page is wanted, or null if a list is, or there is no such one. */
    private @Nullable Long onlyOf(Asked asked) {
        if (asked.query(GO.name()) == null || asked.query("number") == null) {
            return null;
        }
        TrialQuery query = TrialsApi.filter(asked::query, 2);
        List<Trial> found = bulkhead.run(
                () -> store.<List<Trial>>read(tx -> tx.trials(query).trials()));
        return found.size() == 1 ? found.get(0).id() : null;
    }

    private static Node jump() {
        return Element.of(
                        "form",
                        Element.of(
                                "label",
                                Element.of("span", "Go to trial number"),
                                Element.of("input")
                                        .attribute("name", "number")
                                        .attribute("type", "number")
                                        .attribute("min", "0")
                                        .attribute("required", "required")),
                        ActionPages.hidden(GO.name(), "trial"),
                        Element.of("button", "Go").attribute("type", "submit"))
                .style("filters")
                .attribute("method", "get")
                .attribute("action", PATH);
    }

    private static Node filters(Asked asked) {
        return Element.of(
                        "form",
                        field(asked, "study", "Study", "search"),
                        field(asked, "number", "Number", "number"),
                        choice(
                                asked,
                                "status",
                                "Status",
                                Arrays.stream(TrialStatus.values())
                                        .map(TrialStatus::label)
                                        .toList()),
                        field(asked, "stage", "Stands at stage", "search"),
                        field(asked, "text", "Mentions", "search"),
                        choice(asked, "sort", "Sort by", TrialsApi.SORTS),
                        choice(asked, "order", "Order", List.of("asc", "desc")),
                        Element.of("button", "Show").attribute("type", "submit"))
                .style("filters")
                .attribute("method", "get")
                .attribute("action", PATH);
    }

    private static Node field(Asked asked, String name, String label, String type) {
        return Element.of(
                "label",
                Element.of("span", label),
                Element.of("input")
                        .attribute("name", name)
                        .attribute("type", type)
                        .attribute("value", Objects.requireNonNullElse(asked.query(name), "")));
    }

    private static Node choice(Asked asked, String name, String label, List<String> values) {
        Element select = Element.of("select", Element.of("option", "any").attribute("value", ""))
                .attribute("name", name);
        for (String value : values) {
            Element option = Element.of("option", value).attribute("value", value);
            select.add(value.equals(asked.query(name)) ? option.attribute("selected", "selected") : option);
        }
        return Element.of("label", Element.of("span", label), select);
    }

    private static String with(Asked asked, String name, String value) {
        List<String> parts = new ArrayList<>();
        for (Parameter parameter : TrialsApi.LIST) {
            String given = parameter.name().equals(name) ? value : asked.query(parameter.name());
            if (given != null) {
                parts.add(parameter.name() + "=" + URLEncoder.encode(given, StandardCharsets.UTF_8));
            }
        }
        return PATH + "?" + String.join("&", parts);
    }

    private void detail(Asked asked) {
        long id = asked.pathId("id");
        TrialRanks known = known();
        record Found(TrialDetailView view, EquityCharts charts) {}
        Found found = bulkhead.run(() -> store.<Found>read(tx -> new Found(
                TrialDetailView.of(tx, TrialsApi.find(tx, id), known), charts(tx.seriesOf(id, TrialRow.BACKTEST)))));
        TrialDetailView view = found.view();
        List<Node> content = new ArrayList<>();
        content.add(head(view, changing && frame.offersTo(asked.caller())));
        for (StageRun stage : view.stages()) {
            content.add(stage(stage, view.row().explanation()));
        }
        if (!found.charts().isEmpty()) {
            content.add(Element.of(
                            "section",
                            Element.of("h2", "Its backtest, bar by bar"),
                            found.charts().node("Equity", "/api/v1" + of(id) + "/equity", null, false))
                    .style("panel")
                    .attribute("id", "curve"));
        }
        content.add(attempts(view));
        content.add(events(view));
        frame.answerDrawn(
                asked,
                Page.Place.TRIALS,
                "trial " + view.trial().key(),
                Element.of("span", new Text("Trial "), Names.of(view.trial().key())),
                content);
    }

    private static EquityCharts charts(List<Series> series) {
        Series equity = EquityCharts.named(series, BacktestStage.EQUITY);
        return equity == null
                ? new EquityCharts(EquityCharts.POINTS)
                : EquityCharts.of(EquityCharts.POINTS, equity, EquityCharts.named(series, BacktestStage.BENCHMARK));
    }

    private Node head(TrialDetailView view, boolean offered) {
        Element section = Element.of(
                        "section",
                        Element.of(
                                        "div",
                                        Element.of("h2", "Where it stands"),
                                        Chip.of(view.trial().status()).node())
                                .style("heading"))
                .style("panel");
        String why = view.row().explanation();
        if (why != null) {
            section.add(Element.of("p", why).style("reason why"));
        }
        section.add(new TrialsSection(rankMetric).one(view.row(), frame.now()));
        Element links = offered ? ActionPages.offered(view) : Element.of("p").style("actions");
        if (view.deployment() != null) {
            links.add(Element.of("a", "Its deployment")
                    .attribute(
                            "href",
                            DeploymentPages.of(view.deployment().deployment().id())));
        }
        return section.add(links);
    }

    /** @param told why the trial stands where it stands, which is said above */
    private Node stage(StageRun stage, @Nullable String told) {
        Element section = Element.of(
                        "section",
                        Element.of(
                                        "div",
                                        Element.of("h2", "Stage " + stage.name()),
                                        Chip.of(stage.status()).node(),
                                        Element.of(
                                                        "p",
                                                        stage.attempts() + " of " + stage.maxAttempts() + " attempts"
                                                                + (stage.dueAt() == null
                                                                                || stage.status() != StageStatus.PENDING
                                                                        ? ""
                                                                        : ", due " + Figures.time(stage.dueAt())))
                                                .style("muted"))
                                .style("heading"))
                .style("panel");
        String said = stage.reason() == null ? stage.errorMessage() : stage.reason();
        if (said != null && (told == null || !told.contains(said))) {
            section.add(Element.of("p", said).style("reason"));
        }
        Map<String, @Nullable Object> results = stage.results();
        if (results != null && results.get("gates") instanceof List<?> gates && !gates.isEmpty()) {
            section.add(gates(gates));
        }
        if (results != null && results.get("metrics") instanceof Map<?, ?> metrics && !metrics.isEmpty()) {
            Table table =
                    new Table("Metrics of " + stage.name()).words("Metric").figures("Value");
            metrics.forEach(
                    (name, value) -> table.row("", List.of(new Text(String.valueOf(name)), new Text(figure(value)))));
            section.add(Element.of(
                            "details",
                            Element.of("summary", "All " + metrics.size() + " metrics of " + stage.name()),
                            table.node())
                    .style("fold"));
        }
        return section;
    }

    private static Node gates(List<?> gates) {
        Table table = new Table("Gates")
                .words("Gate")
                .words("Verdict")
                .figures("Value")
                .figures("Threshold")
                .sentences("In words");
        for (Object each : gates) {
            if (each instanceof Map<?, ?> gate) {
                boolean passed = Boolean.TRUE.equals(gate.get("passed"));
                table.row(
                        passed ? "" : "failed",
                        List.of(
                                new Text(String.valueOf(gate.get("gate"))),
                                passed
                                        ? new Chip(Icon.CHECK, "good", "passed").node()
                                        : new Chip(Icon.CROSS, "bad", "failed").node(),
                                new Text(figure(gate.get("value"))),
                                new Text(gate.get("comparison") + " " + figure(gate.get("threshold"))),
                                new Text(String.valueOf(gate.get("words")))));
            }
        }
        return table.node();
    }

    private static String figure(@Nullable Object value) {
        return value instanceof Double number
                ? Figures.number(number, 4)
                : value == null ? Figures.NONE : String.valueOf(value);
    }

    private static Node attempts(TrialDetailView view) {
        Element section = Element.of("section", Element.of("h2", "Attempts"))
                .style("panel")
                .attribute("id", "attempts");
        if (view.attempts().isEmpty()) {
            return section.add(Element.of("p", "No attempt was begun yet.").style("empty"));
        }
        Table table = new Table("Attempts")
                .words("Stage")
                .figures("Attempt")
                .words("Outcome")
                .words("Started")
                .words("Took")
                .sentences("Error")
                .words("Log");
        view.attempts().forEach(attempt -> {
            Element error = Element.of("div");
            if (attempt.error() != null) {
                error.add(attempt.error());
            }
            if (attempt.stackTrace() != null) {
                error.add(Element.of(
                        "details", Element.of("summary", "Stack trace"), Element.of("pre", attempt.stackTrace())));
            }
            table.row(
                    "",
                    List.of(
                            new Text(attempt.stage()),
                            new Text(Integer.toString(attempt.number())),
                            new Text(attempt.outcome().label()),
                            Times.full(attempt.startedAt()),
                            new Text(
                                    attempt.endedAt() == null
                                            ? Figures.NONE
                                            : Figures.span(Duration.between(attempt.startedAt(), attempt.endedAt()))),
                            error,
                            Element.of("a", "Log")
                                    .attribute(
                                            "href",
                                            LogPages.ofAttempt(view.trial().id(), attempt.id()))
                                    .attribute(
                                            "aria-label",
                                            "Log of attempt " + attempt.number() + " of " + attempt.stage())));
        });
        return section.add(table.node());
    }

    private static Node events(TrialDetailView view) {
        Table table = new Table("Events, newest first")
                .words("When")
                .words("What")
                .words("Who")
                .sentences("In words");
        view.events()
                .forEach(event -> table.row(
                        "",
                        List.of(
                                Times.full(event.at()),
                                new Text(event.type().label().replace('_', ' ')),
                                new Text(event.actor() + " (" + event.origin() + ")"),
                                new Text(event.message()))));
        return Element.of("section", Element.of("h2", "Events"), table.node())
                .style("panel")
                .attribute("id", "events");
    }
}
