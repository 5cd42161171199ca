package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.environment.EnvironmentException;
import io.pipelinev2.backtest.environment.EnvironmentSnapshot;
import io.pipelinev2.backtest.environment.FillSide;
import io.pipelinev2.backtest.environment.PendingOrder;
import io.pipelinev2.deploy.papertrading.json.Fields;
import io.pipelinev2.deploy.papertrading.json.JsonFile;
import io.pipelinev2.deploy.papertrading.json.MalformedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a paper account stands: {@code state.json}. It is complete: from it alone the trader continues bit by bit.
 *
 * @param deployment whose account it is
 * @param modelSha256 the model that trades it
 * @param nonce the start that wrote it
 * @param pid the process that wrote it
 * @param step the steps traded so far
 * @param loop counts the rounds of the trading loop in this process
 * @param phase what the trader is doing
 * @param writtenAt when it was written, the trader's heartbeat
 * @param equity cash plus holdings at the last bar's prices
 * @param snapshot the state of the game
 * @param barsSha256 a hash over all bars up to the last one traded: the account can only go on over these
 * @param equityBytes how long {@code equity.csv} is at this step
 * @param tradesBytes how long {@code trades.csv} is at this step
 */
record Account(
        long deployment,
        String modelSha256,
        String nonce,
        long pid,
        int step,
        long loop,
        Phase phase,
        Instant writtenAt,
        double equity,
        EnvironmentSnapshot snapshot,
        String barsSha256,
        long equityBytes,
        long tradesBytes) {

    static final String NAME = "state.json";

    static Account read(Path file) throws IOException {
        Fields fields = JsonFile.read(file);
        try {
            return new Account(
                    fields.whole("deployment"),
                    fields.text("model_sha256"),
                    fields.text("nonce"),
                    fields.whole("pid"),
                    fields.count("step"),
                    fields.whole("loop"),
                    Phase.of(fields.text("phase")),
                    fields.time("written_at"),
                    fields.number("equity"),
                    snapshot(fields.object("environment")),
                    fields.text("bars_sha256"),
                    fields.whole("equity_bytes"),
                    fields.whole("trades_bytes"));
        } catch (EnvironmentException | IllegalArgumentException e) {
            throw new MalformedException(file + " makes no sense: " + e.getMessage());
        }
    }

    private static EnvironmentSnapshot snapshot(Fields fields) {
        return new EnvironmentSnapshot(
                fields.count("row"),
                fields.number("cash"),
                floats(fields.numbers("holdings")),
                fields.numbers("cooldowns").stream().map(Double::intValue).toList(),
                floats(fields.numbers("high_water_marks")),
                fields.objectsOrNone("pending").stream().map(Account::order).toList());
    }

    private static PendingOrder order(Fields fields) {
        return new PendingOrder(
                fields.count("asset"), FillSide.valueOf(fields.text("side").toUpperCase(Locale.ROOT)), (float)
                        fields.number("quantity"));
    }

    private static Map<String, Object> order(PendingOrder order) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("asset", order.asset());
        values.put("side", order.side().name().toLowerCase(Locale.ROOT));
        values.put("quantity", (double) order.quantity());
        return values;
    }

    void write(Path file) throws IOException {
        Map<String, @Nullable Object> game = new LinkedHashMap<>();
        game.put("row", snapshot.row());
        game.put("cash", snapshot.cash());
        game.put("holdings", doubles(snapshot.holdings()));
        game.put("cooldowns", snapshot.cooldowns());
        game.put("high_water_marks", doubles(snapshot.highWaterMarks()));
        game.put("pending", snapshot.pending().stream().map(Account::order).toList());
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("mode", "PAPER");
        values.put("deployment", deployment);
        values.put("model_sha256", modelSha256);
        values.put("nonce", nonce);
        values.put("pid", pid);
        values.put("step", step);
        values.put("loop", loop);
        values.put("phase", phase.label());
        values.put("written_at", writtenAt.toString());
        values.put("equity", equity);
        values.put("environment", game);
        values.put("bars_sha256", barsSha256);
        values.put("equity_bytes", equityBytes);
        values.put("trades_bytes", tradesBytes);
        JsonFile.write(file, values);
    }

    // Every float is a double exactly; through its decimal form it could be rounded twice.
    private static List<Double> doubles(List<Float> floats) {
        return floats.stream().map(Float::doubleValue).toList();
    }

    private static List<Float> floats(List<Double> doubles) {
        return doubles.stream().map(Double::floatValue).toList();
    }
}
