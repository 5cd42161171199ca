package io.pipelinev2.runner.http.page;

import io.pipelinev2.runner.http.access.AccessRules;
import io.pipelinev2.runner.http.access.Sessions;
import io.pipelinev2.runner.http.action.Actions;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.http.exchange.RequestKey;
import io.pipelinev2.runner.http.frame.Frame;
import io.pipelinev2.runner.http.frame.Page;
import io.pipelinev2.runner.http.frame.SignIn;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Text;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The pages that say what pausing a stage, or ending that, will do, before a form does it. */
public final class StagePages {

    private static final String PATH = "/stages/";

    private final Actions actions;
    private final Frame frame;

    public StagePages(Actions actions, Frame frame) {
        this.actions = actions;
        this.frame = frame;
    }

    /** Where the page of a verb is. */
    public static String of(String stage, String verb) {
        return PATH + URLEncoder.encode(stage, StandardCharsets.UTF_8).replace("+", "%20") + "/actions/" + verb;
    }

    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        for (Actions.StageVerb verb : Actions.StageVerb.values()) {
            all.addAll(Endpoint.confirmed(
                    PATH + "{stage}/actions/" + verb.label(),
                    verb.label(),
                    "Stage",
                    verb.summary(),
                    Actions.StageVerb.BODY,
                    asked -> confirm(asked, verb),
                    asked -> carryOut(asked, verb)));
        }
        return all;
    }

    private void confirm(Asked asked, Actions.StageVerb verb) {
        Sessions.Session session = SignIn.sessionElseSentThere(asked);
        if (session == null) {
            return;
        }
        Actions.SeenStage seen = actions.see(asked);
        Element form = Element.of("form")
                .style("panel")
                .attribute("method", "post")
                .attribute("action", of(asked.path("stage"), verb.label()));
        form.add(
                Element.of("h2", verb.label() + " " + seen.name()),
                Element.of("p", verb.summary().replace(" (`*`: of all)", "") + " " + seen.words()),
                ActionPages.hidden(AccessRules.CSRF_FIELD, session.csrf()),
                ActionPages.hidden(RequestKey.FIELD, UUID.randomUUID().toString()),
                ActionPages.hidden("expected_version", seen.version()));
        for (Parameter parameter : Actions.StageVerb.BODY) {
            if (!parameter.name().equals("expected_version")) {
                form.add(ActionPages.field(parameter, List.of()));
            }
        }
        form.add(
                Element.of("button", "Yes, " + verb.label()).attribute("type", "submit"),
                Element.of("a", "No, go back").attribute("href", Page.Place.OVERVIEW.path()));
        answer(asked, verb, List.of(form));
    }

    private void carryOut(Asked asked, Actions.StageVerb verb) {
        answer(
                asked,
                verb,
                List.of(
                        ActionPages.outcome(asked, () -> actions.change(asked, verb)),
                        Element.of(
                                "p",
                                Element.of("a", "Back to the overview")
                                        .attribute("href", Page.Place.OVERVIEW.path()))));
    }

    private void answer(Asked asked, Actions.StageVerb verb, List<Node> content) {
        frame.answer(asked, Page.Place.OVERVIEW, verb.label(), new Text(verb.label() + " a stage"), content);
    }
}
