package io.pipelinev2.runner.http.page;

import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.api.DeploymentsApi;
import io.pipelinev2.runner.http.api.TrialsApi;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.http.frame.Frame;
import io.pipelinev2.runner.http.frame.Page;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Names;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.logs.LogCursor;
import io.pipelinev2.runner.http.logs.LogExcerpt;
import io.pipelinev2.runner.logging.LogLevel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The pages that show the end of a log: of an attempt, or of a start of a trader's process. */
public final class LogPages {

    private final TrialsApi trials;
    private final DeploymentsApi deployments;
    private final Frame frame;

    public LogPages(TrialsApi trials, DeploymentsApi deployments, Frame frame) {
        this.trials = trials;
        this.deployments = deployments;
        this.frame = frame;
    }

    static String ofAttempt(long trial, long attempt) {
        return TrialPages.of(trial) + "/attempts/" + attempt + "/log";
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                        TrialPages.PATH + "/{id}/attempts/{attempt}/log",
                        "getAttemptLogPage",
                        "The page of what was logged in one attempt of a stage.",
                        Access.READ,
                        List.of(TrialsApi.LINES, TrialsApi.LEVEL),
                        Endpoint.Answer.of("text/html"),
                        this::attempt),
                Endpoint.get(
                        Page.Place.DEPLOYMENTS.path() + "/{id}/log",
                        "getDeploymentLogPage",
                        "The page of what a deployment's process wrote.",
                        Access.READ,
                        List.of(
                                Parameter.integer("start", "Which start, from 1; default: the latest."),
                                TrialsApi.LINES,
                                TrialsApi.LEVEL),
                        Endpoint.Answer.of("text/html"),
                        this::start));
    }

    private void attempt(Asked asked) throws IOException {
        TrialsApi.AttemptLog log = trials.read(asked);
        String words =
                "Attempt " + log.attempt().number() + " of " + log.attempt().stage();
        frame.answer(
                asked,
                Page.Place.TRIALS,
                "log of " + log.trial().key(),
                Element.of("span", new Text("Log of "), Names.of(log.trial().key())),
                List.of(lines(
                        asked,
                        words,
                        log.excerpt(),
                        log.attempt().endedAt() == null ? tail(asked, List.of()) : null,
                        Element.of("a", "The trial")
                                .attribute("href", TrialPages.of(log.trial().id())))));
    }

    private void start(Asked asked) throws IOException {
        DeploymentsApi.StartLog log = deployments.read(asked);
        frame.answer(
                asked,
                Page.Place.DEPLOYMENTS,
                "log of deployment " + log.deployment().id(),
                Element.of(
                        "span", new Text("Log of "), Names.of(log.deployment().key())),
                List.of(lines(
                        asked,
                        "Start " + log.start() + " of " + log.starts(),
                        log.excerpt(),
                        log.start() == log.starts() ? tail(asked, List.of("start=" + log.start())) : null,
                        Element.of("a", "The deployment")
                                .attribute(
                                        "href",
                                        DeploymentPages.of(log.deployment().id())))));
    }

    /** @param tail where to read on, or null if nothing more is written */
    private static Node lines(Asked asked, String words, LogExcerpt log, @Nullable String tail, Node back) {
        Element section =
                Element.of("section", Element.of("h2", words), levels(asked)).style("panel");
        Element shown = Element.of(
                        "pre", log.lines().stream().map(InertText::of).collect(Collectors.joining("\n")))
                .style("log")
                .attribute("role", "region")
                .attribute("aria-label", words)
                .attribute("tabindex", "0");
        if (log.lines().isEmpty()) {
            String nothing = asked.query(TrialsApi.LEVEL.name()) == null
                    ? "Nothing was logged."
                    : "Nothing of that level was logged.";
            section.add(Element.of("p", nothing).style("empty").attribute("id", "nothing"));
            shown.attribute("hidden", "");
        }
        if (tail != null) {
            shown.attribute("data-tail", tail).attribute("data-next", log.next());
            section.add(Element.of("p").style("tail scripted").attribute("id", "tail"));
        }
        if (tail != null || !log.lines().isEmpty()) {
            section.add(shown);
        }
        if (asked.query(TrialsApi.LEVEL.name()) != null
                && !log.lines().isEmpty()
                && LogCursor.parse(log.next()).level() == null) {
            section.add(Element.of("p", "Its lines say nothing of their level, so all of them are shown.")
                    .style("note"));
        }
        if (log.truncated()) {
            section.add(Element.of("p", "There was more before; `logs` on the command line has all.")
                    .style("note"));
        }
        return section.add(Element.of("p", back).style("actions"));
    }

    private static Node levels(Asked asked) {
        String chosen = asked.query(TrialsApi.LEVEL.name());
        Element list =
                Element.of("p").style("choices").attribute("role", "group").attribute("aria-label", "Level");
        list.add(level(asked, "all lines", null, chosen));
        for (LogLevel level : List.of(LogLevel.INFO, LogLevel.WARN, LogLevel.ERROR)) {
            String words = level == LogLevel.ERROR ? level.label() : level.label() + " and above";
            list.add(level(asked, words, level.label(), chosen));
        }
        return list;
    }

    private static Node level(Asked asked, String words, @Nullable String level, @Nullable String chosen) {
        List<String> given = new ArrayList<>();
        for (String name : List.of("start", TrialsApi.LINES.name())) {
            if (asked.query(name) != null) {
                given.add(name + "=" + asked.query(name));
            }
        }
        Element link = Element.of("a", words).attribute("href", address(asked, given, level));
        return Objects.equals(level, chosen) ? link.attribute("aria-current", "true") : link;
    }

    private static String tail(Asked asked, List<String> given) {
        return "/api/v1" + address(asked, given, asked.query(TrialsApi.LEVEL.name()));
    }

    /** @param given what is asked for beside the level */
    private static String address(Asked asked, List<String> given, @Nullable String level) {
        List<String> parts = new ArrayList<>(given);
        if (level != null) {
            parts.add(TrialsApi.LEVEL.name() + "=" + level);
        }
        return asked.ctx().path() + (parts.isEmpty() ? "" : "?" + String.join("&", parts));
    }
}
