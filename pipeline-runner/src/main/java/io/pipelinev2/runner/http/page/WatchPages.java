package io.pipelinev2.runner.http.page;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.store.EventQuery;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.runner.health.HealthComponent;
import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.chart.HealthStrip;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.http.frame.Frame;
import io.pipelinev2.runner.http.frame.Page;
import io.pipelinev2.runner.http.html.Chip;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Figures;
import io.pipelinev2.runner.http.html.Names;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Table;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.html.Times;
import io.pipelinev2.runner.http.reading.Bulkhead;
import io.pipelinev2.runner.http.reading.Cached;
import io.pipelinev2.runner.http.reading.Glance;
import io.pipelinev2.runner.http.reading.Snapshot;
import io.pipelinev2.runner.http.reading.StatusAnswer;
import io.pipelinev2.runner.view.EventsView;
import io.pipelinev2.runner.view.HealthView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pages of health, and of what operators did. */
public final class WatchPages {

    private static final int PAGE = 100;

    /** One a minute, which is what a component in trouble reports. */
    private static final int MOST_A_DAY = 24 * 60;

    private static final String OTHER_THRESHOLD = "Degraded if it fails or does not answer, down after 15 min of that.";
    private static final Map<String, String> THRESHOLDS = Map.of(
            HealthComponent.DISK,
            "Degraded below disk.warn or if it is full within 2 days; below disk.stop nothing new is begun.",
            HealthReport.DISCOVERY,
            "Degraded if the last look for new trials failed; an alert after three intervals, 10 min at least.",
            HealthReport.MANAGER,
            "Down if it has not reported for three health intervals.");
    private static final Set<EventType> BY_OPERATORS = Stream.of(EventType.values())
            .filter(type -> type.name().startsWith("OPERATOR_"))
            .collect(Collectors.toUnmodifiableSet());

    private final PipelineStore store;
    private final Cached<Glance> glance;
    private final Bulkhead bulkhead;
    private final Frame frame;

    public WatchPages(PipelineStore store, Cached<Glance> glance, Bulkhead bulkhead, Frame frame) {
        this.store = store;
        this.glance = glance;
        this.bulkhead = bulkhead;
        this.frame = frame;
    }

    /** Where the history of a component is. */
    public static String of(String component) {
        return Page.Place.HEALTH.path() + "?component=" + URLEncoder.encode(component, StandardCharsets.UTF_8);
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                        Page.Place.HEALTH.path(),
                        "getHealthPage",
                        "The page of health: components and disks as they are, and how components did.",
                        Access.READ,
                        List.of(Parameter.text("component", "Whose history alone to show.")),
                        Endpoint.Answer.of("text/html"),
                        this::health),
                Endpoint.get(
                        Page.Place.AUDIT.path(),
                        "getAuditPage",
                        "The page of what operators did: who, what, when, from where, why.",
                        Access.READ,
                        List.of(Parameter.integer("before", "Only what is older than the event of this id.")),
                        Endpoint.Answer.of("text/html"),
                        this::audit));
    }

    private void health(Asked asked) {
        Snapshot<Glance> snapshot = glance.get();
        StatusAnswer answer = new StatusAnswer(snapshot);
        Glance known = snapshot.value();
        String component = asked.query("component");
        HealthView history = bulkhead.run(() -> HealthView.of(store, component, PAGE));
        Element now = Element.of(
                        "section",
                        Element.of(
                                        "div",
                                        Element.of("h2", "Components"),
                                        Chip.of(answer.health()).node())
                                .style("heading"))
                .style("panel");
        now.add(
                known == null || known.status().components().isEmpty()
                        ? Element.of("p", "No daemon has reported yet. Start one with `run`.")
                                .style("empty")
                        : components(known.status().components()));
        Element past = Element.of("section", Element.of("h2", "History")).style("panel");
        past.add(filter(history, component));
        past.add(
                history.reports().isEmpty()
                        ? Element.of("p", "Nothing was reported.").style("empty")
                        : reports("The last " + PAGE + " reports, newest first", history));
        frame.answer(
                asked,
                Page.Place.HEALTH,
                "health",
                new Text("Health"),
                List.of(now, disks(known == null ? List.of() : known.disks()), past));
    }

    private Node components(List<HealthReport> latest) {
        Map<String, HealthStrip> strips = strips(latest);
        Table table = new Table("Components as they reported last")
                .words("Component")
                .words("Status")
                .sentences("In words")
                .words("When")
                .words("Since")
                .words("The last 24 h")
                .sentences("What makes it so");
        for (HealthReport report : latest) {
            HealthStrip strip = strips.get(report.component());
            Instant changed = strip == null ? null : strip.changed();
            table.row(
                    "",
                    List.of(
                            Element.of("a", report.component()).attribute("href", of(report.component())),
                            Chip.of(report.status()).node(),
                            new Text(report.message()),
                            Times.ago(report.at(), frame.now()),
                            changed == null ? new Text("always so") : Times.ago(changed, frame.now()),
                            strip == null ? new Text(Figures.NONE) : strip.node(),
                            new Text(THRESHOLDS.getOrDefault(report.component(), OTHER_THRESHOLD))));
        }
        return table.node();
    }

    private Map<String, HealthStrip> strips(List<HealthReport> latest) {
        Instant now = frame.now();
        Map<String, HealthStrip> strips = new HashMap<>();
        Map<String, List<HealthReport>> reports =
                bulkhead.run(() -> store.<Map<String, List<HealthReport>>>read(tx -> latest.stream()
                        .collect(Collectors.toMap(
                                HealthReport::component, each -> tx.health(each.component(), MOST_A_DAY)))));
        reports.forEach((component, newest) -> strips.put(component, new HealthStrip(newest, now)));
        return strips;
    }

    private Node reports(String caption, HealthView history) {
        Table table = new Table(caption)
                .words("Component")
                .words("Status")
                .sentences("In words")
                .words("When");
        history.reports()
                .forEach(report -> table.row(
                        "",
                        List.of(
                                new Text(history.named(report.component())),
                                Chip.of(report.status()).node(),
                                new Text(report.message()),
                                Element.of(
                                        "span",
                                        Times.full(report.at()),
                                        new Text(" (" + Figures.ago(report.at(), frame.now()) + ")")))));
        return table.node();
    }

    private static Node filter(HealthView history, @Nullable String chosen) {
        Element select = Element.of("select", Element.of("option", "all").attribute("value", ""))
                .attribute("name", "component");
        for (String component : history.known()) {
            Element option = Element.of("option", history.named(component)).attribute("value", component);
            select.add(component.equals(chosen) ? option.attribute("selected", "selected") : option);
        }
        return Element.of(
                        "form",
                        Element.of("label", Element.of("span", "Component"), select),
                        Element.of("button", "Show").attribute("type", "submit"))
                .style("filters")
                .attribute("method", "get")
                .attribute("action", Page.Place.HEALTH.path());
    }

    private static Node disks(List<Map<String, @Nullable Object>> disks) {
        Element section = Element.of("section", Element.of("h2", "Disks")).style("panel");
        if (disks.isEmpty()) {
            return section.add(
                    Element.of("p", "No daemon has looked at the disks yet.").style("empty"));
        }
        Table table = new Table("File systems in use")
                .words("Path")
                .figures("Free")
                .figures("Of")
                .figures("Free share")
                .words("Full in")
                .words("Written to");
        for (Map<String, @Nullable Object> disk : disks) {
            Double free = number(disk.get("free_bytes"));
            Double total = number(disk.get("total_bytes"));
            Double days = number(disk.get("days_to_full"));
            table.row(
                    "",
                    List.of(
                            new Text(String.valueOf(disk.get("path"))),
                            new Text(gigabytes(free)),
                            new Text(gigabytes(total)),
                            new Text(
                                    free == null || total == null || total == 0
                                            ? Figures.NONE
                                            : Figures.percent(free / total)),
                            new Text(days == null ? "not in sight" : String.format(Locale.ROOT, "%.1f days", days)),
                            new Text(Boolean.TRUE.equals(disk.get("written")) ? "yes" : "no")));
        }
        return section.add(table.node());
    }

    private static @Nullable Double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : null;
    }

    private static String gigabytes(@Nullable Double bytes) {
        return bytes == null ? Figures.NONE : Figures.number(bytes / 1e9, 2) + " GB";
    }

    private void audit(Asked asked) {
        EventQuery query = new EventQuery(null, BY_OPERATORS, asked.queryId("before"), PAGE + 1);
        EventsView view = bulkhead.run(() -> store.<EventsView>read(tx -> EventsView.of(tx, tx.events(query))));
        List<Event> events = view.events().stream().limit(PAGE).toList();
        Element section =
                Element.of("section", Element.of("h2", "What operators did")).style("panel");
        if (events.isEmpty()) {
            section.add(Element.of(
                            "p", "No operator has done anything" + (query.before() == null ? " yet." : " before that."))
                    .style("empty"));
        } else {
            section.add(audited(events, view));
        }
        if (view.events().size() > PAGE) {
            section.add(Element.of(
                            "p",
                            Element.of("a", "Earlier ones")
                                    .attribute("rel", "next")
                                    .attribute(
                                            "href",
                                            Page.Place.AUDIT.path() + "?before="
                                                    + events.get(events.size() - 1)
                                                            .id()))
                    .style("note"));
        }
        frame.answer(asked, Page.Place.AUDIT, "audit", new Text("Audit"), List.of(section));
    }

    private static Node audited(List<Event> events, EventsView view) {
        Table table = new Table("What operators did, newest first")
                .words("When")
                .words("What")
                .words("Who")
                .words("From")
                .words("Trial")
                .sentences("What and why, in words");
        for (Event event : events) {
            table.row(
                    "",
                    List.of(
                            Times.full(event.at()),
                            new Text(event.type().label().replace("operator_", "")),
                            new Text(event.actor()),
                            new Text(event.origin()),
                            trial(event, view.trialOf(event)),
                            new Text(event.message())));
        }
        return table.node();
    }

    private static Node trial(Event event, Optional<TrialKey> key) {
        Long id = event.trialId();
        return key.isEmpty() || id == null
                ? new Text(Figures.NONE)
                : Element.of("a", Names.of(key.get())).attribute("href", TrialPages.of(id));
    }
}
