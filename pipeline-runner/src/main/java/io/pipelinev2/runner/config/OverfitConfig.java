package io.pipelinev2.runner.config;

import io.pipelinev2.backtest.overfit.OverfitMode;
import io.pipelinev2.backtest.overfit.OverfitRules;
import java.util.Arrays;

/**
 * What is done about overfitting: the block {@code stages.backtest.overfit}.
 *
 * @param mode {@code off}, {@code advise} or {@code enforce}
 * @param dsr the deflated Sharpe ratio that a trial must have to be deployed by rank, if that is enforced
 * @param pbo the probability of backtest overfitting that its study may have at most, if that is enforced
 */
public record OverfitConfig(String mode, double dsr, double pbo) {

    private static final Rule<String> MODE = Rule.oneOf(
            Arrays.stream(OverfitMode.values()).map(OverfitMode::word).toList());
    private static final Rule<Double> PROBABILITY =
            new Rule<>(value -> value >= 0 && value <= 1, "a probability from 0 to 1");

    public OverfitConfig {
        MODE.require("mode", mode);
        PROBABILITY.require("dsr", dsr);
        PROBABILITY.require("pbo", pbo);
    }

    static OverfitConfig read(Options options) {
        OverfitConfig overfit = new OverfitConfig(
                options.text("mode", OverfitMode.ADVISE.word(), MODE),
                options.number("dsr", OverfitRules.DEFAULT.dsrAtLeast(), PROBABILITY),
                options.number("pbo", OverfitRules.DEFAULT.pboAtMost(), PROBABILITY));
        options.refuseUnknown();
        return overfit;
    }

    /** The mode as the review knows it. */
    public OverfitMode overfitMode() {
        return OverfitMode.of(mode);
    }

    /** The thresholds as the review knows them. */
    public OverfitRules rules() {
        return new OverfitRules(dsr, pbo);
    }
}
