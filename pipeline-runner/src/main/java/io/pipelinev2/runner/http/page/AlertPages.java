package io.pipelinev2.runner.http.page;

import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.access.AccessRules;
import io.pipelinev2.runner.http.access.Sessions;
import io.pipelinev2.runner.http.action.Actions;
import io.pipelinev2.runner.http.action.AlertAction;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.http.exchange.RequestKey;
import io.pipelinev2.runner.http.exchange.RowVersion;
import io.pipelinev2.runner.http.frame.Frame;
import io.pipelinev2.runner.http.frame.Page;
import io.pipelinev2.runner.http.frame.SignIn;
import io.pipelinev2.runner.http.html.Chip;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Figures;
import io.pipelinev2.runner.http.html.Icon;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Table;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.html.Times;
import io.pipelinev2.runner.http.problem.ProblemException;
import io.pipelinev2.runner.http.reading.Bulkhead;
import io.pipelinev2.runner.view.AlertsView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The page of alerts, and those that say what will happen to one before a form does it. */
public final class AlertPages {

    private static final int RESOLVED = 50;

    private final PipelineStore store;
    private final @Nullable Actions actions;
    private final Bulkhead bulkhead;
    private final Frame frame;

    /** @param actions what can be done, or null if nothing can */
    public AlertPages(PipelineStore store, @Nullable Actions actions, Bulkhead bulkhead, Frame frame) {
        this.store = store;
        this.actions = actions;
        this.bulkhead = bulkhead;
        this.frame = frame;
    }

    private static String path(String id, AlertAction action) {
        return Page.Place.ALERTS.path() + "/" + id + "/actions/" + action.name();
    }

    /** Where the page of a verb is. */
    public static String of(long id, String verb) {
        return Page.Place.ALERTS.path() + "/" + id + "/actions/" + verb;
    }

    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        all.add(Endpoint.get(
                Page.Place.ALERTS.path(),
                "getAlertsPage",
                "The page of alerts: open ones, who was told, and those that are over.",
                Access.READ,
                List.of(),
                Endpoint.Answer.of("text/html"),
                this::list));
        if (actions != null) {
            all.addAll(verbs(actions));
        }
        return all;
    }

    private List<Endpoint> verbs(Actions verbs) {
        List<Endpoint> all = new ArrayList<>();
        for (AlertAction action : AlertAction.all()) {
            all.addAll(Endpoint.confirmed(
                    path("{id}", action),
                    action.name(),
                    "Alert",
                    action.summary(),
                    action.body(),
                    asked -> confirm(asked, action),
                    asked -> carryOut(asked, action, verbs)));
        }
        return all;
    }

    private void list(Asked asked) {
        AlertsView view = bulkhead.run(() -> AlertsView.of(store, RESOLVED));
        List<Alert> open = view.alerts().stream().filter(Alert::isOpen).toList();
        List<Alert> over =
                view.alerts().stream().filter(alert -> !alert.isOpen()).toList();
        Element now = Element.of("section", Element.of("h2", "Open")).style("panel");
        boolean changing = actions != null && frame.offersTo(asked.caller());
        now.add(open.isEmpty() ? Element.of("p", "No alert is open.").style("empty") : open(open, view, changing));
        Element past = Element.of("section", Element.of("h2", "Resolved")).style("panel");
        past.add(over.isEmpty() ? Element.of("p", "None was resolved yet.").style("empty") : over(over, view));
        frame.answer(asked, Page.Place.ALERTS, "alerts", new Text("Alerts"), List.of(now, past, channels(view)));
    }

    private Node open(List<Alert> alerts, AlertsView view, boolean changing) {
        Table table = new Table("Open alerts")
                .words("Alert")
                .words("Severity")
                .words("Status")
                .words("Since")
                .sentences("What is wrong and what to do")
                .sentences("Who was told");
        if (changing) {
            table.words("Do");
        }
        for (Alert alert : alerts) {
            List<Node> cells = new ArrayList<>(List.of(
                    name(alert),
                    severity(alert),
                    new Text(status(alert)),
                    Times.ago(alert.openedAt(), frame.now()),
                    new Text(alert.message()),
                    new Text(told(alert, view))));
            if (changing) {
                Element links = Element.of("span").style("links");
                for (AlertAction action : AlertAction.all()) {
                    if (!action.name().equals("ack") || alert.acknowledgedBy() == null) {
                        links.add(Element.of("a", action.name())
                                .attribute("href", path(Long.toString(alert.id()), action))
                                .attribute("aria-label", action.name() + " alert " + alert.id()));
                    }
                }
                cells.add(links);
            }
            table.row("", cells);
        }
        return table.node();
    }

    private static Node over(List<Alert> alerts, AlertsView view) {
        Table table = new Table("Alerts that are over, newest first")
                .words("Alert")
                .words("Severity")
                .words("Since")
                .words("Until")
                .sentences("What was wrong")
                .sentences("Who was told");
        for (Alert alert : alerts) {
            Instant end = alert.resolvedAt();
            table.row(
                    "ended",
                    List.of(
                            name(alert),
                            severity(alert),
                            Times.full(alert.openedAt()),
                            end == null ? new Text(Figures.NONE) : Times.full(end),
                            new Text(alert.message()),
                            new Text(told(alert, view))));
        }
        return table.node();
    }

    private static Node channels(AlertsView view) {
        Element section = Element.of("section", Element.of("h2", "Channels")).style("panel");
        if (view.channels().isEmpty()) {
            return section.add(
                    Element.of("p", "Nothing was ever sent. `alerts` in the configuration names who is told.")
                            .style("empty"));
        }
        Table table = new Table("How the channels do")
                .words("Channel")
                .words("Status")
                .words("Last delivered")
                .words("Last failed")
                .sentences("Why");
        for (Alert.Channel channel : view.channels()) {
            table.row(
                    "",
                    List.of(
                            new Text(channel.name()),
                            (channel.isFailing()
                                            ? new Chip(Icon.CROSS, "bad", "failing")
                                            : new Chip(Icon.CHECK, "good", "works"))
                                    .node(),
                            time(channel.deliveredAt()),
                            time(channel.failedAt()),
                            new Text(channel.error() == null ? "" : channel.error())));
        }
        return section.add(table.node());
    }

    private static Node time(@Nullable Instant at) {
        return at == null ? new Text("never") : Times.full(at);
    }

    private static Node name(Alert alert) {
        return Element.of(
                "bdi",
                new Text(alert.id() + " "),
                Element.of("strong", alert.rule().replace('_', ' ')),
                new Text(alert.subject().isEmpty() ? "" : " " + alert.subject()));
    }

    private static Node severity(Alert alert) {
        return (alert.severity() == Alert.Severity.CRITICAL
                        ? new Chip(Icon.CROSS, "bad", "critical")
                        : new Chip(Icon.TRIANGLE, "warn", "warning"))
                .node();
    }

    private static String status(Alert alert) {
        String by = alert.acknowledgedBy();
        Instant until = alert.silencedUntil();
        return AlertsView.status(alert)
                + (by == null ? "" : " by " + by)
                + (until == null ? "" : ", silent until " + Figures.time(until));
    }

    private static String told(Alert alert, AlertsView view) {
        List<Alert.Delivery> deliveries = view.deliveries().getOrDefault(alert.id(), List.of());
        if (deliveries.isEmpty()) {
            return "nobody";
        }
        return String.join(
                "; ",
                deliveries.stream()
                        .map(delivery -> delivery.channel() + ": "
                                + delivery.notice().label()
                                + (delivery.deliveredAt() != null
                                        ? " at " + Figures.time(delivery.deliveredAt())
                                        : ", not delivered"
                                                + (delivery.error() == null ? " yet" : ": " + delivery.error())))
                        .toList());
    }

    private void confirm(Asked asked, AlertAction action) {
        Sessions.Session session = SignIn.sessionElseSentThere(asked);
        if (session == null) {
            return;
        }
        long id = asked.pathId("id");
        Alert alert = bulkhead.run(() -> store.<Optional<Alert>>read(tx -> tx.alert(id)))
                .orElseThrow(() ->
                        new ProblemException(404, "There is no alert " + id + ". GET /api/v1/alerts lists them."));
        Element form = Element.of("form")
                .style("panel")
                .attribute("method", "post")
                .attribute("action", asked.ctx().path());
        form.add(
                Element.of("h2", name(alert)),
                Element.of("p", alert.message()),
                Element.of("p", action.summary() + " It is " + status(alert) + " now."),
                ActionPages.hidden(AccessRules.CSRF_FIELD, session.csrf()),
                ActionPages.hidden(RequestKey.FIELD, UUID.randomUUID().toString()),
                ActionPages.hidden("expected_version", RowVersion.of(alert)));
        for (Parameter parameter : action.body()) {
            if (!parameter.name().equals("expected_version")) {
                form.add(ActionPages.field(parameter, List.of()));
            }
        }
        form.add(
                Element.of("button", "Yes, " + action.name()).attribute("type", "submit"),
                Element.of("a", "No, go back").attribute("href", Page.Place.ALERTS.path()));
        answer(asked, action, List.of(form));
    }

    private void carryOut(Asked asked, AlertAction action, Actions verbs) {
        answer(
                asked,
                action,
                List.of(
                        ActionPages.outcome(asked, () -> verbs.change(asked, action)),
                        Element.of(
                                "p",
                                Element.of("a", "Back to the alerts").attribute("href", Page.Place.ALERTS.path()))));
    }

    private void answer(Asked asked, AlertAction action, List<Node> content) {
        frame.answer(
                asked,
                Page.Place.ALERTS,
                action.name(),
                new Text(action.name() + " alert " + asked.pathId("id")),
                content);
    }
}
