package io.pipelinev2.runner.config;

import io.pipelinev2.deploy.drift.DriftSettings;

/**
 * When paper results count as drifted from the backtest: the block {@code stages.deploy.drift}.
 *
 * @param enabled whether they are compared at all
 * @param minBars how many bars must have been traded before anything is compared
 * @param coverage how likely a trader that does as its backtest leads to expect never leaves the bands
 * @param samples how many futures are drawn for a band
 * @param tradesRatio how many times more or less than in the backtest may be traded
 * @param feeTolerance by which share the fees paid may differ from the fee rate
 */
public record DriftConfig(
        boolean enabled, int minBars, double coverage, int samples, double tradesRatio, double feeTolerance) {

    private static final Rule<Integer> MIN_BARS = Rule.between(2, 1_000_000);
    private static final Rule<Double> COVERAGE =
            new Rule<>(value -> value > 0.5 && value < 1, "a probability above 0.5 and below 1");
    private static final Rule<Integer> SAMPLES = Rule.between(100, 100_000);
    private static final Rule<Double> RATIO = new Rule<>(value -> value >= 1, "at least 1");
    private static final Rule<Double> TOLERANCE = new Rule<>(value -> value > 0, "more than 0");

    public DriftConfig {
        MIN_BARS.require("min_bars", minBars);
        COVERAGE.require("coverage", coverage);
        SAMPLES.require("samples", samples);
        RATIO.require("trades_ratio", tradesRatio);
        TOLERANCE.require("fee_tolerance", feeTolerance);
    }

    static DriftConfig read(Options options) {
        DriftSettings usual = DriftSettings.DEFAULT;
        DriftConfig drift = new DriftConfig(
                options.flag("enabled", usual.enabled(), Rule.EITHER),
                options.integer("min_bars", usual.minBars(), MIN_BARS),
                options.number("coverage", usual.coverage(), COVERAGE),
                options.integer("samples", usual.samples(), SAMPLES),
                options.number("trades_ratio", usual.tradesRatio(), RATIO),
                options.number("fee_tolerance", usual.feeTolerance(), TOLERANCE));
        options.refuseUnknown();
        return drift;
    }

    /** As the deploy stage knows it. */
    public DriftSettings settings() {
        return new DriftSettings(enabled, minBars, coverage, samples, tradesRatio, feeTolerance);
    }
}
