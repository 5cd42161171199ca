package io.pipelinev2.runner.config;

/**
 * The rules of the game that backtest, stress and paper trading all play: the block {@code environment}. This version
 * knows the original's rules alone and refuses others rather than playing by the wrong ones.
 *
 * @param preset {@code original}
 * @param slippageBps 0
 * @param fills {@code same-bar}
 */
public record EnvironmentConfig(String preset, double slippageBps, String fills) {

    private static final Rule<String> PRESET =
            Rule.exactly("original", "'original': other presets are not available in this version");
    private static final Rule<Double> SLIPPAGE =
            new Rule<>(value -> value == 0, "0: slippage is not available in this version");
    private static final Rule<String> FILLS =
            Rule.exactly("same-bar", "'same-bar': other fills are not available in this version");

    public EnvironmentConfig {
        PRESET.require("preset", preset);
        SLIPPAGE.require("slippage_bps", slippageBps);
        FILLS.require("fills", fills);
    }

    static EnvironmentConfig read(Options options) {
        EnvironmentConfig environment = new EnvironmentConfig(
                options.text("preset", "original", PRESET),
                // -0.0 is 0 to the rule, but not to equals
                options.number("slippage_bps", 0, SLIPPAGE) + 0.0,
                options.text("fills", "same-bar", FILLS));
        options.refuseUnknown();
        return environment;
    }
}
