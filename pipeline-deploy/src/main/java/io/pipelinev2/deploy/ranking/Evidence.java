package io.pipelinev2.deploy.ranking;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a trial's validation recorded, read leniently: a stage of a user's own may record less than the backtest. */
public final class Evidence {

    private static final String USUAL_STAGE = "backtest";
    private static final String METRICS = "metrics";
    private static final String MODEL = "model_sha256";
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final Map<String, @Nullable Object> results;
    private final @Nullable Instant at;

    private Evidence(Map<String, @Nullable Object> results, @Nullable Instant at) {
        this.results = results;
        this.at = at;
    }

    /**
     * The evidence among the stages of a trial that passed: that of its backtest, or of the first other stage that has
     * some. What a stage found before counts for as long as it repeats its verdict. What a stage recorded that rejected the
     * trial, and was then skipped by an operator, is none: no copy was kept of that model.
     */
    public static Evidence of(List<StageRun> stages) {
        Evidence found = new Evidence(Map.of(), null);
        for (StageRun stage : stages) {
            Map<String, @Nullable Object> results = stage.results();
            if (!(stage.status() == StageStatus.PASSED || stage.repeats())
                    || results == null
                    || !(results.containsKey(METRICS) || results.containsKey(MODEL))) {
                continue;
            }
            Evidence evidence = new Evidence(results, stage.completedAt());
            if (stage.name().equals(USUAL_STAGE)) {
                return evidence;
            }
            found = found.results.isEmpty() ? evidence : found;
        }
        return found;
    }

    /** Whether there is any. */
    public boolean isPresent() {
        return !results.isEmpty();
    }

    /** When it was gathered. */
    public @Nullable Instant at() {
        return at;
    }

    /** The names of its metrics, the undefined ones included. */
    public Set<String> metricNames() {
        return map(METRICS).keySet();
    }

    /** A metric, or null if it is undefined or not there. */
    public @Nullable Double metric(String name) {
        return map(METRICS).get(name) instanceof Number number && Double.isFinite(number.doubleValue())
                ? number.doubleValue()
                : null;
    }

    /** The hash of the model that was validated, or null if none was recorded. */
    public @Nullable String modelSha256() {
        String sha256 = text(MODEL);
        return sha256 != null && SHA256.matcher(sha256).matches() ? sha256 : null;
    }

    /** The hash of the market data that it was gathered on, or null. */
    public @Nullable String dataSha256() {
        return text("data_sha256");
    }

    /** The trial's parameters as they were used. */
    public Map<String, @Nullable Object> parameters() {
        return map("parameters");
    }

    /** The rules of the game as they were used. */
    public Map<String, @Nullable Object> environment() {
        return map("environment");
    }

    /** Bars per year, or null. */
    public @Nullable Double periodsPerYear() {
        return results.get("periods_per_year") instanceof Number number ? number.doubleValue() : null;
    }

    private @Nullable String text(String name) {
        return results.get(name) instanceof String text ? text : null;
    }

    private Map<String, @Nullable Object> map(String name) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        if (results.get(name) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        }
        return copy;
    }
}
