package io.pipelinev2.runner.http.page;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.DeployStage;
import io.pipelinev2.runner.http.access.AccessRules;
import io.pipelinev2.runner.http.access.Sessions;
import io.pipelinev2.runner.http.action.Actions;
import io.pipelinev2.runner.http.action.TrialAction;
import io.pipelinev2.runner.http.api.TrialsApi;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.http.exchange.RequestKey;
import io.pipelinev2.runner.http.exchange.RowVersion;
import io.pipelinev2.runner.http.frame.Frame;
import io.pipelinev2.runner.http.frame.Page;
import io.pipelinev2.runner.http.frame.SignIn;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Icon;
import io.pipelinev2.runner.http.html.Names;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.problem.Problem;
import io.pipelinev2.runner.http.problem.ProblemException;
import io.pipelinev2.runner.http.reading.Bulkhead;
import io.pipelinev2.runner.view.TrialDetailView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is done to a trial from a browser: a page says in words what will happen, a form does it. It carries the version that
 * was seen and a key of its own, so that neither a second click nor a page that was left open does anything unseen.
 */
public final class ActionPages {

    private final PipelineStore store;
    private final Actions actions;
    private final Bulkhead bulkhead;
    private final Frame frame;

    public ActionPages(PipelineStore store, Actions actions, Bulkhead bulkhead, Frame frame) {
        this.frame = frame;
        this.store = store;
        this.actions = actions;
        this.bulkhead = bulkhead;
    }

    private static String path(String id, TrialAction action) {
        return TrialPages.PATH + "/" + id + "/actions/" + action.name();
    }

    /** Where the page of a verb is. */
    public static String of(long trialId, String verb) {
        return TrialPages.of(trialId) + "/actions/" + verb;
    }

    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        for (TrialAction action : TrialAction.all()) {
            all.addAll(Endpoint.confirmed(
                    path("{id}", action),
                    action.name(),
                    "",
                    action.summary(),
                    action.body(),
                    asked -> confirm(asked, action),
                    asked -> carryOut(asked, action)));
        }
        return all;
    }

    /** Links to what can be done as things stand. */
    static Element offered(TrialDetailView view) {
        return offered(view, TrialAction.all().stream().map(TrialAction::name).collect(Collectors.toSet()));
    }

    /** The same of these actions alone. */
    static Element offered(TrialDetailView view, Set<String> names) {
        Element list = Element.of("p").style("actions");
        for (TrialAction action : TrialAction.all()) {
            if (names.contains(action.name()) && applies(action.name(), view)) {
                list.add(Element.of("a", action.name())
                        .attribute("href", path(Long.toString(view.trial().id()), action))
                        .attribute("title", action.summary()));
            }
        }
        return list;
    }

    private static boolean applies(String name, TrialDetailView view) {
        Trial trial = view.trial();
        Deployment deployment =
                view.deployment() == null ? null : view.deployment().deployment();
        boolean deployed = deployment != null && deployment.occupiesSlot();
        boolean isCrashed = deployment != null && deployment.status() == DeploymentStatus.CRASHED;
        boolean isActive = deployment != null && deployment.orders() == TradingState.ACTIVE;
        Preference preference = view.preference();
        Preference.Kind kind = preference == null ? null : preference.kind();
        boolean undecided = !trial.status().isDecided();
        return switch (name) {
            case "retry" -> !deployed;
            case "skip" -> undecided || trial.status() == TrialStatus.FAILED;
            case "park" -> undecided && !trial.parked();
            case "unpark" -> trial.parked();
            case "cancel" -> undecided;
            case "deploy" -> trial.status() == TrialStatus.COMPLETED && !deployed;
            case "stop", "restart", "flatten" -> deployed;
            case "reset" -> deployed && isCrashed;
            case "halt" -> deployed && isActive;
            // its own stops are not known here, so it is offered in any case
            case "resume" -> deployed;
            case "pin" -> kind == null;
            case "unpin" -> kind == Preference.Kind.PINNED;
            case "never" -> kind != Preference.Kind.NEVER;
            case "readmit" -> kind == Preference.Kind.NEVER;
            default -> false;
        };
    }

    private record Seen(
            TrialKey key,
            String version,
            List<String> stages,
            @Nullable String status) {}

    private Seen see(long id) {
        return bulkhead.run(() -> store.<Seen>read(tx -> {
            Trial trial = TrialsApi.find(tx, id);
            return new Seen(
                    trial.key(),
                    RowVersion.of(tx, trial),
                    tx.stages(id).stream()
                            .map(stage -> stage.name())
                            .filter(name -> !name.equals(DeployStage.NAME))
                            .toList(),
                    trial.status().label());
        }));
    }

    private void confirm(Asked asked, TrialAction action) {
        Sessions.Session session = SignIn.sessionElseSentThere(asked);
        if (session == null) {
            return;
        }
        Seen seen = see(asked.pathId("id"));
        Element form = Element.of("form")
                .style("panel")
                .attribute("method", "post")
                .attribute("action", asked.ctx().path());
        form.add(
                Element.of("h2", new Text(action.name() + " "), Names.of(seen.key())),
                Element.of(
                        "p",
                        action.summary() + " The trial is " + seen.status() + " now. All money is simulated (PAPER)."),
                hidden(AccessRules.CSRF_FIELD, session.csrf()),
                hidden(RequestKey.FIELD, UUID.randomUUID().toString()),
                hidden("expected_version", seen.version()));
        for (Parameter parameter : action.body()) {
            if (!parameter.name().equals("expected_version")) {
                form.add(field(parameter, seen.stages()));
            }
        }
        form.add(
                Element.of("button", "Yes, " + action.name()).attribute("type", "submit"),
                Element.of("a", "No, go back").attribute("href", TrialPages.of(asked.pathId("id"))));
        answer(asked, action, List.of(form));
    }

    static Node hidden(String name, String value) {
        return Element.of("input")
                .attribute("type", "hidden")
                .attribute("name", name)
                .attribute("value", value);
    }

    /** @param stages the names that a stage may have */
    static Node field(Parameter parameter, List<String> stages) {
        List<String> values = parameter.name().equals("stage") ? stages : parameter.values();
        Element input;
        if (values.isEmpty()) {
            input = Element.of("input")
                    .attribute("name", parameter.name())
                    .attribute("type", parameter.type().equals("boolean") ? "checkbox" : "text");
        } else {
            input = Element.of("select").attribute("name", parameter.name());
            if (!parameter.required()) {
                input.add(Element.of("option", "as by default").attribute("value", ""));
            }
            for (String value : values) {
                input.add(Element.of("option", value).attribute("value", value));
            }
        }
        if (parameter.required()) {
            input.attribute("required", "required");
        }
        return Element.of("label", Element.of("span", parameter.name() + ": " + parameter.description()), input);
    }

    private void carryOut(Asked asked, TrialAction action) {
        answer(
                asked,
                action,
                List.of(
                        outcome(asked, () -> actions.change(asked, action)),
                        Element.of(
                                "p",
                                Element.of("a", "Back to the trial")
                                        .attribute("href", TrialPages.of(asked.pathId("id"))))));
    }

    /** Does it, and says in words what was done or why not. The answer's status says the same. */
    static Node outcome(Asked asked, Supplier<Actions.Answered> work) {
        String words;
        boolean done = false;
        try {
            Actions.Answered answered = work.get();
            words = JsonMapper.shared()
                    .readTree(answered.json())
                    .path("message")
                    .asString();
            done = true;
            asked.ctx().status(answered.status());
        } catch (ProblemException e) {
            words = e.problem().detail();
            asked.ctx().status(e.problem().status());
        } catch (PipelineException e) {
            Problem problem = Actions.problem(e);
            words = problem.detail();
            asked.ctx().status(problem.status());
        }
        return Element.of("p", (done ? Icon.CHECK : Icon.TRIANGLE).node(), Element.of("span", words))
                .style(done ? "reason" : "trouble")
                .attribute("role", done ? "status" : "alert");
    }

    private void answer(Asked asked, TrialAction action, List<Node> content) {
        frame.answer(asked, Page.Place.TRIALS, action.name(), new Text(action.name()), content);
    }
}
