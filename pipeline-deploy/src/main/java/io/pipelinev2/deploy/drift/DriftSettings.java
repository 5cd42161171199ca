package io.pipelinev2.deploy.drift;

/**
 * When paper results count as drifted: the block {@code stages.deploy.drift} of the configuration.
 *
 * @param enabled whether they are compared with the backtest at all
 * @param minBars how many bars must have been traded before anything is compared, 2 or more
 * @param coverage how likely a trader that does just what its backtest leads to expect is never to leave the band, above
 *     0.5 and below 1: 0.98 leaves 1 % on each side
 * @param samples how many futures the bootstrap draws, from 100 to 100,000
 * @param tradesRatio how many times more or less than in the backtest may be traded, 1 or more
 * @param feeTolerance by which share the fees paid may differ from the fee rate of the rules, more than 0
 */
public record DriftSettings(
        boolean enabled, int minBars, double coverage, int samples, double tradesRatio, double feeTolerance) {

    /** Compared from a day of hourly bars on, with 1 % of false alarms on each side over a whole life. */
    public static final DriftSettings DEFAULT = new DriftSettings(true, 24, 0.98, 1_000, 2, 0.01);

    /** Checks every setting; the message names the one that is wrong. */
    public DriftSettings {
        if (minBars < 2) {
            throw new IllegalArgumentException("stages.deploy.drift.min_bars must be 2 or more, was " + minBars);
        }
        if (!(coverage > 0.5 && coverage < 1)) {
            throw new IllegalArgumentException(
                    "stages.deploy.drift.coverage must be above 0.5 and below 1, was " + coverage);
        }
        if (samples < 100 || samples > 100_000) {
            throw new IllegalArgumentException(
                    "stages.deploy.drift.samples must be from 100 to 100000, was " + samples);
        }
        if (!(tradesRatio >= 1) || Double.isInfinite(tradesRatio)) {
            throw new IllegalArgumentException(
                    "stages.deploy.drift.trades_ratio must be 1 or more and finite, was " + tradesRatio);
        }
        if (!(feeTolerance > 0) || Double.isInfinite(feeTolerance)) {
            throw new IllegalArgumentException(
                    "stages.deploy.drift.fee_tolerance must be more than 0 and finite, was " + feeTolerance);
        }
    }

    /** How likely each of the two sides of the band is to be left by chance. */
    double tail() {
        return (1 - coverage) / 2;
    }
}
