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
import io.pipelinev2.runner.http.logs.LogExcerpt;
import java.io.IOException;
import java.util.List;
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
                        List.of(TrialsApi.LINES),
                        Endpoint.Answer.of("text/html"),
                        this::attempt),
                Endpoint.get(
                        Page.Place.DEPLOYMENTS.path() + "/{id}/log",
                        "getDeploymentLogPage",
                        "The page of what a deployment's process wrote.",
                        Access.READ,
                        List.of(
                                Parameter.integer("start", "Which start, from 1; default: the latest."),
                                TrialsApi.LINES),
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
                        words,
                        log.excerpt(),
                        log.attempt().endedAt() == null
                                ? "/api/v1" + asked.ctx().path()
                                : null,
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
                        "Start " + log.start() + " of " + log.starts(),
                        log.excerpt(),
                        log.start() == log.starts() ? "/api/v1" + asked.ctx().path() + "?start=" + log.start() : null,
                        Element.of("a", "The deployment")
                                .attribute(
                                        "href",
                                        DeploymentPages.of(log.deployment().id())))));
    }

    /** @param tail where to read on, or null if nothing more is written */
    private static Node lines(String words, LogExcerpt log, @Nullable String tail, Node back) {
        Element section = Element.of("section", Element.of("h2", words)).style("panel");
        Element shown = Element.of(
                        "pre", log.lines().stream().map(InertText::of).collect(Collectors.joining("\n")))
                .style("log")
                .attribute("role", "region")
                .attribute("aria-label", words)
                .attribute("tabindex", "0");
        if (log.lines().isEmpty()) {
            section.add(Element.of("p", "Nothing was logged.").style("empty").attribute("id", "nothing"));
            shown.attribute("hidden", "");
        }
        if (tail != null) {
            shown.attribute("data-tail", tail).attribute("data-next", log.next());
            section.add(Element.of("p").style("tail scripted").attribute("id", "tail"));
        }
        if (tail != null || !log.lines().isEmpty()) {
            section.add(shown);
        }
        if (log.truncated()) {
            section.add(Element.of("p", "There was more before; `logs` on the command line has all.")
                    .style("note"));
        }
        return section.add(Element.of("p", back).style("actions"));
    }
}
