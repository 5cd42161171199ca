package io.pipelinev2.runner.http.page;

import io.pipelinev2.runner.http.access.AccessRules;
import io.pipelinev2.runner.http.access.Sessions;
import io.pipelinev2.runner.http.action.Actions;
import io.pipelinev2.runner.http.action.OrdersAction;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.RequestKey;
import io.pipelinev2.runner.http.frame.Frame;
import io.pipelinev2.runner.http.frame.Page;
import io.pipelinev2.runner.http.frame.SignIn;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.reading.Cached;
import io.pipelinev2.runner.http.reading.Traders;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Halting and resuming the orders of all traders of the home from a browser: a page says in words what will happen first. */
public final class OrderPages {

    private final Actions actions;
    private final Cached<Traders> traders;
    private final Frame frame;

    public OrderPages(Actions actions, Cached<Traders> traders, Frame frame) {
        this.actions = actions;
        this.traders = traders;
        this.frame = frame;
    }

    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        for (OrdersAction action : OrdersAction.values()) {
            all.addAll(Endpoint.confirmed(
                    action.path(),
                    action.verb(),
                    "All",
                    action.summary(),
                    action.body(),
                    asked -> confirm(asked, action),
                    asked -> answer(
                            asked,
                            action,
                            List.of(
                                    ActionPages.outcome(asked, () -> actions.change(asked, action)),
                                    Element.of(
                                            "p",
                                            Element.of("a", "To the deployments")
                                                    .attribute("href", Page.Place.DEPLOYMENTS.path()))))));
        }
        return all;
    }

    private void confirm(Asked asked, OrdersAction action) {
        Sessions.Session session = SignIn.sessionElseSentThere(asked);
        if (session == null) {
            return;
        }
        Element form =
                Element.of("form").style("panel").attribute("method", "post").attribute("action", action.path());
        form.add(
                Element.of("h2", action.question()),
                Element.of("p", HaltReach.words(action, traders.get())),
                Element.of("p", action.summary() + " " + action.words() + " All money is simulated (PAPER)."),
                ActionPages.hidden(AccessRules.CSRF_FIELD, session.csrf()),
                ActionPages.hidden(RequestKey.FIELD, UUID.randomUUID().toString()));
        action.body().forEach(parameter -> form.add(ActionPages.field(parameter, List.of())));
        form.add(
                Element.of("button", "Yes, " + action.verb() + " all").attribute("type", "submit"),
                Element.of("a", "No, go back").attribute("href", Page.Place.OVERVIEW.path()));
        answer(asked, action, List.of(form));
    }

    private void answer(Asked asked, OrdersAction action, List<Node> content) {
        String title = action.verb() + " all";
        frame.answer(asked, Page.Place.DEPLOYMENTS, title, new Text(action.heading()), content);
    }
}
