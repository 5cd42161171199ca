package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.papertrading.feed.FeedSettings;
import io.pipelinev2.deploy.papertrading.json.Fields;
import io.pipelinev2.deploy.papertrading.json.JsonFile;
import io.pipelinev2.deploy.papertrading.json.MalformedException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment's process is told: {@code trader.json} in its state directory, written before every start.
 *
 * @param deployment the deployment's id
 * @param nonce the nonce of the start it was written for
 * @param trial the trial whose model trades
 * @param model the file with the validated weights
 * @param modelSha256 the hash that file must have
 * @param data the market data, or null if a user's own command needs none
 * @param parameters the trial's parameters, as its validation recorded them
 * @param environment the rules of the game, as its validation recorded them
 * @param pace real time per bar
 * @param periodsPerYear bars per year
 * @param feed where its bars come from
 * @param risk what stops it by itself
 * @param killFile the switch of the whole home, which halts it while it is there; null for none
 */
public record TraderFile(
        long deployment,
        String nonce,
        TrialKey trial,
        Path model,
        String modelSha256,
        @Nullable MarketSource data,
        Map<String, @Nullable Object> parameters,
        Map<String, @Nullable Object> environment,
        Duration pace,
        double periodsPerYear,
        FeedSettings feed,
        RiskLimits risk,
        @Nullable Path killFile) {

    /** Its name in the state directory. */
    public static final String NAME = "trader.json";

    /** A replay of its data without limits, and without a switch. */
    public TraderFile(
            long deployment,
            String nonce,
            TrialKey trial,
            Path model,
            String modelSha256,
            @Nullable MarketSource data,
            Map<String, @Nullable Object> parameters,
            Map<String, @Nullable Object> environment,
            Duration pace,
            double periodsPerYear) {
        this(
                deployment,
                nonce,
                trial,
                model,
                modelSha256,
                data,
                parameters,
                environment,
                pace,
                periodsPerYear,
                new FeedSettings.Replay(),
                RiskLimits.OFF,
                null);
    }

    /**
     * Writes it into a state directory, durably and as a whole.
     *
     * @throws PipelineException if it cannot be written
     */
    public void writeTo(Path stateDirectory) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("mode", "PAPER");
        values.put("deployment", deployment);
        values.put("nonce", nonce);
        values.put("study", trial.study());
        values.put("number", trial.number());
        values.put("model", model.toString());
        values.put("model_sha256", modelSha256);
        values.put("data", data == null ? null : data.directory().toString());
        values.put(
                "data_time_zone",
                data == null ? null : data.timeZone().map(ZoneId::getId).orElse(null));
        values.put("data_assets", data == null ? List.of() : data.assets());
        values.put("parameters", parameters);
        values.put("environment", environment);
        values.put("pace_millis", pace.toMillis());
        values.put("periods_per_year", periodsPerYear);
        values.put("feed", feed.toMap());
        values.put("risk", risk.toMap());
        values.put("kill_file", killFile == null ? null : killFile.toString());
        try {
            JsonFile.write(stateDirectory.resolve(NAME), values);
        } catch (IOException e) {
            throw new PipelineException(
                    "Cannot write " + stateDirectory.resolve(NAME) + ": " + e + ". Make room or fix its permissions.",
                    e);
        }
    }

    /**
     * The one in a state directory.
     *
     * @throws PipelineException if there is none, or none that makes sense
     * @throws IOException if it cannot be read
     */
    public static TraderFile read(Path stateDirectory) throws IOException {
        Path file = stateDirectory.resolve(NAME);
        try {
            Fields fields = JsonFile.read(file);
            String data = fields.textOrNull("data");
            String zone = fields.textOrNull("data_time_zone");
            String killFile = fields.textOrNull("kill_file");
            return new TraderFile(
                    fields.whole("deployment"),
                    fields.text("nonce"),
                    new TrialKey(fields.text("study"), fields.count("number")),
                    Path.of(fields.text("model")),
                    fields.text("model_sha256"),
                    data == null
                            ? null
                            : new MarketSource(
                                    Path.of(data),
                                    Optional.ofNullable(zone).map(ZoneId::of),
                                    fields.texts("data_assets")),
                    fields.map("parameters"),
                    fields.map("environment"),
                    Duration.ofMillis(fields.whole("pace_millis")),
                    fields.number("periods_per_year"),
                    fields.has("feed") ? FeedSettings.of(fields.map("feed")) : new FeedSettings.Replay(),
                    fields.has("risk") ? RiskLimits.from(fields.map("risk")) : RiskLimits.OFF,
                    killFile == null ? null : Path.of(killFile));
        } catch (NoSuchFileException e) {
            throw new TradingRefusedException(
                    ExitCode.NO_INPUT,
                    "There is no " + file + ", which says what to trade. It is written by the pipeline when it starts a"
                            + " trader: use `deploy` or `restart`.",
                    e);
        } catch (MalformedException | DateTimeException | IllegalArgumentException e) {
            throw new TradingRefusedException(
                    ExitCode.CONFIGURATION, e.getMessage() + ". `restart` writes it anew.", e);
        }
    }
}
