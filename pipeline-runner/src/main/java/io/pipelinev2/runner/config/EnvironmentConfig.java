package io.pipelinev2.runner.config;

import io.pipelinev2.backtest.environment.Fills;
import io.pipelinev2.backtest.environment.Lots;
import io.pipelinev2.backtest.environment.NumberRule;
import io.pipelinev2.backtest.environment.TradingRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules of the game that backtest, stress and paper trading all play: the block {@code environment}. It begins with the
 * rules of a preset; every other key overrides one of them.
 *
 * @param rules the preset's, with what the block overrides
 */
public record EnvironmentConfig(TradingRules rules) {

    private static final TradingRules ORIGINAL = TradingRules.ORIGINAL;
    private static final Rule<String> PRESET = Rule.oneOf(List.of(ORIGINAL.preset()));
    private static final Rule<String> FILLS = Rule.oneOf(Fills.words());
    private static final Rule<Object> ANY = new Rule<>(value -> true, "");
    private static final Kind<Lots> LOTS = EnvironmentConfig::lots;

    static EnvironmentConfig read(Options options) {
        // There is one preset so far: what is left out, or faulty, is as it has it.
        options.text("preset", ORIGINAL.preset(), PRESET);
        TradingRules.Builder rules = ORIGINAL.toBuilder();
        for (NumberRule rule : NumberRule.values()) {
            rule.set(rules, options.number(rule.key(), rule.of(ORIGINAL), new Rule<>(rule::allows, rule.words())));
        }
        rules.fills(Fills.of(options.text("fills", ORIGINAL.fills().word(), FILLS)));
        rules.lots(named(options, options.value("lots", ORIGINAL.lots(), LOTS, ANY)));
        options.refuseUnknown();
        return new EnvironmentConfig(rules.build());
    }

    /** The lots under the names of {@code assets}, if there are any. */
    private static Lots named(Options options, Lots lots) {
        Optional<List<String>> assets = options.optional("assets", Kind.TEXT.list(), ANY);
        try {
            return assets.map(names -> new Lots(lots.sizes(), names)).orElse(lots);
        } catch (IllegalArgumentException e) {
            options.refuse("assets", "a different name for each of the " + lots.count() + " lots, in their order");
            return lots;
        }
    }

    private static Lots lots(JsonValue value) {
        try {
            return value instanceof JsonValue.Members members
                    ? Lots.of(sizes(members))
                    : Lots.of(Kind.NUMBER.list().read(value));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(Lots.WORDS, e);
        }
    }

    private static Map<String, Double> sizes(JsonValue.Members members) {
        Map<String, Double> sizes = new LinkedHashMap<>();
        members.values().forEach((asset, member) -> sizes.put(asset, Kind.NUMBER.read(member.value())));
        return sizes;
    }
}
