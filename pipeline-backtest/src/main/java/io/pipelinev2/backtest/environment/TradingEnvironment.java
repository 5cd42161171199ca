package io.pipelinev2.backtest.environment;

import io.pipelinev2.backtest.market.MarketData;
import java.util.ArrayList;
import java.util.List;

/**
 * The market as one agent plays it, one bar per step: the same class for backtest, stress test and paper trader.
 *
 * <p>With the rules {@link TradingRules#ORIGINAL} a replay of stored actions gives the original environment's cash,
 * holdings and equity under NumPy 2 bit by bit. For that the types matter: prices and cash are doubles; holdings,
 * actions, order scale and high-water marks are floats; a float times a Python number stays a float.
 *
 * <p>An instance belongs to one thread. Nothing is allocated per step; figures of the last step ({@link #fillCount()},
 * {@link #requested(int)}, {@link #tradedValue()}, {@link #fees()}) are overwritten by the next one.
 */
public final class TradingEnvironment {

    private final MarketData market;
    private final TradingRules rules;
    private final AgentParameters parameters;
    private final int assets;
    private final int lookback;
    private final int lastRow;
    private final double[] minimumOrders;
    private final float[] scale;
    private final double buyFactor;
    private final double sellFactor;
    private final double reserve;
    private final float forcedSaleFraction;
    private final float stopFactor;

    private int row;
    private double cash;
    private final float[] holdings;
    private final int[] cooldowns;
    private final float[] highWaterMarks;
    private double equity;

    private final float[] requested;
    private final double[] worth;
    private int fillCount;
    private final FillSide[] fillSides;
    private final int[] fillAssets;
    private final double[] fillQuantities;
    private double tradedValue;
    private double fees;

    /**
     * A game that stands at its start.
     *
     * @throws EnvironmentException when there are more assets than lots in the rules, or not more than two lookbacks of
     *     bars
     */
    public TradingEnvironment(MarketData market, TradingRules rules, AgentParameters parameters) {
        this.market = market;
        this.rules = rules;
        this.parameters = parameters;
        this.assets = market.assets();
        this.lookback = parameters.lookback();
        if (assets > rules.lots().size()) {
            throw new EnvironmentException("The market data has " + assets + " assets, but the rules '" + rules.preset()
                    + "' know the smallest order of " + rules.lots().size()
                    + " only. Use market data with the assets of the training.");
        }
        if (market.rows() <= 2L * lookback) {
            throw new EnvironmentException("The market data has " + market.rows() + " bars, but a lookback of "
                    + lookback + " needs more than " + 2L * lookback
                    + " (twice the lookback). Use a longer range of bars.");
        }
        this.lastRow = market.rows() - lookback - 1;
        this.minimumOrders = new double[assets];
        this.scale = new float[assets];
        for (int i = 0; i < assets; i++) {
            minimumOrders[i] = rules.minimumOrder(i);
            // The original scales by the very first bar, not by the bar where the game starts.
            scale[i] = (float) (rules.initialCapital() / (market.price(0, i) * parameters.normAction()));
        }
        this.buyFactor = 1 + rules.feeRate();
        this.sellFactor = 1 - rules.feeRate();
        this.reserve = rules.initialCapital() * parameters.minCashReserve();
        this.forcedSaleFraction = (float) rules.forcedSaleFraction();
        this.stopFactor = (float) (1 - rules.trailingStop());
        this.holdings = new float[assets];
        this.cooldowns = new int[assets];
        this.highWaterMarks = new float[assets];
        this.requested = new float[assets];
        this.worth = new double[assets];
        // An asset can be sold by the stop, bought again and be sold no further in one step; four is a safe bound.
        int maxFills = 4 * assets;
        this.fillSides = new FillSide[maxFills];
        this.fillAssets = new int[maxFills];
        this.fillQuantities = new double[maxFills];
        reset();
    }

    /** Back to the start: all cash, nothing held. */
    public void reset() {
        row = lookback - 1;
        cash = rules.initialCapital();
        for (int i = 0; i < assets; i++) {
            holdings[i] = 0;
            cooldowns[i] = 0;
            highWaterMarks[i] = 0;
        }
        clearStep();
        equity = valuation();
    }

    /** Length of the observation that {@link #observe} writes. */
    public int stateDimension() {
        return parameters.stateDimension(assets, market.features());
    }

    /**
     * Writes what the agent sees: cash, holdings, then {@code lookback} rows of features, the newest first, each scaled
     * by its norm and rounded to float. Prices are seen only through the features.
     *
     * @param state of length {@link #stateDimension()}
     */
    public void observe(float[] state) {
        if (state.length != stateDimension()) {
            throw new EnvironmentException(
                    "an observation has " + stateDimension() + " values, but the array has " + state.length);
        }
        writeAccount(state);
        int at = 1 + assets;
        double normTech = parameters.normTech();
        int features = market.features();
        for (int back = 0; back < lookback; back++) {
            for (int column = 0; column < features; column++) {
                state[at++] = (float) (market.tech(row - back, column) * normTech);
            }
        }
    }

    /**
     * Writes the beginning of what {@link #observe} writes: cash and holdings, the part that depends on what the agent did.
     *
     * @param account of length 1 + {@link #assets()}
     */
    public void observeAccount(float[] account) {
        if (account.length != 1 + assets) {
            throw new EnvironmentException(
                    "an account has " + (1 + assets) + " values, but the array has " + account.length);
        }
        writeAccount(account);
    }

    private void writeAccount(float[] state) {
        state[0] = (float) (cash * parameters.normCash());
        for (int i = 0; i < assets; i++) {
            state[1 + i] = (float) (holdings[i] * parameters.normStocks());
        }
    }

    /**
     * Moves to the next bar and trades there.
     *
     * <p>In this order: trailing stop, sales that the agent asks for, forced sales, purchases. Assets go by column, and
     * cash is counted anew for each purchase, so that lower columns buy first.
     *
     * @param action one value per asset; times the order scale it is the quantity to buy (positive) or sell
     * @throws EnvironmentException when the action is of the wrong length or not finite, or when there is no next bar;
     *     nothing has changed then
     */
    public void step(float[] action) {
        if (action.length != assets) {
            throw new EnvironmentException(
                    "an action must have one value per asset (" + assets + "), had " + action.length);
        }
        for (int i = 0; i < assets; i++) {
            // Infinities are clipped by the original, so NaN alone is an error there; both mean a broken policy.
            if (!Float.isFinite(action[i])) {
                throw new EnvironmentException("the policy's action for asset " + i + " at row " + row + " is "
                        + action[i] + ", but must be finite. The model is broken; train it again.");
            }
        }
        if (row + 1 >= market.rows()) {
            throw new EnvironmentException("there is no bar after row " + row + " in " + market);
        }
        clearStep();
        row++;
        for (int i = 0; i < assets; i++) {
            requested[i] = clipped(action[i]) * scale[i];
            if (holdings[i] > 0) {
                cooldowns[i]++;
            }
        }
        if (rules.trailingStop() > 0) {
            sellStopped();
        }
        sellRequested();
        sellStale();
        buyRequested();
        equity = valuation();
    }

    private float clipped(float action) {
        float limit = (float) rules.actionLimit();
        return Math.max(-limit, Math.min(limit, action));
    }

    private void sellStopped() {
        for (int i = 0; i < assets; i++) {
            if (holdings[i] > 0) {
                double price = market.price(row, i);
                if (price > highWaterMarks[i]) {
                    highWaterMarks[i] = (float) price;
                }
                if (highWaterMarks[i] > 0 && price > 0 && price < highWaterMarks[i] * stopFactor) {
                    float quantity = holdings[i];
                    cash += price * quantity * sellFactor;
                    holdings[i] = 0;
                    cooldowns[i] = 0;
                    highWaterMarks[i] = 0;
                    record(FillSide.STOP_SALE, i, quantity, price);
                }
            }
        }
    }

    private void sellRequested() {
        for (int i = 0; i < assets; i++) {
            double price = market.price(row, i);
            if (requested[i] < -minimumOrders[i] && holdings[i] > 0 && price > 0) {
                float quantity = Math.min(holdings[i], -requested[i]);
                cooldowns[i] = 0;
                holdings[i] -= quantity;
                cash += price * quantity * sellFactor;
                if (holdings[i] == 0) {
                    highWaterMarks[i] = 0;
                }
                record(FillSide.SELL, i, quantity, price);
            }
        }
    }

    private void sellStale() {
        for (int i = 0; i < assets; i++) {
            if (cooldowns[i] >= rules.forcedSaleAfter()) {
                double price = market.price(row, i);
                float quantity = holdings[i] * forcedSaleFraction;
                cooldowns[i] = 0;
                holdings[i] -= quantity;
                cash += price * quantity * sellFactor;
                record(FillSide.FORCED_SALE, i, quantity, price);
            }
        }
    }

    private void buyRequested() {
        for (int i = 0; i < assets; i++) {
            double price = market.price(row, i);
            if (requested[i] > minimumOrders[i] && price > 0) {
                double available = Math.max(0, cash - reserve);
                double quantity = Math.min(available / buyFactor / price * rules.buySafety(), requested[i]);
                if (quantity < minimumOrders[i] || quantity <= 0) {
                    continue;
                }
                if (holdings[i] == 0) {
                    highWaterMarks[i] = (float) price;
                }
                holdings[i] = (float) (holdings[i] + quantity);
                cash -= price * quantity * buyFactor;
                record(FillSide.BUY, i, quantity, price);
            }
        }
    }

    private void clearStep() {
        fillCount = 0;
        tradedValue = 0;
        fees = 0;
    }

    private void record(FillSide side, int asset, double quantity, double price) {
        fillSides[fillCount] = side;
        fillAssets[fillCount] = asset;
        fillQuantities[fillCount] = quantity;
        fillCount++;
        tradedValue += price * quantity;
        fees += price * quantity * rules.feeRate();
    }

    private double valuation() {
        for (int i = 0; i < assets; i++) {
            worth[i] = holdings[i] * market.price(row, i);
        }
        return cash + NumpySum.of(worth);
    }

    /** The bar that was last stepped to; at the start {@code lookback - 1}. */
    public int row() {
        return row;
    }

    /** Steps from the start to the end of the data: rows - 2 * lookback. */
    public int stepsInAll() {
        return lastRow - (lookback - 1);
    }

    /** Whether the last bar that the original plays has been reached; further bars, if any, can still be stepped to. */
    public boolean isDone() {
        return row >= lastRow;
    }

    /** Cash in quote currency. */
    public double cash() {
        return cash;
    }

    /** Cash plus holdings at the current bar's prices. */
    public double equity() {
        return equity;
    }

    /** Units held of an asset. */
    public float holding(int asset) {
        return holdings[asset];
    }

    /** Number of assets. */
    public int assets() {
        return assets;
    }

    /** The quantity that the agent asked for in the last step, before any limit; negative to sell. */
    public float requested(int asset) {
        return requested[asset];
    }

    /** The smallest order of an asset; an order must be strictly larger. */
    public double minimumOrder(int asset) {
        return minimumOrders[asset];
    }

    /** Number of fills of the last step. */
    public int fillCount() {
        return fillCount;
    }

    /** Side of a fill of the last step, without allocating. */
    public FillSide fillSide(int fill) {
        checkFill(fill);
        return fillSides[fill];
    }

    /** A fill of the last step, in the order in which they happened. */
    public Fill fill(int fill) {
        checkFill(fill);
        double price = market.price(row, fillAssets[fill]);
        double quantity = fillQuantities[fill];
        return new Fill(row, fillAssets[fill], fillSides[fill], quantity, price, price * quantity * rules.feeRate());
    }

    /** All fills of the last step. */
    public List<Fill> fills() {
        List<Fill> fills = new ArrayList<>(fillCount);
        for (int i = 0; i < fillCount; i++) {
            fills.add(fill(i));
        }
        return fills;
    }

    /** Value bought and sold in the last step, both sides added, without fees. */
    public double tradedValue() {
        return tradedValue;
    }

    /** Fees paid in the last step. */
    public double fees() {
        return fees;
    }

    /** The market that is played. */
    public MarketData market() {
        return market;
    }

    /** The complete state, from which {@link #restore} continues bit by bit. */
    public EnvironmentSnapshot snapshot() {
        List<Float> held = new ArrayList<>(assets);
        List<Integer> cooling = new ArrayList<>(assets);
        List<Float> high = new ArrayList<>(assets);
        for (int i = 0; i < assets; i++) {
            held.add(holdings[i]);
            cooling.add(cooldowns[i]);
            high.add(highWaterMarks[i]);
        }
        return new EnvironmentSnapshot(row, cash, held, cooling, high);
    }

    /**
     * Continues from a snapshot, which must come from a game with the same rules, parameters and first bar.
     *
     * @throws EnvironmentException when it cannot be of this game; nothing has changed then
     */
    public void restore(EnvironmentSnapshot snapshot) {
        if (snapshot.holdings().size() != assets) {
            throw new EnvironmentException(
                    "the snapshot holds " + snapshot.holdings().size() + " assets, but the market data has " + assets
                            + ". Start with a fresh state directory.");
        }
        if (snapshot.row() < lookback - 1 || snapshot.row() >= market.rows()) {
            throw new EnvironmentException(
                    "the snapshot stands at row " + snapshot.row() + ", but the market data has rows "
                            + (lookback - 1) + " to " + (market.rows() - 1)
                            + " to stand at. Use the market data that it was taken on.");
        }
        row = snapshot.row();
        cash = snapshot.cash();
        for (int i = 0; i < assets; i++) {
            holdings[i] = snapshot.holdings().get(i);
            cooldowns[i] = snapshot.cooldowns().get(i);
            highWaterMarks[i] = snapshot.highWaterMarks().get(i);
        }
        clearStep();
        equity = valuation();
    }

    private void checkFill(int fill) {
        if (fill < 0 || fill >= fillCount) {
            throw new IndexOutOfBoundsException("the last step had " + fillCount + " fills, asked for number " + fill);
        }
    }
}
