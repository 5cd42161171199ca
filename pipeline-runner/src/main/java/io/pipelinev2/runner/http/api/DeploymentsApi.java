package io.pipelinev2.runner.http.api;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.action.HomeDesk;
import io.pipelinev2.runner.http.chart.EquityCharts;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.http.exchange.RowVersion;
import io.pipelinev2.runner.http.logs.LogExcerpt;
import io.pipelinev2.runner.http.logs.LogFiles;
import io.pipelinev2.runner.http.problem.ProblemException;
import io.pipelinev2.runner.http.reading.Band;
import io.pipelinev2.runner.http.reading.Bulkhead;
import io.pipelinev2.runner.http.reading.Cached;
import io.pipelinev2.runner.http.reading.Expected;
import io.pipelinev2.runner.http.reading.Fill;
import io.pipelinev2.runner.http.reading.Snapshot;
import io.pipelinev2.runner.view.DeploymentRow;
import io.pipelinev2.runner.view.DeploymentsView;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be read of deployments. */
public final class DeploymentsApi {

    /** In how many of the last entries of a ledger fills are looked for. */
    private static final int SEARCHED = 10_000;

    private final PipelineStore store;
    private final Cached<DeploymentsView> deployments;
    private final DeploymentsView.Sources sources;
    private final Bulkhead bulkhead;
    private final @Nullable HomeDesk desk;

    public DeploymentsApi(
            PipelineStore store,
            Cached<DeploymentsView> deployments,
            DeploymentsView.Sources sources,
            Bulkhead bulkhead,
            @Nullable HomeDesk desk) {
        this.store = store;
        this.deployments = deployments;
        this.sources = sources;
        this.bulkhead = bulkhead;
        this.desk = desk;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                        "/api/v1/deployments",
                        "listDeployments",
                        "All deployments, those that take a slot first. Age says how many seconds old it is.",
                        Access.READ,
                        List.of(),
                        Endpoint.Answer.json("Deployments"),
                        this::list),
                Endpoint.get(
                        "/api/v1/deployments/{id}",
                        "getDeployment",
                        "A deployment with every start of its process.",
                        Access.READ,
                        List.of(),
                        Endpoint.Answer.json("Deployment"),
                        this::detail),
                Endpoint.get(
                        "/api/v1/deployments/{id}/equity",
                        "getDeploymentEquity",
                        "What its paper account was worth after each bar, in few points that keep every extreme; with its"
                                + " drawdown, what its backtest leads to expect, and its latest fills.",
                        Access.READ,
                        List.of(Parameter.integer(
                                "points", "How many at most, 10 to " + TrialsApi.MOST_POINTS + "; default the most.")),
                        Endpoint.Answer.json("Curve"),
                        this::equity),
                Endpoint.get(
                        "/api/v1/deployments/{id}/log",
                        "getDeploymentLog",
                        "What its process wrote.",
                        Access.READ,
                        List.of(
                                Parameter.integer("start", "Which start, from 1; default: the latest."),
                                TrialsApi.LINES,
                                TrialsApi.LEVEL,
                                TrialsApi.AFTER),
                        Endpoint.Answer.json("Log"),
                        this::log));
    }

    private void list(Asked asked) {
        Snapshot<DeploymentsView> snapshot = deployments.get();
        DeploymentsView value = snapshot.value();
        if (value == null) {
            throw new ProblemException(503, String.valueOf(snapshot.trouble()));
        }
        // The body's keys are a contract, so the age stands in a header, by the name that caches use for it.
        asked.ctx().header("Age", Long.toString(snapshot.age().toSeconds()));
        asked.answer(value.json());
    }

    public static Deployment find(StoreReader tx, long id) {
        return tx.deployment(id)
                .orElseThrow(() -> new ProblemException(
                        404, "There is no deployment " + id + ". GET /api/v1/deployments lists them."));
    }

    private void detail(Asked asked) {
        long id = asked.pathId("id");
        record Found(DeploymentRow row, List<ProcessRun> runs, long trial, String version) {}
        Found found = bulkhead.run(() -> store.<Found>read(tx -> {
            Deployment deployment = find(tx, id);
            Trial trial = tx.trial(deployment.trialId()).orElseThrow();
            return new Found(
                    DeploymentRow.of(tx, deployment), tx.processRuns(id), trial.id(), RowVersion.of(tx, trial));
        }));
        Deployment deployment = found.row().deployment();
        // files are read when the store is let go of
        Map<String, @Nullable Object> json =
                found.row().with(sources.report(deployment).orElse(null)).json();
        json.put(
                "restarts_left",
                sources.restartsLeft(deployment, found.runs(), store.now()).orElse(null));
        json.put("trial_id", found.trial());
        json.put("version", found.version());
        json.put("created_at", deployment.createdAt());
        json.put("starts", found.runs().stream().map(DeploymentsApi::start).toList());
        asked.answer(json);
    }

    private static Map<String, @Nullable Object> start(ProcessRun run) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("process_id", run.process().pid());
        json.put("started_at", run.startedAt());
        json.put("ended_at", run.endedAt());
        json.put("exit_code", run.exitCode());
        json.put("crashed", run.crashed());
        json.put("reason", run.end());
        return json;
    }

    private void equity(Asked asked) {
        long id = asked.pathId("id");
        EquityCharts charts = new EquityCharts(asked.query("points", TrialsApi.MOST_POINTS, 10, TrialsApi.MOST_POINTS));
        record Found(@Nullable Expected expected, List<Fill> fills) {}
        Found found = bulkhead.run(() -> store.<Found>read(tx -> {
            Deployment deployment = find(tx, id);
            tx.equity(id, point -> charts.add(point.step(), point.at().toEpochMilli(), point.equity()));
            return new Found(Expected.of(tx, deployment), Fill.latest(tx, id, SEARCHED));
        }));
        Map<String, @Nullable Object> json = charts.json(true);
        Band band = found.expected() == null ? null : found.expected().band();
        json.put("band", band == null ? null : band.json());
        List<Fill> fills = found.fills();
        int left = Math.max(0, fills.size() - TrialsApi.MOST_POINTS);
        json.put("fills", Fill.json(fills.subList(left, fills.size())));
        asked.answer(json);
    }

    /**
     * An excerpt of what a deployment's process wrote.
     *
     * @param start which start, from 1
     * @param starts how many there were
     */
    public record StartLog(LogExcerpt excerpt, Deployment deployment, int start, int starts) {}

    /** @throws ProblemException if there is none (404) */
    public StartLog read(Asked asked) throws IOException {
        long id = asked.pathId("id");
        Deployment deployment = bulkhead.run(() -> store.<Deployment>read(tx -> find(tx, id)));
        int latest = desk == null ? 0 : desk.starts(deployment);
        if (desk == null || latest == 0) {
            throw new ProblemException(404, "This deployment's process was never started, so there is no log.");
        }
        int start = asked.query("start", latest, 1, Integer.MAX_VALUE);
        if (start > latest) {
            throw new ProblemException(404, "It was started " + latest + " times; there is no start " + start + ".");
        }
        LogFiles log = LogFiles.of(desk.logs(), desk.traderLogs(deployment, start), Instant.EPOCH);
        return new StartLog(TrialsApi.excerpt(asked, log, null), deployment, start, latest);
    }

    private void log(Asked asked) throws IOException {
        StartLog log = read(asked);
        Map<String, @Nullable Object> json = TrialsApi.json(log.excerpt());
        json.put("start", log.start());
        json.put("starts", log.starts());
        asked.answer(json);
    }
}
