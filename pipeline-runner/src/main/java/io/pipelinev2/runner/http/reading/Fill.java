package io.pipelinev2.runner.http.reading;

import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.deploy.papertrading.performance.LedgerFields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Something that was bought or sold on paper.
 *
 * @param step the bar, or null if the ledger does not say
 * @param at when it was recorded
 * @param equity what the account was worth after that bar
 * @param side {@link LedgerFields#BUY}, or a kind of sale
 * @param asset its name, or its column
 */
public record Fill(
        @Nullable Long step,
        Instant at,
        @Nullable Double equity,
        String side,
        String asset,
        @Nullable Double quantity,
        @Nullable Double price,
        @Nullable Double fee) {

    /**
     * Those in the last entries of an account's ledger, in order.
     *
     * @param searched how many entries
     */
    public static List<Fill> latest(StoreReader tx, long deploymentId, int searched) {
        List<LedgerEntry> tail =
                tx.ledger(deploymentId, Math.max(0, tx.lastLedgerSequence(deploymentId) - searched), searched);
        List<Fill> fills = new ArrayList<>();
        for (LedgerEntry entry : tail) {
            if (entry.content().get(LedgerFields.FILLS) instanceof List<?> all) {
                for (Object each : all) {
                    if (each instanceof Map<?, ?> fill) {
                        fills.add(of(entry, fill));
                    }
                }
            }
        }
        return fills;
    }

    private static Fill of(LedgerEntry entry, Map<?, ?> fill) {
        Object asset = fill.get("name") == null ? fill.get(LedgerFields.ASSET) : fill.get("name");
        return new Fill(
                entry.step(),
                entry.at(),
                entry.equity(),
                String.valueOf(fill.get(LedgerFields.SIDE)),
                String.valueOf(asset),
                number(fill.get(LedgerFields.QUANTITY)),
                number(fill.get(LedgerFields.PRICE)),
                number(fill.get(LedgerFields.FEE)));
    }

    private static @Nullable Double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : null;
    }

    /** In columns, as charts take them. */
    public static Map<String, @Nullable Object> json(List<Fill> fills) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("step", column(fills, Fill::step));
        json.put("at", column(fills, Fill::at));
        json.put("equity", column(fills, Fill::equity));
        json.put("side", column(fills, Fill::side));
        json.put("asset", column(fills, Fill::asset));
        json.put("quantity", column(fills, Fill::quantity));
        json.put("price", column(fills, Fill::price));
        return json;
    }

    private static List<@Nullable Object> column(List<Fill> fills, Function<Fill, @Nullable Object> value) {
        List<@Nullable Object> column = new ArrayList<>(fills.size());
        fills.forEach(fill -> column.add(value.apply(fill)));
        return column;
    }
}
