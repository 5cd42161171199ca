package io.pipelinev2.runner.config;

import io.pipelinev2.deploy.drift.ProvenSettings;

/**
 * What a paper record must show to count as proven: the block {@code stages.deploy.proven}.
 *
 * @param days for how many days at least
 * @param winRate the least share of round trips that earned something
 * @param sharpe the least annualised Sharpe ratio
 * @param maxDrawdown the largest drawdown, a positive fraction
 * @param alpha what the total return must exceed that of the market by
 */
public record ProvenConfig(double days, double winRate, double sharpe, double maxDrawdown, double alpha) {

    private static final Rule<Double> DAYS = new Rule<>(value -> value >= 0, "at least 0");
    private static final Rule<Double> SHARE = new Rule<>(value -> value >= 0 && value <= 1, "a fraction from 0 to 1");
    private static final Rule<Double> ANY = new Rule<>(value -> true, "a number");

    public ProvenConfig {
        DAYS.require("days", days);
        SHARE.require("win_rate", winRate);
        SHARE.require("max_drawdown", maxDrawdown);
    }

    static ProvenConfig read(Options options) {
        ProvenSettings usual = ProvenSettings.DEFAULT;
        ProvenConfig proven = new ProvenConfig(
                options.number("days", usual.days(), DAYS),
                options.number("win_rate", usual.winRate(), SHARE),
                options.number("sharpe", usual.sharpe(), ANY),
                options.number("max_drawdown", usual.maxDrawdown(), SHARE),
                options.number("alpha", usual.alpha(), ANY));
        options.refuseUnknown();
        return proven;
    }

    /** As the deploy stage knows it. */
    public ProvenSettings settings() {
        return new ProvenSettings(days, winRate, sharpe, maxDrawdown, alpha);
    }
}
