package io.pipelinev2.backtest.environment;

import io.pipelinev2.backtest.market.MarketData;
import java.util.ArrayList;
import java.util.List;

/**
 * The market as one agent plays it, one bar per step: the same class for backtest, stress test and paper trader.
 *
 * <p>With the rules {@link TradingRules#ORIGINAL} a replay of stored actions gives the original environment's cash,
 * holdings and equity under NumPy 2 bit by bit. For that the types matter: prices and cash are doubles; holdings,
 * actions, order scale and high-water marks are floats; a float times a Python number stays a float. The same holds for the
 * original's trailing stop and position cap. Slippage and fills at the next bar are not the original's; without slippage
 * prices are multiplied by one, which changes no bit.
 *
 * <p>Three things are decided at each bar, in this order: the <b>trailing stop</b> (everything of an asset is sold that fell
 * by more than a share below its highest price since entry), the agent's <b>orders</b> (purchases trimmed by the position
 * cap), and <b>forced sales</b> (a share of each position not sold from for too long). Each kind is filled by column, and
 * cash is counted anew for each purchase, so that lower columns buy first. Under {@link Fills#SAME_BAR} a decision is filled
 * at the bar where it is taken and seen by the decisions after it; under {@link Fills#NEXT_BAR} all of them are filled
 * together when the next step begins, at the price of the bar that it moves to.
 *
 * <p>An instance belongs to one thread. Nothing is allocated per step; figures of the last step ({@link #fillCount()},
 * {@link #requested(int)}, {@link #tradedValue()}, {@link #fees()}) are overwritten by the next one.
 */
public final class TradingEnvironment {

    private static final FillSide[] SIDES = FillSide.values();

    private final MarketData market;
    private final TradingRules rules;
    private final AgentParameters parameters;
    private final int assets;
    private final int lookback;
    private final int lastRow;
    private final boolean fillsNextBar;
    private final boolean stops;
    private final boolean capsPositions;
    private final double[] minimumOrders;
    private final float[] scale;
    private final float actionLimit;
    private final double feeRate;
    private final double buyFactor;
    private final double sellFactor;
    private final double buySafety;
    private final double buySlippage;
    private final double sellSlippage;
    private final double reserve;
    private final float forcedSaleFraction;
    private final int forcedSaleAfter;
    private final float stopFactor;

    private int row;
    private double cash;
    private final double[] prices;
    private final float[] holdings;
    private final int[] cooldowns;
    private final float[] highWaterMarks;
    private double equity;

    // What is decided and not filled yet.
    private final float[] orders;
    private final boolean[] stopSales;
    private int stopSaleCount;
    private final boolean[] forcedSales;
    private int forcedSaleCount;

    private final float[] requested;
    private int fillCount;
    private final byte[] fillSides;
    private final int[] fillAssets;
    private final double[] fillQuantities;
    private double tradedValue;
    private double fees;

    /**
     * A game that stands at its start.
     *
     * @throws EnvironmentException when there are more assets than lots in the rules, not more than two lookbacks of bars,
     *     or a first price from which no order size follows
     */
    public TradingEnvironment(MarketData market, TradingRules rules, AgentParameters parameters) {
        this.market = market;
        this.rules = rules;
        this.parameters = parameters;
        this.assets = market.assets();
        AssetOrder.check(market.assetNames(), rules.assets());
        this.lookback = parameters.lookback();
        if (assets > rules.lots().count()) {
            throw new EnvironmentException("The market data has " + assets + " assets, but the rules '" + rules.preset()
                    + "' know the smallest order of " + rules.lots().count()
                    + " only. Use market data with the assets of the training, or set environment.lots.");
        }
        if (market.rows() <= 2L * lookback) {
            throw new EnvironmentException("The market data has " + market.rows() + " bars, but a lookback of "
                    + lookback + " needs more than " + 2L * lookback
                    + " (twice the lookback). Use a longer range of bars.");
        }
        this.lastRow = market.rows() - lookback - 1;
        this.fillsNextBar = rules.fills() == Fills.NEXT_BAR;
        this.stops = rules.trailingStop() > 0;
        this.capsPositions = rules.maxPosition() > 0;
        this.minimumOrders = new double[assets];
        this.scale = new float[assets];
        for (int i = 0; i < assets; i++) {
            minimumOrders[i] = rules.minimumOrder(i);
            // The original scales by the very first bar, not by the bar where the game starts.
            scale[i] = (float) (rules.initialCapital() / (market.price(0, i) * parameters.normAction()));
            if (!Float.isFinite(scale[i] * (float) rules.actionLimit())) {
                throw new EnvironmentException("Asset " + i + " costs " + market.price(0, i)
                        + " at the first bar, so that an order of " + rules.initialCapital() + " / "
                        + parameters.normAction() + " is of infinite size. Check that bar.");
            }
        }
        this.actionLimit = (float) rules.actionLimit();
        this.feeRate = rules.feeRate();
        this.buyFactor = 1 + rules.feeRate();
        this.sellFactor = 1 - rules.feeRate();
        this.buySafety = rules.buySafety();
        this.buySlippage = 1 + rules.slippageBps() / 10_000;
        this.sellSlippage = 1 - rules.slippageBps() / 10_000;
        this.reserve = rules.initialCapital() * parameters.minCashReserve();
        this.forcedSaleFraction = (float) rules.forcedSaleFraction();
        this.forcedSaleAfter = rules.forcedSaleAfter();
        this.stopFactor = (float) (1 - rules.trailingStop());
        this.prices = new double[assets];
        this.holdings = new float[assets];
        this.cooldowns = new int[assets];
        this.highWaterMarks = new float[assets];
        this.orders = new float[assets];
        this.stopSales = new boolean[assets];
        this.forcedSales = new boolean[assets];
        this.requested = new float[assets];
        // One fill per asset for each side at most.
        int maxFills = SIDES.length * assets;
        this.fillSides = new byte[maxFills];
        this.fillAssets = new int[maxFills];
        this.fillQuantities = new double[maxFills];
        reset();
    }

    /** Back to the start: all cash, nothing held. */
    public void reset() {
        moveTo(lookback - 1);
        cash = rules.initialCapital();
        for (int i = 0; i < assets; i++) {
            holdings[i] = 0;
            cooldowns[i] = 0;
            highWaterMarks[i] = 0;
        }
        forgetDecisions();
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
        observeAccount(state);
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
     * Writes the part of the observation that depends on the account: cash and holdings, scaled as {@link #observe} does.
     *
     * @param account its first 1 + {@link #assets()} values are written, further ones are left as they are
     */
    public void observeAccount(float[] account) {
        if (account.length <= assets) {
            throw new EnvironmentException(
                    "an account has " + (1 + assets) + " values, but the array has " + account.length);
        }
        account[0] = (float) (cash * parameters.normCash());
        double normStocks = parameters.normStocks();
        for (int i = 0; i < assets; i++) {
            account[1 + i] = (float) (holdings[i] * normStocks);
        }
    }

    /**
     * Moves to the next bar, decides there what to trade, and fills what is due, as the class describes.
     *
     * @param action one value per asset; times the order scale it is the quantity to buy (positive) or sell
     * @throws EnvironmentException when the action is of the wrong length or not finite, or when there is no next bar:
     *     nothing has changed then; also when the equity leaves the range of a double, which ends the game
     */
    public void step(float[] action) {
        requirePlayable(action);
        clearStep();
        moveTo(row + 1);
        for (int i = 0; i < assets; i++) {
            cooldowns[i] += holdings[i] > 0 ? 1 : 0;
        }
        if (fillsNextBar) {
            fillStopSales();
            fillSales();
            fillForcedSales();
            fillPurchases();
            decideStopSales();
            decideOrders(action);
            decideForcedSales();
        } else {
            decideStopSales();
            fillStopSales();
            decideOrders(action);
            fillSales();
            decideForcedSales();
            fillForcedSales();
            fillPurchases();
        }
        equity = valuation();
        if (!Double.isFinite(equity)) {
            throw new EnvironmentException("the equity became " + equity + " at row " + row + " of " + market
                    + ": prices there are too large or too small to trade at. Check that bar.");
        }
    }

    private void requirePlayable(float[] action) {
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
    }

    private void moveTo(int next) {
        row = next;
        for (int i = 0; i < assets; i++) {
            prices[i] = market.price(next, i);
        }
    }

    private void decideStopSales() {
        if (!stops) {
            return;
        }
        for (int i = 0; i < assets; i++) {
            if (holdings[i] > 0) {
                if (prices[i] > highWaterMarks[i]) {
                    highWaterMarks[i] = (float) prices[i];
                }
                if (highWaterMarks[i] > 0 && prices[i] < highWaterMarks[i] * stopFactor) {
                    stopSales[i] = true;
                    stopSaleCount++;
                }
            }
        }
    }

    private void fillStopSales() {
        for (int i = 0; stopSaleCount > 0; i++) {
            if (stopSales[i]) {
                stopSales[i] = false;
                stopSaleCount--;
                sell(FillSide.STOP_SALE, i, holdings[i]);
            }
        }
    }

    private void decideOrders(float[] action) {
        for (int i = 0; i < assets; i++) {
            float wanted = clipped(action[i]) * scale[i];
            requested[i] = wanted;
            orders[i] = wanted;
        }
        if (capsPositions) {
            capPurchases();
        }
    }

    // Math.min and max look at signs of zero and at NaN, neither of which matters here.
    private float clipped(float action) {
        return action > actionLimit ? actionLimit : action < -actionLimit ? -actionLimit : action;
    }

    /** Counts what the agent held before any order of this bar, at this bar's prices. */
    private void capPurchases() {
        double total = valuation();
        for (int i = 0; i < assets; i++) {
            double held = holdings[i] * prices[i];
            if (orders[i] > 0 && (held + orders[i] * prices[i]) / total > rules.maxPosition()) {
                double room = (rules.maxPosition() * total - held) / prices[i];
                orders[i] = (float) Math.max(0, Math.min(orders[i], room));
            }
        }
    }

    private void fillSales() {
        for (int i = 0; i < assets; i++) {
            if (sells(i)) {
                sell(FillSide.SELL, i, holdings[i] < -orders[i] ? holdings[i] : -orders[i]);
            }
        }
    }

    private boolean sells(int asset) {
        return orders[asset] < -minimumOrders[asset] && holdings[asset] > 0;
    }

    private void decideForcedSales() {
        for (int i = 0; i < assets; i++) {
            // Of what is about to be sold anyway nothing more is.
            if (cooldowns[i] >= forcedSaleAfter && !stopSales[i] && !sells(i) && holdings[i] * forcedSaleFraction > 0) {
                forcedSales[i] = true;
                forcedSaleCount++;
            }
        }
    }

    private void fillForcedSales() {
        for (int i = 0; forcedSaleCount > 0; i++) {
            if (forcedSales[i]) {
                forcedSales[i] = false;
                forcedSaleCount--;
                sell(FillSide.FORCED_SALE, i, holdings[i] * forcedSaleFraction);
            }
        }
    }

    private void sell(FillSide side, int asset, float quantity) {
        double value = prices[asset] * sellSlippage * quantity;
        cooldowns[asset] = 0;
        holdings[asset] -= quantity;
        cash += value * sellFactor;
        if (holdings[asset] == 0) {
            highWaterMarks[asset] = 0;
        }
        record(side, asset, quantity, value);
    }

    private void fillPurchases() {
        for (int i = 0; i < assets; i++) {
            if (orders[i] > minimumOrders[i]) {
                double price = prices[i] * buySlippage;
                double available = cash - reserve;
                // Without cash for the smallest order, which is common, two divisions are saved.
                if (available >= minimumOrders[i] * price) {
                    double affordable = available / buyFactor / price * buySafety;
                    double quantity = affordable < orders[i] ? affordable : orders[i];
                    if (quantity >= minimumOrders[i] && quantity > 0) {
                        buy(i, quantity, price * quantity);
                    }
                }
            }
        }
    }

    private void buy(int asset, double quantity, double value) {
        if (holdings[asset] == 0) {
            highWaterMarks[asset] = (float) prices[asset];
        }
        holdings[asset] = (float) (holdings[asset] + quantity);
        // With a buy safety of 1 rounding could spend a hair more than there is.
        double rest = cash - value * buyFactor;
        cash = rest > 0 ? rest : 0;
        record(FillSide.BUY, asset, quantity, value);
    }

    private void clearStep() {
        fillCount = 0;
        tradedValue = 0;
        fees = 0;
    }

    private void forgetDecisions() {
        for (int i = 0; i < assets; i++) {
            orders[i] = 0;
            stopSales[i] = false;
            forcedSales[i] = false;
            requested[i] = 0;
        }
        stopSaleCount = 0;
        forcedSaleCount = 0;
    }

    private void record(FillSide side, int asset, double quantity, double value) {
        fillSides[fillCount] = (byte) side.ordinal();
        fillAssets[fillCount] = asset;
        fillQuantities[fillCount] = quantity;
        fillCount++;
        tradedValue += value;
        fees += value * feeRate;
    }

    private double valuation() {
        return cash + NumpySum.ofProducts(holdings, prices);
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
        return SIDES[fillSides[fill]];
    }

    /** A fill of the last step, in the order in which they happened. */
    public Fill fill(int fill) {
        checkFill(fill);
        int asset = fillAssets[fill];
        FillSide side = SIDES[fillSides[fill]];
        double price = prices[asset] * (side.buys() ? buySlippage : sellSlippage);
        double quantity = fillQuantities[fill];
        return new Fill(row, asset, side, quantity, price, price * quantity * feeRate);
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
        return new EnvironmentSnapshot(row, cash, held, cooling, high, pendingOrders());
    }

    /**
     * What was decided at this bar and is filled at the next one, in the order in which it will be; always empty under
     * {@link Fills#SAME_BAR}. At the end of the data these orders lapse.
     */
    public List<PendingOrder> pendingOrders() {
        List<PendingOrder> pending = new ArrayList<>();
        if (fillsNextBar) {
            for (FillSide side : List.of(FillSide.STOP_SALE, FillSide.SELL, FillSide.FORCED_SALE, FillSide.BUY)) {
                for (int i = 0; i < assets; i++) {
                    float quantity = pendingQuantity(side, i);
                    if (quantity > 0) {
                        pending.add(new PendingOrder(i, side, quantity));
                    }
                }
            }
        }
        return pending;
    }

    private float pendingQuantity(FillSide side, int asset) {
        return switch (side) {
            case STOP_SALE -> stopSales[asset] ? holdings[asset] : 0;
            case SELL -> sells(asset) ? -orders[asset] : 0;
            case FORCED_SALE -> forcedSales[asset] ? holdings[asset] * forcedSaleFraction : 0;
            case BUY -> orders[asset] > minimumOrders[asset] ? orders[asset] : 0;
        };
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
        if (!fillsNextBar && !snapshot.pending().isEmpty()) {
            throw new EnvironmentException(
                    "the snapshot has " + snapshot.pending().size()
                            + " orders that wait for the next bar, but the rules fill "
                            + rules.fills().word()
                            + ". Use the rules that it was taken under.");
        }
        moveTo(snapshot.row());
        cash = snapshot.cash();
        for (int i = 0; i < assets; i++) {
            holdings[i] = snapshot.holdings().get(i);
            cooldowns[i] = snapshot.cooldowns().get(i);
            highWaterMarks[i] = snapshot.highWaterMarks().get(i);
        }
        forgetDecisions();
        snapshot.pending().forEach(this::decide);
        clearStep();
        equity = valuation();
    }

    private void decide(PendingOrder order) {
        int asset = order.asset();
        switch (order.side()) {
            case BUY -> orders[asset] = order.quantity();
            case SELL -> orders[asset] = -order.quantity();
            case STOP_SALE -> {
                stopSaleCount += stopSales[asset] ? 0 : 1;
                stopSales[asset] = true;
            }
            case FORCED_SALE -> {
                forcedSaleCount += forcedSales[asset] ? 0 : 1;
                forcedSales[asset] = true;
            }
        }
    }

    private void checkFill(int fill) {
        if (fill < 0 || fill >= fillCount) {
            throw new IndexOutOfBoundsException("the last step had " + fillCount + " fills, asked for number " + fill);
        }
    }
}
