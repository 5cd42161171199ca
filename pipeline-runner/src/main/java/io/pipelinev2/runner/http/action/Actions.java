package io.pipelinev2.runner.http.action;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.execution.Operations;
import io.pipelinev2.core.execution.TrialNotFoundException;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.store.HandledRequest;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StaleStateException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.HomeOrders;
import io.pipelinev2.runner.alerts.AlertCommands;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.http.exchange.RequestKey;
import io.pipelinev2.runner.http.exchange.RowVersion;
import io.pipelinev2.runner.http.problem.Problem;
import io.pipelinev2.runner.http.problem.ProblemException;
import io.pipelinev2.runner.http.reading.Bulkhead;
import io.pipelinev2.runner.logging.RunnerLogCode;
import io.pipelinev2.runner.view.BulkView;
import io.pipelinev2.runner.view.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an operator may do over HTTP: the same commands as on the command line, each once, and on what was seen. What is
 * decided at once is answered with 200; what whoever supervises the home has yet to carry out with 202.
 */
public final class Actions {

    private static final Logger log = LoggerFactory.getLogger(Actions.class);
    public static final String ANY_VERSION = "*";
    private static final Parameter REASON = Parameter.text("reason", "Why, for the record.");
    private static final Parameter SEEN =
            Parameter.text("expected_version", "The `version` as you saw it; refused (409) if it has moved on.");

    private final PipelineStore store;
    private final HomeDesk desk;
    private final Bulkhead bulkhead;
    private final Bulkhead orderly = new Bulkhead(8, 0, Duration.ofSeconds(1));

    /** What an operator may do to a stage, or all of them. */
    public enum StageVerb {
        PAUSE("Begins nothing more of a stage (`*`: of all) until it is unpaused; what runs goes on to its end."),
        UNPAUSE("Attempts of a stage (`*`: of all) are begun again.");

        public static final List<Parameter> BODY = List.of(SEEN, REASON);

        private final String summary;

        StageVerb(String summary) {
            this.summary = summary;
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        public String summary() {
            return summary;
        }

        private String apply(Operations operations, @Nullable String stage, String reason, Operator by) {
            return this == PAUSE ? operations.pause(stage, reason, by) : operations.unpause(stage, reason, by);
        }
    }

    public Actions(PipelineStore store, HomeDesk desk, Bulkhead bulkhead) {
        this.store = store;
        this.desk = desk;
        this.bulkhead = bulkhead;
    }

    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        for (TrialAction action : TrialAction.all()) {
            all.add(Endpoint.post(
                    "/api/v1/trials/{id}/" + action.name(),
                    action.name() + "Trial",
                    action.summary(),
                    action.body(),
                    asked -> answer(asked, change(asked, action))));
        }
        for (AlertAction action : AlertAction.all()) {
            all.add(Endpoint.post(
                    "/api/v1/alerts/{id}/" + action.name(),
                    action.name() + "Alert",
                    action.summary(),
                    action.body(),
                    asked -> answer(asked, change(asked, action))));
        }
        for (StageVerb verb : StageVerb.values()) {
            all.add(Endpoint.post(
                    "/api/v1/stages/{stage}/" + verb.label(),
                    verb.label() + "Stage",
                    verb.summary(),
                    StageVerb.BODY,
                    asked -> answer(asked, change(asked, verb))));
        }
        for (String path : List.of("/api/v1/orders/", "/api/")) {
            String name = path.equals("/api/") ? "AllBriefly" : "All";
            for (OrdersAction action : OrdersAction.values()) {
                all.add(Endpoint.post(
                        path + action.verb(),
                        action.verb() + name,
                        action.summary(),
                        action.body(),
                        asked -> answer(asked, change(asked, action))));
            }
        }
        return all;
    }

    private static Operator by(Asked asked) {
        return asked.caller().operator();
    }

    /** What was answered, now or when the request came first. */
    public record Answered(String json, boolean replayed) {

        public int status() {
            return json.startsWith("{\"result\":\"accepted\"") ? 202 : 200;
        }
    }

    /**
     * Does to the trial of the request's path what its body asks for.
     *
     * @throws ProblemException if the trial has moved on, or the request's key was used for another
     * @throws PipelineException if it is refused
     */
    public Answered change(Asked asked, TrialAction action) {
        long id = asked.pathId("id");
        String seen = String.valueOf(asked.text("expected_version"));
        return once(asked, tx -> requireSeen(tx, id, seen), result -> said(result, action), guarded -> {
            Trial trial = store.<Optional<Trial>>read(tx -> tx.trial(id)).orElseThrow(() -> unknown(id));
            return action.verb().apply(new Change(asked, guarded, desk, trial.key()));
        });
    }

    /**
     * A trial of a list, as it was seen there.
     *
     * @param version what it must still be, or {@code *} for any
     */
    public record Seen(long id, String version) {}

    /** What was answered to a request for many, if it was carried out before. */
    public Optional<String> answeredBefore(RequestKey key) {
        HandledRequest before = bulkhead.run(() -> handled(key));
        return Optional.ofNullable(before).map(it -> replayed(key, it).json());
    }

    /**
     * Does to many trials what a request asks for: to each by itself, under a key of its own, so that nothing is done twice when
     * a request is sent again that broke off. What was refused for all of them may be sent again.
     */
    public BulkView changeAll(Asked asked, TrialAction action, List<Seen> trials, RequestKey key) {
        BulkView all = new BulkView(
                action.name(),
                trials.stream()
                        .map(seen -> changeOne(asked, action, seen, key.of(seen.id())))
                        .toList());
        if (all.outcome() != BulkView.Outcome.REFUSED) {
            keep(key, Json.compact(all.json()));
        }
        return all;
    }

    private BulkView.Item changeOne(Asked asked, TrialAction action, Seen seen, RequestKey key) {
        Trial trial = bulkhead.run(() -> store.<Optional<Trial>>read(tx -> tx.trial(seen.id())))
                .orElse(null);
        if (trial == null) {
            return refused(seen.id(), null, unknown(seen.id()).problem());
        }
        GuardedStore guarded = new GuardedStore(
                store,
                key,
                tx -> requireSeen(tx, seen.id(), seen.version()),
                result -> Json.compact(said(result, action)));
        try {
            Object result = bulkhead.run(() -> action.verb().apply(new Change(asked, guarded, desk, trial.key())));
            String words = String.valueOf(said(result, action).get("message"));
            log.info("{} by {}: {}", asked.ctx().path(), by(asked).origin(), words);
            return new BulkView.Item(trial.id(), trial.key(), null, words);
        } catch (GuardedStore.HandledBefore before) {
            return before(trial, key, before.request());
        } catch (ProblemException e) {
            return refused(trial.id(), trial.key(), e.problem());
        } catch (PipelineException e) {
            return refused(trial.id(), trial.key(), problem(e));
        }
    }

    private static BulkView.Item before(Trial trial, RequestKey key, HandledRequest before) {
        try {
            String words = JsonMapper.shared()
                    .readTree(replayed(key, before).json())
                    .path("message")
                    .asString();
            return new BulkView.Item(trial.id(), trial.key(), null, words);
        } catch (ProblemException e) {
            return refused(trial.id(), trial.key(), e.problem());
        }
    }

    private static BulkView.Item refused(long id, @Nullable TrialKey key, Problem problem) {
        return new BulkView.Item(id, key, problem.code(), problem.detail());
    }

    /**
     * Does to the alert of the request's path what its body asks for.
     *
     * @throws ProblemException if the alert has moved on, or the request's key was used for another
     * @throws PipelineException if it is refused
     */
    public Answered change(Asked asked, AlertAction action) {
        long id = asked.pathId("id");
        String seen = asked.text("expected_version");
        return once(
                asked,
                tx -> tx.alert(id)
                        .filter(alert ->
                                seen != null && !seen.equals(ANY_VERSION) && !seen.equals(RowVersion.of(alert)))
                        .ifPresent(alert -> {
                            throw new ProblemException(Problem.movedOn(
                                    "Alert %d is not any more what you saw. Look at it again, then decide. Nothing was changed."
                                            .formatted(id)));
                        }),
                result -> message(200, String.valueOf(result)),
                guarded -> action.verb().apply(new AlertCommands(guarded), id, asked, by(asked)));
    }

    private static void requireSeen(StoreReader tx, long id, String seen) {
        Trial trial = tx.trial(id).orElseThrow(() -> unknown(id));
        String now = RowVersion.of(tx, trial);
        if (!seen.equals(ANY_VERSION) && !seen.equals(now)) {
            throw new ProblemException(Problem.movedOn(
                    "Trial %s is not any more what you saw: it is %s now, version %s. Look at it again, then decide. Nothing was changed."
                            .formatted(trial.key(), trial.status().label(), now)));
        }
    }

    private static ProblemException unknown(long id) {
        return new ProblemException(
                404, "There is no trial of the id " + id + ". GET /api/v1/trials lists them; an id is not its number.");
    }

    private Map<String, @Nullable Object> said(Object result, TrialAction action) {
        if (!(result instanceof Deployment deployment)) {
            return message(200, String.valueOf(result));
        }
        Map<String, @Nullable Object> answer = message(
                202,
                "Trial %s (PAPER) %s".formatted(deployment.key(), action.words().apply(deployment, desk)));
        answer.put("deployment", deployment.id());
        answer.put("desired", deployment.desired().label());
        answer.put("status", deployment.status().label());
        answer.put("health", deployment.health().label());
        return answer;
    }

    private static Map<String, @Nullable Object> message(int status, String words) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("result", status == 202 ? "accepted" : "done");
        answer.put("message", words);
        return answer;
    }

    private @Nullable String stage(Asked asked) {
        String stage = asked.path("stage");
        if (stage.equals(StageHold.EVERY_STAGE)) {
            return null;
        }
        if (!desk.stages().contains(stage)) {
            throw new ProblemException(
                    404, "There is no stage of that name; there are " + String.join(", ", desk.stages()) + ".");
        }
        return stage;
    }

    /**
     * A stage as it is to be confirmed.
     *
     * @param name its name in words
     * @param version what it must still be
     * @param words whether anything holds it
     */
    public record SeenStage(String name, String version, String words) {}

    /** @throws ProblemException if there is no such stage */
    public SeenStage see(Asked asked) {
        String stage = stage(asked);
        String name = asked.path("stage");
        StageHold hold = bulkhead.run(() -> store.<Optional<StageHold>>read(tx -> holdOf(tx, name)))
                .orElse(null);
        return new SeenStage(
                stage == null ? "all stages" : "stage " + stage,
                RowVersion.of(name, hold),
                hold == null
                        ? "Nothing holds it now."
                        : "It is %s now, by %s: %s".formatted(hold.kind().label(), hold.actor(), hold.reason()));
    }

    private static Optional<StageHold> holdOf(StoreReader tx, String stage) {
        return tx.holds().stream().filter(each -> each.stage().equals(stage)).findFirst();
    }

    /**
     * Does to the stage of the request's path what its body asks for.
     *
     * @throws ProblemException if it has moved on, or the request's key was used for another
     * @throws PipelineException if it is refused
     */
    public Answered change(Asked asked, StageVerb verb) {
        String stage = stage(asked);
        String name = asked.path("stage");
        String seen = asked.text("expected_version");
        return once(
                asked,
                tx -> {
                    StageHold hold = holdOf(tx, name).orElse(null);
                    if (seen != null && !seen.equals(ANY_VERSION) && !seen.equals(RowVersion.of(name, hold))) {
                        throw new ProblemException(
                                Problem.movedOn(
                                        "What holds this stage is not any more what you saw. Look again, then decide. Nothing was changed."));
                    }
                },
                result -> message(200, String.valueOf(result)),
                guarded -> verb.apply(new Operations(guarded), stage, asked.reason(), by(asked)));
    }

    private Answered once(
            Asked asked,
            Consumer<StoreReader> check,
            Function<Object, Map<String, @Nullable Object>> said,
            Function<PipelineStore, Object> work) {
        RequestKey key = RequestKey.of(asked.ctx());
        GuardedStore guarded = new GuardedStore(store, key, check, result -> Json.compact(said.apply(result)));
        try {
            Object result = bulkhead.run(() -> work.apply(guarded));
            log.info(
                    "{} by {}: {}",
                    asked.ctx().path(),
                    by(asked).origin(),
                    said.apply(result).get("message"));
            return new Answered(Json.compact(said.apply(result)), false);
        } catch (GuardedStore.HandledBefore before) {
            return replayed(key, before.request());
        }
    }

    /** Whatever keeps the database from being written must not keep traders from being stopped. */
    private String held(Asked asked, @Nullable TradingState halt) {
        if (halt == null) {
            return "Nothing was changed.";
        }
        Path file = desk.haltUnrecorded(
                halt, "by " + by(asked).name() + (asked.reason().isEmpty() ? "" : ": " + asked.reason()));
        return "All traders of this home are %s by %s; that could not be recorded, though."
                .formatted(halt.label(), file);
    }

    /**
     * Does to all orders of the home what is asked. Halting must work without a database, so its key is looked for only as far
     * as that can be done.
     *
     * @throws ProblemException if it could not be recorded; a halt holds all the same
     */
    public Answered change(Asked asked, OrdersAction action) {
        RequestKey key = RequestKey.optional(asked.ctx());
        HandledRequest before = key == null ? null : quietly(() -> handled(key), null);
        if (key != null && before != null) {
            return replayed(key, before);
        }
        HomeOrders orders = desk.orders(store);
        String done;
        try {
            done = orderly.run(() -> action.apply(orders, asked, by(asked)));
        } catch (PipelineException | ProblemException e) {
            log.error(
                    RunnerLogCode.REQUEST_FAILED,
                    "{} over HTTP was not recorded",
                    asked.ctx().path(),
                    e);
            throw new ProblemException(503, e.getMessage() + " " + held(asked, action.halts(asked)));
        }
        Map<String, @Nullable Object> answer = message(200, done);
        answer.put("orders", orders.position().orders().label());
        answer.put("mode", "PAPER");
        String json = Json.compact(answer);
        if (key != null) {
            quietly(() -> keep(key, json), null);
        }
        log.info("{} by {}: {}", asked.ctx().path(), by(asked).origin(), done);
        return new Answered(json, false);
    }

    private @Nullable HandledRequest handled(RequestKey key) {
        return store.<Optional<HandledRequest>>read(tx -> tx.handled(key.key())).orElse(null);
    }

    private @Nullable HandledRequest keep(RequestKey key, String json) {
        HandledRequest handled = new HandledRequest(key.key(), key.fingerprint(), json, store.now());
        store.write(tx -> {
            tx.put(handled);
            return handled;
        });
        return handled;
    }

    private static @Nullable HandledRequest quietly(
            Supplier<@Nullable HandledRequest> work, @Nullable HandledRequest otherwise) {
        try {
            return work.get();
        } catch (PipelineException e) {
            log.debug("a request's key could not be looked for or kept", e);
            return otherwise;
        }
    }

    private static Answered replayed(RequestKey key, HandledRequest before) {
        if (!before.fingerprint().equals(key.fingerprint())) {
            throw new ProblemException(
                    422,
                    "This " + RequestKey.HEADER + " was used for another request before. Use one of its own for each."
                            + " Nothing was changed.");
        }
        return new Answered(before.answer(), true);
    }

    private static void answer(Asked asked, Answered answered) {
        if (answered.replayed()) {
            asked.ctx().header(RequestKey.REPLAYED, "true");
        }
        asked.ctx().status(answered.status());
        asked.ctx().contentType("application/json");
        asked.ctx().result(answered.json());
    }

    /** What a refusal of the pipeline is over HTTP. */
    public static Problem problem(PipelineException e) {
        int status = e instanceof TrialNotFoundException || e instanceof AlertCommands.AlertNotFoundException
                ? 404
                : e instanceof RefusedException || e instanceof StaleStateException ? 409 : 503;
        return Problem.of(status, String.valueOf(e.getMessage()));
    }
}
