package io.pipelinev2.runner.http.page;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.store.HandledRequest;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.TrialQuery;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.DeployStage;
import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.access.AccessRules;
import io.pipelinev2.runner.http.access.Sessions;
import io.pipelinev2.runner.http.action.Actions;
import io.pipelinev2.runner.http.action.TrialAction;
import io.pipelinev2.runner.http.api.TrialsApi;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.http.exchange.RequestKey;
import io.pipelinev2.runner.http.frame.Frame;
import io.pipelinev2.runner.http.frame.Page;
import io.pipelinev2.runner.http.frame.SignIn;
import io.pipelinev2.runner.http.html.Chip;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Icon;
import io.pipelinev2.runner.http.html.Names;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Table;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.problem.Problem;
import io.pipelinev2.runner.http.problem.ProblemException;
import io.pipelinev2.runner.http.reading.Bulkhead;
import io.pipelinev2.runner.view.Json;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is done to all trials of a list at once: a page says to how many, a form does it to each by itself, as if each had been
 * asked for alone, and what was refused is told with its reason beside what was done.
 */
public final class BulkPages {

    /** How many are taken at a time, so that an answer does not take minutes. */
    static final int MOST = 500;

    private static final String PATH = TrialPages.PATH + "/actions/";
    private static final String MATCHING = "matching";
    private static final String COUNT = "expected_count";
    private static final int SHOWN = 10;
    private static final Set<String> CHOOSING = Set.of("study", "number", "status", "stage", "stage_status", "text");
    private static final List<Parameter> FILTERS = TrialsApi.LIST.stream()
            .filter(parameter -> CHOOSING.contains(parameter.name()))
            .toList();
    private static final List<TrialAction> VERBS = TrialAction.all().stream()
            .filter(action -> Set.of("retry", "skip").contains(action.name()))
            .toList();

    private final PipelineStore store;
    private final Actions actions;
    private final Bulkhead bulkhead;
    private final Frame frame;

    public BulkPages(PipelineStore store, Actions actions, Bulkhead bulkhead, Frame frame) {
        this.store = store;
        this.actions = actions;
        this.bulkhead = bulkhead;
        this.frame = frame;
    }

    /** What became of one trial. */
    private record Result(TrialKey key, long id, boolean done, String words) {}

    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        for (TrialAction action : VERBS) {
            String summary = action.summary() + " Of all trials that are chosen, " + MOST + " at a time.";
            String name = Character.toUpperCase(action.name().charAt(0))
                    + action.name().substring(1);
            all.add(Endpoint.get(
                    PATH + action.name(),
                    "confirm" + name + "AllPage",
                    "The page that says what will happen: " + summary,
                    Access.READ,
                    FILTERS,
                    Endpoint.Answer.of("text/html"),
                    asked -> confirm(asked, action)));
            all.add(new Endpoint(
                    "POST",
                    PATH + action.name(),
                    action.name() + "AllFromPage",
                    summary,
                    Access.CHANGE,
                    List.of(),
                    body(action),
                    Endpoint.Answer.of("text/html"),
                    asked -> carryOut(asked, action)));
        }
        return all;
    }

    private static List<Parameter> body(TrialAction action) {
        List<Parameter> body = new ArrayList<>(List.of(
                Parameter.text(MATCHING, "Which trials, as in the query of the page.")
                        .needed(),
                Parameter.text(COUNT, "How many they were; refused (409) if they are others by now.")
                        .needed()));
        action.body().stream()
                .filter(parameter -> !parameter.name().equals("expected_version"))
                .forEach(body::add);
        return body;
    }

    /** Where the page of a verb is for the trials that these parameters choose, given as names and values in turns. */
    public static String of(String verb, String... parameters) {
        return TrialPages.filtered(parameters).replaceFirst("^" + TrialPages.PATH, PATH + verb);
    }

    /** Links to what can be done to all that a list shows. */
    static Element offered(Asked list) {
        String matching = matching(list);
        Element links = Element.of("p").style("actions");
        for (TrialAction action : VERBS) {
            links.add(Element.of("a", action.name() + " all that match")
                    .attribute("href", PATH + action.name() + (matching.isEmpty() ? "" : "?" + matching)));
        }
        return links;
    }

    private static String matching(Asked asked) {
        List<String> parts = new ArrayList<>();
        for (Parameter parameter : FILTERS) {
            String given = asked.query(parameter.name());
            if (given != null) {
                parts.add(parameter.name() + "=" + URLEncoder.encode(given, StandardCharsets.UTF_8));
            }
        }
        return String.join("&", parts);
    }

    private static Map<String, String> parsed(String matching) {
        Map<String, String> given = new HashMap<>();
        for (String part : matching.isEmpty() ? new String[0] : matching.split("&", -1)) {
            String[] pair = part.split("=", 2);
            if (pair.length != 2 || !CHOOSING.contains(pair[0])) {
                throw new ProblemException(
                        400, MATCHING + " is not of the form of the page's query. Load the page again.");
            }
            given.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
        }
        return given;
    }

    /** One more than are taken, if there are more. */
    private List<Trial> chosen(Map<String, String> given) {
        TrialQuery query = TrialsApi.filter(given::get, MOST + 1);
        return bulkhead.run(() -> store.<List<Trial>>read(tx -> tx.trials(query).trials()));
    }

    private static String count(int found) {
        return found > MOST ? "more than " + MOST : Integer.toString(found);
    }

    private void confirm(Asked asked, TrialAction action) {
        Sessions.Session session = SignIn.sessionElseSentThere(asked);
        if (session == null) {
            return;
        }
        String matching = matching(asked);
        Map<String, String> given = parsed(matching);
        List<Trial> found = chosen(given);
        if (found.isEmpty()) {
            answer(asked, action, List.of(Element.of("p", "No trial is as asked for."), back(matching)));
            return;
        }
        Element form =
                Element.of("form").style("panel").attribute("method", "post").attribute("action", PATH + action.name());
        form.add(
                Element.of(
                        "h2", action.name() + " " + count(found.size()) + (found.size() == 1 ? " trial" : " trials")),
                Element.of(
                        "p", (given.isEmpty() ? "All trials: " : "Those with " + words(given) + ": ") + names(found)),
                Element.of(
                        "p",
                        action.summary() + " It is done to each by itself; what is refused is told with its reason."
                                + (found.size() > MOST
                                        ? " The first " + MOST + " are taken; do it again for the others."
                                        : "")
                                + " All money is simulated (PAPER)."),
                ActionPages.hidden(AccessRules.CSRF_FIELD, session.csrf()),
                ActionPages.hidden(RequestKey.FIELD, UUID.randomUUID().toString()),
                ActionPages.hidden(MATCHING, matching),
                ActionPages.hidden(COUNT, Integer.toString(found.size())));
        for (Parameter parameter : body(action)) {
            if (!Set.of(MATCHING, COUNT).contains(parameter.name())) {
                form.add(ActionPages.field(parameter, stages(found)));
            }
        }
        form.add(
                Element.of("button", "Yes, " + action.name() + " " + count(Math.min(MOST, found.size())))
                        .attribute("type", "submit"),
                Element.of("a", "No, go back").attribute("href", list(matching)));
        answer(asked, action, List.of(form));
    }

    private static String words(Map<String, String> given) {
        return String.join(
                ", ",
                new TreeSet<>(given.keySet())
                        .stream()
                                .map(name -> name.replace('_', ' ') + " “" + given.get(name) + "”")
                                .toList());
    }

    private static String names(List<Trial> found) {
        String first = String.join(
                ", ",
                found.stream().limit(SHOWN).map(trial -> trial.key().toString()).toList());
        return found.size() > SHOWN ? first + ", …" : first + ".";
    }

    private List<String> stages(List<Trial> found) {
        Set<String> names = new TreeSet<>();
        bulkhead.run(() -> store.<Boolean>read(tx -> found.stream()
                .limit(SHOWN)
                .map(trial -> names.addAll(tx.stages(trial.id()).stream()
                        .map(stage -> stage.name())
                        .filter(name -> !name.equals(DeployStage.NAME))
                        .toList()))
                .reduce(false, Boolean::logicalOr)));
        return List.copyOf(names);
    }

    private static String list(String matching) {
        return TrialPages.PATH + (matching.isEmpty() ? "" : "?" + matching);
    }

    private static Node back(String matching) {
        return Element.of("p", Element.of("a", "Back to the trials").attribute("href", list(matching)));
    }

    private void carryOut(Asked asked, TrialAction action) {
        RequestKey key = RequestKey.of(asked.ctx());
        String matching = String.valueOf(asked.text(MATCHING));
        HandledRequest before = bulkhead.run(() -> store.<Optional<HandledRequest>>read(tx -> tx.handled(key.key()))
                .orElse(null));
        if (before != null) {
            answer(asked, action, List.of(said(true, replayed(key, before)), back(matching)));
            return;
        }
        List<Trial> found = chosen(parsed(matching));
        if (!Integer.toString(found.size()).equals(asked.text(COUNT))) {
            throw new ProblemException(Problem.movedOn(
                    "There are %s such trials now, and you saw another number. Look again, then decide. Nothing was changed."
                            .formatted(count(found.size()))));
        }
        List<Result> results = found.stream()
                .limit(MOST)
                .map(trial -> one(asked, action, trial, key))
                .toList();
        long done = results.stream().filter(Result::done).count();
        String words = "%s: %d of %d done%s."
                .formatted(
                        action.name(),
                        done,
                        results.size(),
                        done == results.size()
                                ? ""
                                : ", " + (results.size() - done) + " refused, each for the reason below");
        keep(key, words);
        asked.ctx().status(done == results.size() ? 200 : done == 0 ? 409 : 207);
        answer(asked, action, List.of(said(done == results.size(), words), table(results), back(matching)));
    }

    private Result one(Asked asked, TrialAction action, Trial trial, RequestKey key) {
        try {
            return new Result(trial.key(), trial.id(), true, actions.changeOne(asked, action, trial, key));
        } catch (ProblemException e) {
            return new Result(trial.key(), trial.id(), false, e.problem().detail());
        } catch (PipelineException e) {
            return new Result(trial.key(), trial.id(), false, String.valueOf(e.getMessage()));
        }
    }

    /** A form that is sent twice is answered twice; each trial has a key of its own, so that nothing is done twice either way. */
    private void keep(RequestKey key, String words) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("message", words);
        HandledRequest handled = new HandledRequest(key.key(), key.fingerprint(), Json.compact(answer), store.now());
        store.write(tx -> {
            tx.put(handled);
            return handled;
        });
    }

    private static String replayed(RequestKey key, HandledRequest before) {
        if (!before.fingerprint().equals(key.fingerprint())) {
            throw new ProblemException(
                    422, "This form's key was used for another request before. Load the page again.");
        }
        return "As was answered before: "
                + JsonMapper.shared().readTree(before.answer()).path("message").asString();
    }

    private static Node said(boolean well, String words) {
        return Element.of("p", (well ? Icon.CHECK : Icon.TRIANGLE).node(), Element.of("span", words))
                .style(well ? "reason" : "trouble")
                .attribute("role", well ? "status" : "alert");
    }

    /** What was refused first: it is what is left to do. */
    private static Node table(List<Result> results) {
        Table table =
                new Table("What became of each").words("Trial").words("Result").sentences("In words");
        for (boolean done : new boolean[] {false, true}) {
            results.stream()
                    .filter(result -> result.done() == done)
                    .forEach(result -> table.row(
                            done ? "" : "failed",
                            List.of(
                                    Element.of("a", Names.of(result.key()))
                                            .attribute("href", TrialPages.of(result.id())),
                                    (done
                                                    ? new Chip(Icon.CHECK, "good", "done")
                                                    : new Chip(Icon.CROSS, "bad", "refused"))
                                            .node(),
                                    new Text(result.words()))));
        }
        return Element.of("section", Element.of("h2", "Trial by trial"), table.node())
                .style("panel");
    }

    private void answer(Asked asked, TrialAction action, List<Node> content) {
        frame.answer(asked, Page.Place.TRIALS, action.name() + " trials", new Text(action.name() + " trials"), content);
    }
}
