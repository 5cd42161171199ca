package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.deploy.papertrading.json.Fields;
import io.pipelinev2.deploy.papertrading.json.JsonFile;
import io.pipelinev2.deploy.papertrading.json.MalformedException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The latest sign of life of a bundled trader: {@code heartbeat.json} in its state directory. It is written by the very
 * loop that trades, so a trader that hangs is silent. It is for looking at; the account itself is the ledger.
 *
 * @param deployment whose trader it is
 * @param nonce the nonce of the start that wrote it
 * @param at when it was written
 * @param phase what the trader is doing
 * @param step the steps traded so far
 * @param loop counts the rounds of the loop in this process: a pair of nonce and loop that does not change is a trader that
 *     hangs
 * @param equity cash plus holdings at the last bar's prices, on paper
 * @param cash in quote currency, on paper
 * @param lastBar when the bar that was traded last began, or null if its data have no times
 * @param trading which orders it may give as things stand
 * @param tradingReason why it may not give all, in words, or null if it may
 * @param trouble what keeps it from trading as it should, in words, or null if nothing does
 * @param stale whether its newest bar is too old to enter a position
 */
public record Heartbeat(
        long deployment,
        String nonce,
        Instant at,
        Phase phase,
        int step,
        long loop,
        double equity,
        double cash,
        @Nullable Instant lastBar,
        TradingState trading,
        @Nullable String tradingReason,
        @Nullable String trouble,
        boolean stale) {

    /** Its name in the state directory. */
    public static final String NAME = "heartbeat.json";

    /** A trader that waits for its next bar reports this often. */
    public static final Duration INTERVAL = Duration.ofSeconds(10);

    /**
     * The heartbeat in a state directory, or empty if no trader has written one there yet.
     *
     * @throws PipelineException if there is one that cannot be read
     */
    public static Optional<Heartbeat> read(Path stateDirectory) {
        try {
            Fields fields = JsonFile.read(stateDirectory.resolve(NAME));
            return Optional.of(new Heartbeat(
                    fields.whole("deployment"),
                    fields.text("nonce"),
                    fields.time("written_at"),
                    Phase.of(fields.text("phase")),
                    fields.count("step"),
                    fields.whole("loop"),
                    fields.number("equity"),
                    fields.number("cash"),
                    fields.has("last_bar") ? fields.time("last_bar") : null,
                    TradingState.of(fields.text("trading")),
                    fields.textOrNull("trading_reason"),
                    fields.textOrNull("trouble"),
                    fields.flag("stale")));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException | MalformedException | IllegalArgumentException e) {
            throw new PipelineException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }

    /**
     * Replaces the heartbeat in a state directory; tests of what watches traders write one themselves. The disk is not
     * waited for.
     *
     * @throws IOException if it cannot be written
     */
    public void writeTo(Path stateDirectory) throws IOException {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("mode", "PAPER");
        values.put("deployment", deployment);
        values.put("nonce", nonce);
        values.put("pid", ProcessHandle.current().pid());
        values.put("loop", loop);
        values.put("phase", phase.label());
        values.put("written_at", at.toString());
        values.put("step", step);
        values.put("equity", equity);
        values.put("cash", cash);
        values.put("last_bar", lastBar == null ? null : lastBar.toString());
        values.put("trading", trading.label());
        values.put("trading_reason", tradingReason);
        values.put("trouble", trouble);
        values.put("stale", stale);
        JsonFile.writeFleeting(stateDirectory.resolve(NAME), values);
    }
}
