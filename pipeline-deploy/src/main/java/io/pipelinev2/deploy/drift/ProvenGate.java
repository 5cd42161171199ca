package io.pipelinev2.deploy.drift;

import io.pipelinev2.deploy.papertrading.performance.PaperFigures;
import io.pipelinev2.deploy.papertrading.performance.PaperRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a paper record counts as proven. The thresholds are the original's (its gate from paper to live trading); the
 * figures are those of a backtest, worked out over the whole record. What is undefined does not pass.
 */
final class ProvenGate {

    private static final double SECONDS_A_DAY = 86_400;

    /** One threshold and how the record stands to it. */
    private record Check(
            String name,
            String metric,
            @Nullable Double value,
            String sign,
            double threshold,
            @Nullable String reason) {

        boolean passes() {
            if (value == null) {
                return false;
            }
            return switch (sign) {
                case ">=" -> value >= threshold;
                case "<=" -> value <= threshold;
                default -> value > threshold;
            };
        }

        String words() {
            return value == null
                    ? "%s is undefined (%s)".formatted(name, reason)
                    : String.format(Locale.ROOT, "%s %.4g, must be %s %s", name, value, sign, plain(threshold));
        }

        private static String plain(double value) {
            return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
        }

        Map<String, @Nullable Object> toMap() {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("name", name);
            map.put("metric", metric);
            map.put("value", value);
            map.put("comparison", sign);
            map.put("threshold", threshold);
            map.put("passed", passes());
            map.put("words", words());
            map.put("reason", value == null ? reason : null);
            return map;
        }
    }

    private final List<Check> checks = new ArrayList<>();

    private ProvenGate() {}

    static ProvenGate of(PaperRecord record, PaperFigures figures, Duration tested, ProvenSettings settings) {
        ProvenGate gate = new ProvenGate();
        double days = tested.toSeconds() / SECONDS_A_DAY;
        gate.checks.add(new Check("days", "days", days, ">=", settings.days(), null));
        gate.add("win rate", "win_rate_trades", ">=", settings.winRate(), figures);
        gate.add("Sharpe ratio", "sharpe", ">=", settings.sharpe(), figures);
        gate.add("drawdown", "max_drawdown", "<=", settings.maxDrawdown(), figures);
        gate.add("alpha", "excess_total_return", ">", settings.alpha(), figures);
        gate.checks.add(new Check("stops tripped", "stops", (double) record.stops(), "<=", 0, null));
        return gate;
    }

    private void add(String name, String metric, String sign, double threshold, PaperFigures figures) {
        Double value = figures.value(metric);
        checks.add(new Check(name, metric, value, sign, threshold, value == null ? figures.reason(metric) : null));
    }

    boolean passes() {
        return checks.stream().allMatch(Check::passes);
    }

    /** All thresholds, each with the record's value and whether it passes. */
    List<Map<String, @Nullable Object>> toList() {
        return checks.stream().map(Check::toMap).toList();
    }

    /** What it comes to. */
    String words() {
        List<String> failures = checks.stream()
                .filter(check -> !check.passes())
                .map(Check::words)
                .toList();
        return failures.isEmpty()
                ? "its paper record passes all " + checks.size() + " thresholds"
                : String.join("; ", failures);
    }
}
