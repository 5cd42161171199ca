package io.pipelinev2.runner.view;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.store.StoreReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One line of the table of deployments.
 *
 * @param deployment the deployment
 * @param lastEnd the start of its process that ended last, or null if none has ended
 * @param restartsLeft how many more crashes it is started again after, within the window as it is now; null if not known
 * @param preference what an operator decided about its trial for good, or null
 * @param report what its trader said of its account last, or null if it has said nothing
 */
public record DeploymentRow(
        Deployment deployment,
        @Nullable ProcessRun lastEnd,
        @Nullable Integer restartsLeft,
        @Nullable Preference preference,
        @Nullable TraderReport report) {

    /** By the store alone. */
    public static DeploymentRow of(StoreReader tx, Deployment deployment) {
        return of(tx, deployment, tx.preferences(), runs -> Optional.empty());
    }

    /** @param restartsLeft how many more crashes it is started again after, by the starts of its process */
    static DeploymentRow of(
            StoreReader tx,
            Deployment deployment,
            Map<Long, Preference> preferences,
            Function<List<ProcessRun>, Optional<Integer>> restartsLeft) {
        List<ProcessRun> runs = tx.processRuns(deployment.id());
        ProcessRun lastEnd = null;
        for (ProcessRun run : runs) {
            lastEnd = run.endedAt() == null ? lastEnd : run;
        }
        return new DeploymentRow(
                deployment,
                lastEnd,
                restartsLeft.apply(runs).orElse(null),
                preferences.get(deployment.trialId()),
                null);
    }

    /** The same with what its trader said. */
    public DeploymentRow with(@Nullable TraderReport said) {
        return new DeploymentRow(deployment, lastEnd, restartsLeft, preference, said);
    }

    /** The id of its process; null unless it runs, because the system gives the id of an ended one to strangers. */
    public @Nullable Long processId() {
        ProcessIdentity process = deployment.process();
        return process != null && deployment.status() == DeploymentStatus.RUNNING ? process.pid() : null;
    }

    /**
     * Which orders it may give: what it says itself while it runs, or what an operator allows it where that is less. It
     * speaks at its bars only, and gives no order before the next one, at which what the operator said holds.
     */
    public TradingState trading() {
        TradingState said = said();
        return said == null ? deployment.orders() : said.and(deployment.orders());
    }

    /** What its process says itself, or null if there is none or it has not said. */
    private @Nullable TradingState said() {
        return report == null || deployment.status() != DeploymentStatus.RUNNING ? null : report.trading();
    }

    /** Why it may not give all orders, in words, or null. */
    public @Nullable String tradingReason() {
        if (trading() == TradingState.ACTIVE) {
            return null;
        }
        String why = report != null && said() == trading() ? report.tradingReason() : null;
        return why == null ? "by an operator" : why;
    }

    /** The same for whoever shows the deployment's own reason beside it, which may say it already: null then. */
    public @Nullable String furtherTradingReason() {
        String why = tradingReason();
        String said = deployment.reason();
        return why == null || said == null || !said.contains(why) ? why : null;
    }

    /** The JSON form. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("study", deployment.key().study());
        json.put("number", deployment.key().number());
        json.put("status", deployment.status().label());
        json.put("desired", deployment.desired().label());
        json.put("health", deployment.health().label());
        json.put("process_id", processId());
        json.put("started_at", deployment.startedAt());
        json.put("restarts", deployment.restarts());
        json.put("log_file", deployment.logFile());
        json.put("reason", deployment.reason());
        json.put("mode", "PAPER");
        json.put("deployment", deployment.id());
        json.put("model_sha256", deployment.modelSha256());
        json.put("stopped_at", deployment.stoppedAt());
        json.put("restarts_left", restartsLeft);
        json.put("last_exit", lastEnd == null ? null : exit(lastEnd));
        json.put("log_lost_bytes", deployment.logLost());
        json.put("preference", preference == null ? null : preference.kind().label());
        json.put("orders", deployment.orders().label());
        json.put("trading", trading().label());
        json.put("trading_reason", tradingReason());
        json.put("equity", report == null ? null : report.equity());
        json.put("cash", report == null ? null : report.cash());
        json.put("last_bar", report == null ? null : report.lastBar());
        return json;
    }

    private static Map<String, @Nullable Object> exit(ProcessRun run) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("at", run.endedAt());
        // null: it is not known, because the process was adopted and left no record
        json.put("code", run.exitCode());
        json.put("crashed", run.crashed());
        json.put("reason", run.end());
        return json;
    }
}
