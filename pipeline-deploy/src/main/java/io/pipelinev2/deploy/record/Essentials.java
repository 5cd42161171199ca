package io.pipelinev2.deploy.record;

import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.deploy.papertrading.ledger.LedgerLine;
import io.pipelinev2.deploy.papertrading.performance.LedgerFields;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a ledger's line is kept in the database. A line holds all that its trader needs to begin again and to be checked,
 * prices and features of every bar included; the file keeps that. The database keeps what tells what the account did.
 */
final class Essentials {

    private static final int LONGEST_TEXT = 2_000;

    private Essentials() {}

    /**
     * @param beginning the prices at which the account began, or null if they are not known
     */
    static LedgerEntry of(long deploymentId, LedgerLine line, double @Nullable [] beginning) {
        Map<String, @Nullable Object> fields = line.fields();
        return new LedgerEntry(
                deploymentId,
                line.seq(),
                line.kind(),
                // as precisely as the database keeps it
                line.at().truncatedTo(ChronoUnit.MILLIS),
                fields.get("step") instanceof Number step ? step.longValue() : null,
                line.kind().equals(LedgerLine.OPEN) ? capital(fields) : equity(fields),
                switch (line.kind()) {
                    case LedgerLine.OPEN -> opening(fields);
                    case LedgerLine.BAR -> bar(fields, beginning);
                    default -> brief(fields);
                });
    }

    /** What the account was worth after a line, or null if the line does not say. */
    static @Nullable Double equity(Map<String, @Nullable Object> fields) {
        return fields.get("equity") instanceof Number equity ? equity.doubleValue() : null;
    }

    private static @Nullable Double capital(Map<String, @Nullable Object> fields) {
        return fields.get("rules") instanceof Map<?, ?> rules && rules.get("initial_capital") instanceof Number capital
                ? capital.doubleValue()
                : null;
    }

    private static Map<String, @Nullable Object> opening(Map<String, @Nullable Object> fields) {
        Map<String, @Nullable Object> content = only(fields, LedgerFields.MODEL, LedgerFields.ASSETS);
        Object last =
                fields.get("beginning") instanceof List<?> bars && !bars.isEmpty() ? bars.get(bars.size() - 1) : null;
        content.put(LedgerFields.PRICES, last instanceof Map<?, ?> bar ? bar.get(LedgerFields.PRICES) : null);
        return content;
    }

    private static Map<String, @Nullable Object> bar(
            Map<String, @Nullable Object> fields, double @Nullable [] beginning) {
        Map<String, @Nullable Object> content =
                only(fields, LedgerFields.BAR_TIME, LedgerFields.CASH, LedgerFields.FEES, LedgerFields.FILLS);
        content.put(LedgerFields.STOPPED, isStopped(fields.get("risk")));
        content.put(LedgerFields.BENCHMARK, held(prices(fields.get(LedgerFields.PRICES)), beginning));
        return content;
    }

    /** Whether a stop of the account's own is in force. That an operator had everything sold lasts, too, but is none. */
    private static boolean isStopped(@Nullable Object risk) {
        if (!(risk instanceof Map<?, ?> state)) {
            return false;
        }
        boolean lasting = state.get("lasting_stop") instanceof String why && !why.startsWith("an operator");
        return lasting || state.get("daily_stop") instanceof String;
    }

    /** What equal capital in every asset, bought at the beginning and held, has become a multiple of: as in a backtest. */
    private static @Nullable Double held(double @Nullable [] now, double @Nullable [] beginning) {
        if (now == null || beginning == null || now.length != beginning.length || now.length == 0) {
            return null;
        }
        double sum = 0;
        for (int asset = 0; asset < now.length; asset++) {
            sum += now[asset] / beginning[asset];
        }
        double multiple = sum / now.length;
        return Double.isFinite(multiple) ? multiple : null;
    }

    /** The prices in a line or an entry, or null if they are not there or no prices. */
    static double @Nullable [] prices(@Nullable Object value) {
        if (!(value instanceof List<?> list)) {
            return null;
        }
        double[] prices = new double[list.size()];
        for (int i = 0; i < prices.length; i++) {
            if (!(list.get(i) instanceof Number price) || !(price.doubleValue() > 0)) {
                return null;
            }
            prices[i] = price.doubleValue();
        }
        return prices;
    }

    private static Map<String, @Nullable Object> only(Map<String, @Nullable Object> fields, String... names) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        for (String name : names) {
            content.put(name, fields.get(name));
        }
        return content;
    }

    private static Map<String, @Nullable Object> brief(Map<String, @Nullable Object> fields) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (value instanceof String text) {
                content.put(name, text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text);
            } else if (value == null || value instanceof Number || value instanceof Boolean) {
                content.put(name, value);
            }
        });
        return content;
    }
}
