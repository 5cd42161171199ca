package io.pipelinev2.runner.http.action;

import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.http.exchange.RequestKey;
import io.pipelinev2.runner.http.problem.ProblemException;
import io.pipelinev2.runner.view.BulkView;
import io.pipelinev2.runner.view.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is done to many trials by one request: each that is named, as it was seen, and with an answer of its own. */
public final class BulkApi {

    /** What may be done to many trials at once. */
    public static final List<TrialAction> VERBS = TrialAction.all().stream()
            .filter(action -> Set.of("retry", "skip").contains(action.name()))
            .toList();

    private static final String PATH = "/api/v1/bulk/";
    private static final String ID = "id";
    private static final String VERSION = "expected_version";
    private static final Parameter TRIALS = Parameter.list(
                    "trials",
                    "SeenTrial",
                    BulkView.MOST,
                    "Which, each once, with its `version` as you saw it; one that has moved on is refused, and the others are done.")
            .needed();

    private final Actions actions;

    public BulkApi(Actions actions) {
        this.actions = actions;
    }

    public List<Endpoint> endpoints() {
        return VERBS.stream()
                .map(action -> new Endpoint(
                        "POST",
                        PATH + action.name(),
                        action.name() + "Trials",
                        action.summary() + " Of each trial that is named, " + BulkView.MOST + " at most.",
                        Access.CHANGE,
                        List.of(),
                        body(action),
                        Endpoint.Answer.json("Bulk"),
                        asked -> carryOut(asked, action)))
                .toList();
    }

    private static List<Parameter> body(TrialAction action) {
        List<Parameter> body = new ArrayList<>(List.of(TRIALS));
        action.body().stream()
                .filter(parameter -> !parameter.name().equals(VERSION))
                .forEach(body::add);
        return body;
    }

    /** What many are answered with: done, partly done, or all refused. */
    public static int status(BulkView all) {
        return switch (all.outcome()) {
            case DONE -> 200;
            case PARTLY -> 207;
            case REFUSED -> 409;
        };
    }

    private void carryOut(Asked asked, TrialAction action) {
        RequestKey key = RequestKey.of(asked.ctx());
        List<Actions.Seen> trials = seen(asked);
        Optional<String> before = actions.answeredBefore(key);
        if (before.isPresent()) {
            asked.ctx().header(RequestKey.REPLAYED, "true");
            answer(asked, before.get().startsWith("{\"result\":\"done\"") ? 200 : 207, before.get());
            return;
        }
        BulkView all = actions.changeAll(asked, action, trials, key);
        answer(asked, status(all), Json.compact(all.json()));
    }

    private static void answer(Asked asked, int status, String json) {
        asked.ctx().status(status);
        asked.ctx().contentType("application/json");
        asked.ctx().result(json);
    }

    private static List<Actions.Seen> seen(Asked asked) {
        List<?> given = asked.list(TRIALS.name());
        if (given.isEmpty() || given.size() > BulkView.MOST) {
            throw new ProblemException(
                    400,
                    "trials must name 1 to %d trials, and names %d. Send the others in another request."
                            .formatted(BulkView.MOST, given.size()));
        }
        List<Actions.Seen> seen = new ArrayList<>();
        Set<Long> ids = new HashSet<>();
        for (Object each : given) {
            if (!(each instanceof Map<?, ?> trial)
                    || !trial.keySet().equals(Set.of(ID, VERSION))
                    || !(trial.get(ID) instanceof Number id)
                    || !(id instanceof Integer || id instanceof Long)
                    || !(trial.get(VERSION) instanceof String version)) {
                throw new ProblemException(
                        400,
                        "Each of trials must be an object such as {\"id\":7,\"expected_version\":\"*\"}, with these two members alone.");
            }
            if (!ids.add(id.longValue())) {
                throw new ProblemException(400, "trials names the id " + id + " twice. Name each once.");
            }
            seen.add(new Actions.Seen(id.longValue(), version));
        }
        return seen;
    }
}
