package io.pipelinev2.runner.config;

import io.pipelinev2.backtest.gate.Comparison;
import io.pipelinev2.backtest.gate.Gate;
import io.pipelinev2.backtest.gate.GatePolicy;
import io.pipelinev2.backtest.metrics.MetricGlossary;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The gates of the backtest: {@code stages.backtest.gates}. In the file either the name of a preset, or a list of gates
 * beside the default preset, or an object with both. A gate of the list is a threshold, or one that needs code.
 *
 * @param preset name of the gates to begin with
 * @param own thresholds that take the place of the preset's on the same metric and side, or are added
 * @param custom gates that need code, in the order in which they are asked about what passes all thresholds
 */
public record GatesConfig(String preset, List<Gate> own, List<UserGate> custom) {

    private static final String KEY = "gates";
    private static final Rule<String> PRESET = Rule.oneOf(GatePolicy.presets());
    private static final Rule<Double> ANY_NUMBER = new Rule<>(number -> true, "a number");
    private static final Rule<String> ANY_TEXT = new Rule<>(text -> true, "text");
    private static final Rule<String> METRIC =
            new Rule<>(MetricGlossary.names()::contains, "the name of a metric, such as sharpe or max_drawdown");
    static final Rule<String> NAME =
            new Rule<>(name -> !name.isBlank() && name.length() <= 80, "some text of at most 80 characters");

    // after the rules, which its constructor needs
    static final GatesConfig DEFAULT = new GatesConfig("v2-basic", List.of(), List.of());

    public GatesConfig {
        PRESET.require("preset", preset);
        own = List.copyOf(own);
        own.forEach(gate -> METRIC.require("metric", gate.metric()));
        GatePolicy.preset(preset).with(own);
        custom = List.copyOf(custom);
        Set<String> names = new HashSet<>();
        for (UserGate gate : custom) {
            if (!names.add(gate.name())) {
                throw new IllegalArgumentException(
                        "two have the name '" + InertText.of(gate.name()) + "'; give each its own");
            }
        }
    }

    /** Thresholds alone. */
    GatesConfig(String preset, List<Gate> own) {
        this(preset, own, List.of());
    }

    /** The thresholds as the backtest knows them. */
    public GatePolicy policy() {
        return GatePolicy.preset(preset).with(own);
    }

    /** @param options of the block that has the key {@code gates} */
    static GatesConfig read(Options options) {
        Optional<JsonValue> written = options.raw(KEY);
        options.otherwise(KEY, DEFAULT.preset);
        if (written.isEmpty()) {
            return DEFAULT;
        }
        if (written.get() instanceof JsonValue.Text) {
            return new GatesConfig(options.text(KEY, DEFAULT.preset, PRESET), List.of(), List.of());
        }
        if (written.get() instanceof JsonValue.Items) {
            return combined(options, DEFAULT.preset, Listed.in(options));
        }
        if (written.get() instanceof JsonValue.Members) {
            Options inner = options.section(KEY);
            String preset = inner.text("preset", DEFAULT.preset, PRESET);
            Listed listed = inner.has(KEY) ? Listed.in(inner) : Listed.NOTHING;
            if (!inner.has("preset") && !inner.has(KEY)) {
                options.refuse(KEY, "an object with 'preset', 'gates' or both");
            }
            inner.refuseUnknown();
            return combined(options, preset, listed);
        }
        options.refuse(
                KEY,
                "one of: " + String.join(", ", GatePolicy.presets())
                        + "; or a list of gates [ … ]; or an object { \"preset\": …, \"gates\": [ … ] }");
        return DEFAULT;
    }

    private static GatesConfig combined(Options options, String preset, Listed listed) {
        try {
            return new GatesConfig(preset, listed.thresholds(), listed.custom());
        } catch (IllegalArgumentException contradiction) {
            options.refuse(KEY, "gates that can be passed: " + contradiction.getMessage());
            return DEFAULT;
        }
    }

    /** What the list of gates holds. */
    private record Listed(List<Gate> thresholds, List<UserGate> custom) {

        static final Listed NOTHING = new Listed(List.of(), List.of());

        static Listed in(Options options) {
            Listed listed = new Listed(new ArrayList<>(), new ArrayList<>());
            for (Options item :
                    options.sections(KEY, "a list of at least one gate, such as { \"metric\": …, \"at_least\": … }")) {
                if (UserGate.isDescribedIn(item)) {
                    listed.custom.add(UserGate.read(item, listed.custom.size()));
                } else {
                    listed.addThreshold(item);
                }
            }
            return listed;
        }

        private void addThreshold(Options item) {
            Optional<String> metric = metric(item);
            Optional<Double> least = item.optional("at_least", Kind.NUMBER, ANY_NUMBER);
            Optional<Double> most = item.optional("at_most", Kind.NUMBER, ANY_NUMBER);
            String name = item.text("name", metric.orElse("gate"), NAME);
            if (!item.has("at_least") && !item.has("at_most")) {
                item.missing("at_least", "give the gate at_least, at_most or both");
            }
            item.refuseUnknown();
            metric.ifPresent(known -> {
                least.ifPresent(threshold -> thresholds.add(new Gate(name, known, Comparison.AT_LEAST, threshold)));
                most.ifPresent(threshold -> thresholds.add(new Gate(name, known, Comparison.AT_MOST, threshold)));
            });
        }
    }

    private static Optional<String> metric(Options item) {
        if (!item.has("metric")) {
            item.missing(
                    "metric",
                    "name the metric that the gate is about, such as sharpe or max_drawdown; or give it a type or a command of your own");
            return Optional.empty();
        }
        Optional<String> name = item.optional("metric", Kind.TEXT, ANY_TEXT);
        Set<String> known = MetricGlossary.names();
        if (name.isPresent() && !known.contains(name.get())) {
            item.refuse("metric", METRIC.words() + "; " + DidYouMean.hint(name.get(), known));
            return Optional.empty();
        }
        return name;
    }
}
