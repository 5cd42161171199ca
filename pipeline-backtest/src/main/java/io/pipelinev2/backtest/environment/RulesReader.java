package io.pipelinev2.backtest.environment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@link TradingRules} from JSON-like values, finding every fault. */
final class RulesReader {

    private static final Set<String> KEYS = TradingRules.ORIGINAL.toMap().keySet();

    private final Map<String, ? extends @Nullable Object> values;
    private final List<String> faults = new ArrayList<>();

    RulesReader(Map<String, ? extends @Nullable Object> values) {
        this.values = values;
    }

    TradingRules read() {
        for (String key : values.keySet()) {
            if (!KEYS.contains(key)) {
                faults.add("environment." + key + " is not known; known are: " + String.join(", ", KEYS));
            }
        }
        TradingRules preset = TradingRules.ORIGINAL;
        if (values.containsKey("preset") && !preset.preset().equals(values.get("preset"))) {
            faults.add("environment.preset was '" + values.get("preset") + "' but must be one of: " + preset.preset());
        }
        TradingRules.Builder rules = preset.toBuilder();
        for (NumberRule rule : NumberRule.values()) {
            if (values.containsKey(rule.key())) {
                readNumber(rule, rules);
            }
        }
        if (values.containsKey("fills")) {
            readFills(rules);
        }
        readLots(preset, rules);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
        return rules.build();
    }

    private void readNumber(NumberRule rule, TradingRules.Builder rules) {
        if (values.get(rule.key()) instanceof Number number && rule.allows(number.doubleValue())) {
            rule.set(rules, number.doubleValue());
        } else {
            faults.add("environment." + rule.key() + " was " + shown(values.get(rule.key())) + " but must be "
                    + rule.words());
        }
    }

    private void readFills(TradingRules.Builder rules) {
        try {
            rules.fills(Fills.of(String.valueOf(values.get("fills"))));
        } catch (IllegalArgumentException fault) {
            faults.add(String.valueOf(fault.getMessage()));
        }
    }

    private void readLots(TradingRules preset, TradingRules.Builder rules) {
        @Nullable Object lots = values.get("lots");
        @Nullable Object assets = values.get("assets");
        if (lots == null && assets == null) {
            return;
        }
        try {
            if (lots instanceof Map<?, ?> byAsset && assets == null) {
                rules.lots(new Lots(numbers(byAsset.values()), texts(byAsset.keySet())));
            } else {
                rules.lots(new Lots(
                        lots == null ? preset.lots().sizes() : numbers(lots),
                        assets == null ? List.of() : texts(assets)));
            }
        } catch (IllegalArgumentException fault) {
            faults.add(String.valueOf(fault.getMessage()));
        }
    }

    private static List<Double> numbers(Object values) {
        List<Double> numbers = new ArrayList<>();
        for (Object value : elements(values)) {
            if (!(value instanceof Number number)) {
                throw new IllegalArgumentException(
                        "environment.lots had " + shown(value) + " but must be " + Lots.WORDS);
            }
            numbers.add(number.doubleValue());
        }
        return numbers;
    }

    private static List<String> texts(Object values) {
        List<String> texts = new ArrayList<>();
        for (Object value : elements(values)) {
            texts.add(String.valueOf(value));
        }
        return texts;
    }

    private static Iterable<?> elements(Object values) {
        if (values instanceof Iterable<?> elements) {
            return elements;
        }
        throw new IllegalArgumentException(
                "environment.lots and assets had " + shown(values) + " but must be " + Lots.WORDS);
    }

    private static String shown(@Nullable Object value) {
        return value instanceof String text ? "'" + text + "'" : String.valueOf(value);
    }
}
