package io.pipelinev2.deploy.drift;

/**
 * What a paper record must show to count as proven: the block {@code stages.deploy.proven} of the configuration. No stop of
 * the account's own may have tripped, either. A bound that is met exactly is met, but for {@code alpha}.
 *
 * @param days for how many days at least the account must have been put to the test
 * @param winRate the least share of round trips that earned something after fees, from 0 to 1
 * @param sharpe the least annualised Sharpe ratio
 * @param maxDrawdown the largest drawdown, as a positive fraction
 * @param alpha what the total return must exceed that of holding the market by: strictly more than this
 */
public record ProvenSettings(double days, double winRate, double sharpe, double maxDrawdown, double alpha) {

    /** The thresholds of the original. */
    public static final ProvenSettings DEFAULT = new ProvenSettings(7, 0.8, 0.5, 0.15, 0);

    /** Checks every setting; the message names the one that is wrong. */
    public ProvenSettings {
        if (!(days >= 0) || Double.isInfinite(days)) {
            throw new IllegalArgumentException("stages.deploy.proven.days must be 0 or more and finite, was " + days);
        }
        requireShare("win_rate", winRate);
        requireShare("max_drawdown", maxDrawdown);
        if (!Double.isFinite(sharpe)) {
            throw new IllegalArgumentException("stages.deploy.proven.sharpe must be finite, was " + sharpe);
        }
        if (!Double.isFinite(alpha)) {
            throw new IllegalArgumentException("stages.deploy.proven.alpha must be finite, was " + alpha);
        }
    }

    private static void requireShare(String key, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    "stages.deploy.proven." + key + " must be a fraction from 0 to 1, was " + value);
        }
    }
}
