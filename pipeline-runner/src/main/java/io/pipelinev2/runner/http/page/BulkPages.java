package io.pipelinev2.runner.http.page;

import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.TrialQuery;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.deploy.DeployStage;
import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.access.AccessRules;
import io.pipelinev2.runner.http.access.Sessions;
import io.pipelinev2.runner.http.action.Actions;
import io.pipelinev2.runner.http.action.BulkApi;
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
import io.pipelinev2.runner.view.BulkView;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is done to all trials of a list at once: a page says to how many, a form does it to each by itself, as if each had been
 * asked for alone, and what was refused is told with its reason beside what was done.
 */
public final class BulkPages {

    private static final int MOST = BulkView.MOST;

    private static final String PATH = TrialPages.PATH + "/actions/";
    private static final String MATCHING = "matching";
    private static final String COUNT = "expected_count";
    private static final int SHOWN = 10;
    private static final Set<String> CHOOSING = Set.of("study", "number", "status", "stage", "stage_status", "text");
    private static final List<Parameter> FILTERS = TrialsApi.LIST.stream()
            .filter(parameter -> CHOOSING.contains(parameter.name()))
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

    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        for (TrialAction action : BulkApi.VERBS) {
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
        for (TrialAction action : BulkApi.VERBS) {
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
        Optional<String> before = actions.answeredBefore(key);
        if (before.isPresent()) {
            String words =
                    JsonMapper.shared().readTree(before.get()).path("message").asString();
            answer(asked, action, List.of(said(true, "As was answered before: " + words), back(matching)));
            return;
        }
        List<Trial> found = chosen(parsed(matching));
        if (!Integer.toString(found.size()).equals(asked.text(COUNT))) {
            throw new ProblemException(Problem.movedOn(
                    "There are %s such trials now, and you saw another number. Look again, then decide. Nothing was changed."
                            .formatted(count(found.size()))));
        }
        BulkView all = actions.changeAll(
                asked,
                action,
                found.stream()
                        .limit(MOST)
                        .map(trial -> new Actions.Seen(trial.id(), Actions.ANY_VERSION))
                        .toList(),
                key);
        asked.ctx().status(BulkApi.status(all));
        answer(
                asked,
                action,
                List.of(said(all.outcome() == BulkView.Outcome.DONE, all.words("below")), table(all), back(matching)));
    }

    private static Node said(boolean well, String words) {
        return Element.of("p", (well ? Icon.CHECK : Icon.TRIANGLE).node(), Element.of("span", words))
                .style(well ? "reason" : "trouble")
                .attribute("role", well ? "status" : "alert");
    }

    /** What was refused first: it is what is left to do. */
    private static Node table(BulkView all) {
        Table table =
                new Table("What became of each").words("Trial").words("Result").sentences("In words");
        for (boolean done : new boolean[] {false, true}) {
            all.items().stream()
                    .filter(result -> result.isDone() == done)
                    .forEach(result -> table.row(
                            done ? "" : "failed",
                            List.of(
                                    Element.of(
                                                    "a",
                                                    result.key() == null
                                                            ? new Text("id " + result.id())
                                                            : Names.of(result.key()))
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
