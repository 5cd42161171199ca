package io.pipelinev2.backtest.environment;

import java.util.List;

/**
 * The complete state of a {@link TradingEnvironment} between two steps: restoring it, in this process or another one,
 * continues the game bit by bit. Holdings, high-water marks and quantities are floats and must be stored without loss
 * (their decimal form by {@link Float#toString} is enough).
 *
 * @param row the bar that was last stepped to
 * @param cash in quote currency
 * @param holdings units per asset
 * @param cooldowns steps since the last sale of each asset held
 * @param highWaterMarks highest price since entry per asset; only moved while the trailing stop is on
 * @param pending what was decided at this bar and is filled at the next one; always empty under {@link Fills#SAME_BAR}
 */
public record EnvironmentSnapshot(
        int row,
        double cash,
        List<Float> holdings,
        List<Integer> cooldowns,
        List<Float> highWaterMarks,
        List<PendingOrder> pending) {

    /** Checks that the parts are of one length and are possible values. */
    public EnvironmentSnapshot {
        holdings = List.copyOf(holdings);
        cooldowns = List.copyOf(cooldowns);
        highWaterMarks = List.copyOf(highWaterMarks);
        pending = List.copyOf(pending);
        if (row < 0) {
            throw new EnvironmentException("a snapshot's row must not be negative, was " + row);
        }
        if (!Double.isFinite(cash)) {
            throw new EnvironmentException("a snapshot's cash must be finite, was " + cash);
        }
        if (holdings.size() != cooldowns.size() || holdings.size() != highWaterMarks.size()) {
            throw new EnvironmentException(
                    "a snapshot must have one holding, cooldown and high-water mark per asset, had " + holdings.size()
                            + ", " + cooldowns.size() + " and " + highWaterMarks.size());
        }
        for (int i = 0; i < holdings.size(); i++) {
            if (!(holdings.get(i) >= 0) || holdings.get(i).isInfinite()) {
                throw new EnvironmentException("a snapshot's holdings must be finite and not negative, asset " + i
                        + " was " + holdings.get(i));
            }
            if (cooldowns.get(i) < 0) {
                throw new EnvironmentException(
                        "a snapshot's cooldowns must not be negative, asset " + i + " was " + cooldowns.get(i));
            }
            if (!(highWaterMarks.get(i) >= 0)) {
                throw new EnvironmentException("a snapshot's high-water marks must not be negative, asset " + i
                        + " was " + highWaterMarks.get(i));
            }
        }
        for (PendingOrder order : pending) {
            if (order.asset() >= holdings.size()) {
                throw new EnvironmentException("a snapshot of " + holdings.size()
                        + " assets must not have a pending order of asset " + order.asset());
            }
        }
    }
}
