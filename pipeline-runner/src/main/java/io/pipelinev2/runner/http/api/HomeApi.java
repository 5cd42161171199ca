package io.pipelinev2.runner.http.api;

import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.store.EventQuery;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.deploy.KillSwitch;
import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.action.HomeDesk;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.http.exchange.RowVersion;
import io.pipelinev2.runner.http.problem.ProblemException;
import io.pipelinev2.runner.http.reading.Bulkhead;
import io.pipelinev2.runner.http.reading.Cached;
import io.pipelinev2.runner.http.reading.Glance;
import io.pipelinev2.runner.http.reading.Snapshot;
import io.pipelinev2.runner.http.reading.StatusAnswer;
import io.pipelinev2.runner.view.EventsView;
import io.pipelinev2.runner.view.HealthView;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What can be read of the pipeline as a whole. */
public final class HomeApi {

    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 500;

    private static final String EVERY_COMPONENT = "*";

    private final PipelineStore store;
    private final Cached<Glance> status;
    private final Bulkhead bulkhead;
    private final @Nullable HomeDesk desk;

    public HomeApi(PipelineStore store, Cached<Glance> status, Bulkhead bulkhead, @Nullable HomeDesk desk) {
        this.store = store;
        this.status = status;
        this.bulkhead = bulkhead;
        this.desk = desk;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                        "/status",
                        "getStatus",
                        "How the pipeline stands, always answered: when the state cannot be read, by what was known last.",
                        Access.READ,
                        List.of(),
                        Endpoint.Answer.json("Status"),
                        asked -> asked.answer(new StatusAnswer(status.get()).json(position()))),
                Endpoint.get(
                        "/livez",
                        "getLiveness",
                        "Whether the process lives; deliberately without a look at anything else.",
                        Access.OPEN,
                        List.of(),
                        Endpoint.Answer.json("Word"),
                        asked -> asked.answer(Map.of("status", "alive"))),
                Endpoint.get(
                        "/readyz",
                        "getReadiness",
                        "Whether a daemon reports and the state can be read; 503 if not.",
                        Access.OPEN,
                        List.of(),
                        Endpoint.Answer.json("Word"),
                        this::ready),
                Endpoint.get(
                        "/api/v1/health",
                        "getHealth",
                        "The latest report of each component, and what one of them has reported over time.",
                        Access.READ,
                        List.of(
                                Parameter.text("component", "Whose newest reports to tell, too; `*`: of all."),
                                Parameter.integer(
                                        "limit", "How many of them, 1 to " + LARGEST_PAGE + "; default " + PAGE + ".")),
                        Endpoint.Answer.json("Health"),
                        this::health),
                Endpoint.get(
                        "/api/v1/stages",
                        "listStages",
                        "All stages, and what holds them.",
                        Access.READ,
                        List.of(),
                        Endpoint.Answer.json("Stages"),
                        this::stages),
                Endpoint.get(
                        "/api/v1/studies",
                        "listStudies",
                        "All studies.",
                        Access.READ,
                        List.of(),
                        Endpoint.Answer.json("Studies"),
                        this::studies),
                Endpoint.get(
                        "/api/v1/events",
                        "listEvents",
                        "What happened, newest first: the audit of operators and of the pipeline itself.",
                        Access.READ,
                        List.of(
                                Parameter.integer("trial", "Of one trial alone, by its id."),
                                Parameter.text("type", "Of which kinds, several with commas between."),
                                Parameter.integer("before", "`next` of the page before."),
                                Parameter.integer(
                                        "limit", "How many, 1 to " + LARGEST_PAGE + "; default " + PAGE + ".")),
                        Endpoint.Answer.json("Events"),
                        this::events));
    }

    public KillSwitch.@Nullable Position position() {
        return desk == null ? null : desk.orders(store).position();
    }

    private void ready(Asked asked) {
        String objection = new StatusAnswer(status.get()).notReady();
        if (objection != null) {
            throw new ProblemException(503, objection);
        }
        asked.answer(Map.of("status", "ready"));
    }

    private void health(Asked asked) {
        Snapshot<Glance> snapshot = status.get();
        StatusAnswer answer = new StatusAnswer(snapshot);
        PipelineStatus known = answer.status();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("pipeline", answer.health().label());
        json.put("trouble", snapshot.trouble());
        json.put("at", snapshot.takenAt());
        json.put(
                "components",
                (known == null ? List.<HealthReport>of() : known.components())
                        .stream().map(HomeApi::component).toList());
        if (asked.query("component") != null) {
            json.putAll(history(asked).json());
        }
        asked.answer(json);
    }

    /** @throws ProblemException if nothing was ever reported of that component */
    private HealthView history(Asked asked) {
        String wanted = asked.query("component");
        String component = EVERY_COMPONENT.equals(wanted) ? null : wanted;
        int limit = asked.query("limit", PAGE, 1, LARGEST_PAGE);
        HealthView view = bulkhead.run(() -> HealthView.of(store, component, limit));
        if (component != null && !view.known().contains(component)) {
            throw new ProblemException(
                    404,
                    "Nothing was ever reported of a component of that name"
                            + (view.known().isEmpty() ? "." : ", but of " + String.join(", ", view.known()) + "."));
        }
        return view;
    }

    private static Map<String, @Nullable Object> component(HealthReport report) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("component", report.component());
        json.put("status", report.status().label());
        json.put("message", report.message());
        json.put("at", report.at());
        return json;
    }

    private void stages(Asked asked) {
        List<StageHold> holds = bulkhead.run(() -> store.<List<StageHold>>read(tx -> tx.holds()));
        Set<String> names = new TreeSet<>();
        names.add(StageHold.EVERY_STAGE);
        holds.forEach(hold -> names.add(hold.stage()));
        if (desk != null) {
            names.addAll(desk.stages());
        }
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (String name : names) {
            StageHold hold = holds.stream()
                    .filter(each -> each.stage().equals(name))
                    .findFirst()
                    .orElse(null);
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("stage", name);
            json.put("held", hold == null ? null : hold.kind().label());
            json.put("reason", hold == null ? null : hold.reason());
            json.put("actor", hold == null ? null : hold.actor());
            json.put("since", hold == null ? null : hold.since());
            json.put("version", RowVersion.of(name, hold));
            rows.add(json);
        }
        asked.answer(Map.of("stages", rows));
    }

    private void studies(Asked asked) {
        List<Study> studies = bulkhead.run(() -> store.<List<Study>>read(tx -> tx.studies()));
        asked.answer(Map.of(
                "studies",
                studies.stream()
                        .map(study -> {
                            Map<String, @Nullable Object> json = new LinkedHashMap<>();
                            json.put("study", study.label());
                            json.put("name", study.name());
                            json.put("incarnation", study.incarnation());
                            json.put(
                                    "directions",
                                    study.directions().stream()
                                            .map(each -> each.label())
                                            .toList());
                            return json;
                        })
                        .toList()));
    }

    private void events(Asked asked) {
        EventQuery query = new EventQuery(
                asked.queryId("trial"),
                types(asked.query("type")),
                asked.queryId("before"),
                asked.query("limit", PAGE, 1, LARGEST_PAGE) + 1);
        EventsView view = bulkhead.run(() -> store.<EventsView>read(tx -> EventsView.of(tx, tx.events(query))));
        boolean more = view.events().size() == query.limit();
        EventsView page = more ? new EventsView(view.events().subList(0, query.limit() - 1), view.trials()) : view;
        Map<String, @Nullable Object> json = page.json();
        json.put("next", more ? page.events().get(page.events().size() - 1).id() : null);
        asked.answer(json);
    }

    private static Set<EventType> types(@Nullable String list) {
        Set<EventType> types = EnumSet.noneOf(EventType.class);
        for (String name : list == null ? new String[0] : list.split(",", -1)) {
            types.add(Stream.of(EventType.values())
                    .filter(type -> type.label().equals(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> new ProblemException(
                            400,
                            "type must be one of: "
                                    + String.join(
                                            ", ",
                                            Stream.of(EventType.values())
                                                    .map(EventType::label)
                                                    .toList())
                                    + ", or several with commas between.")));
        }
        return types;
    }
}
