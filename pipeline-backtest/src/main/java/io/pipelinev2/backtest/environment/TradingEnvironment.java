package io.pipelinev2.backtest.environment;

import io.pipelinev2.backtest.environment.OrderGuard.Moment;
import io.pipelinev2.backtest.market.MarketData;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
 * <p>A backtest plays {@linkplain #TradingEnvironment(MarketData, TradingRules, AgentParameters) bars that are all known},
 * a trader plays {@linkplain #growing bars as they come}: the same game, which then has no end. What forbids orders from
 * outside is an {@link OrderGuard}.
 *
 * <p>An instance belongs to one thread. Nothing is allocated per step; figures of the last step ({@link #fillCount()},
 * {@link #requested(int)}, {@link #tradedValue()}, {@link #fees()}) are overwritten by the next one.
 */
public final class TradingEnvironment {

    private static final FillSide[] SIDES = FillSide.values();

    private final MarketData market;
    // The bars after those of the market, if it grows. A null check costs a backtest nothing; a call through an
    // interface
    // would.
    private final @Nullable BarWindow window;
    private @Nullable OrderGuard guard;
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
        this(market, rules, parameters, false);
        if (market.rows() <= 2L * lookback) {
            throw new EnvironmentException("The market data has " + market.rows() + " bars, but a lookback of "
                    + lookback + " needs more than " + 2L * lookback
                    + " (twice the lookback). Use a longer range of bars.");
        }
        reset();
    }

    /**
     * A game over a market that grows, which stands at its start: the last of the bars that it begins with. Each further bar
     * is {@linkplain #append appended} and then stepped to. No more bars are held than an observation needs.
     *
     * @param beginning as many bars as the lookback; the first of them sets the size of orders, as ever
     * @throws EnvironmentException as the constructor does, and when it is another number of bars
     */
    public static TradingEnvironment growing(MarketData beginning, TradingRules rules, AgentParameters parameters) {
        if (beginning.rows() != parameters.lookback()) {
            throw new EnvironmentException("A game begins with as many bars as its lookback of " + parameters.lookback()
                    + ", but was given " + beginning.rows());
        }
        TradingEnvironment environment = new TradingEnvironment(beginning, rules, parameters, true);
        environment.reset();
        return environment;
    }

    private TradingEnvironment(MarketData market, TradingRules rules, AgentParameters parameters, boolean grows) {
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
        this.window = grows ? new BarWindow(assets, market.features(), lookback) : null;
        this.lastRow = grows ? Integer.MAX_VALUE : market.rows() - lookback - 1;
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
    }

    /** Back to the start: all cash, nothing held. */
    public void reset() {
        if (window != null) {
            window.fill(market, lookback - 1);
        }
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
                double value = window == null ? market.tech(row - back, column) : window.tech(row - back, column);
                state[at++] = (float) (value * normTech);
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
     * Adds the bar after the current one to a {@linkplain #growing market that grows}; it is then stepped to.
     *
     * @param prices one per asset, positive and finite; copied
     * @param tech the features of all assets, finite; copied
     * @throws EnvironmentException when there is a bar already that was not stepped to, or a value breaks a rule: nothing
     *     has changed then
     */
    public void append(double[] prices, double[] tech) {
        if (window == null) {
            throw new EnvironmentException("the bars of this game are all known; none can be added");
        }
        if (window.rows() > row + 1) {
            throw new EnvironmentException(
                    "the bar of row " + (row + 1) + " must be stepped to before another is added");
        }
        if (prices.length != assets || tech.length != market.features()) {
            throw new EnvironmentException("a bar of this market has " + assets + " prices and " + market.features()
                    + " features, but was given " + prices.length + " and " + tech.length);
        }
        for (double price : prices) {
            if (!(price > 0) || price == Double.POSITIVE_INFINITY) {
                throw new EnvironmentException(
                        "a price must be positive and finite, but the bar of row " + (row + 1) + " has " + price);
            }
        }
        for (double value : tech) {
            if (!Double.isFinite(value)) {
                throw new EnvironmentException(
                        "a feature must be finite, but the bar of row " + (row + 1) + " has " + value);
            }
        }
        window.append(prices, tech);
    }

    /**
     * Who is asked before each order from now on, or nobody. It belongs to the game, not to its state: {@link #reset} and
     * {@link #restore} keep it.
     */
    public void guard(@Nullable OrderGuard value) {
        guard = value;
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
        enterNextBar();
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
        leaveBar();
    }

    /**
     * Moves to the next bar and sells every holding in full there, at its price with slippage and fee, by whichever rules
     * orders are filled otherwise. The agent is not asked, no guard is, and orders that wait lapse.
     *
     * @throws EnvironmentException when there is no next bar: nothing has changed then
     */
    public void liquidate() {
        requireNextBar();
        enterNextBar();
        forgetDecisions();
        for (int i = 0; i < assets; i++) {
            if (holdings[i] > 0) {
                sell(FillSide.LIQUIDATION, i, holdings[i]);
            }
        }
        leaveBar();
    }

    private void enterNextBar() {
        clearStep();
        moveTo(row + 1);
        for (int i = 0; i < assets; i++) {
            cooldowns[i] += holdings[i] > 0 ? 1 : 0;
        }
    }

    private void leaveBar() {
        equity = valuation();
        if (!Double.isFinite(equity)) {
            throw new EnvironmentException("the equity became " + equity + " at row " + row + " of " + market
                    + ": prices there are too large or too small to trade at. Check that bar.");
        }
    }

    private boolean refused(Moment moment, FillSide side, int asset, double quantity) {
        return guard != null
                && !guard.permits(
                        moment, side, asset, quantity, prices[asset] * (side.buys() ? buySlippage : sellSlippage));
    }

    /** Under fills at the next bar an order waits, and whoever guards orders is asked when it begins to. */
    private boolean refusedToWait(FillSide side, int asset, double quantity) {
        return fillsNextBar && refused(Moment.PLACED, side, asset, quantity);
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
        requireNextBar();
    }

    private void requireNextBar() {
        if (row + 1 >= (window == null ? market.rows() : window.rows())) {
            throw new EnvironmentException("there is no bar after row " + row + " in " + market);
        }
    }

    private void moveTo(int next) {
        row = next;
        for (int i = 0; i < assets; i++) {
            prices[i] = window == null ? market.price(next, i) : window.price(next, i);
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
                if (highWaterMarks[i] > 0
                        && prices[i] < highWaterMarks[i] * stopFactor
                        && !refusedToWait(FillSide.STOP_SALE, i, holdings[i])) {
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
                fillSale(FillSide.STOP_SALE, i, holdings[i]);
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
        if (fillsNextBar && guard != null) {
            dropRefusedOrders();
        }
    }

    private void dropRefusedOrders() {
        for (int i = 0; i < assets; i++) {
            if (sells(i)
                    ? refusedToWait(FillSide.SELL, i, -orders[i])
                    : orders[i] > minimumOrders[i] && refusedToWait(FillSide.BUY, i, orders[i])) {
                orders[i] = 0;
            }
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
                fillSale(FillSide.SELL, i, holdings[i] < -orders[i] ? holdings[i] : -orders[i]);
            }
        }
    }

    private boolean sells(int asset) {
        return orders[asset] < -minimumOrders[asset] && holdings[asset] > 0;
    }

    private void decideForcedSales() {
        for (int i = 0; i < assets; i++) {
            // Of what is about to be sold anyway nothing more is.
            if (cooldowns[i] >= forcedSaleAfter
                    && !stopSales[i]
                    && !sells(i)
                    && holdings[i] * forcedSaleFraction > 0
                    && !refusedToWait(FillSide.FORCED_SALE, i, holdings[i] * forcedSaleFraction)) {
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
                fillSale(FillSide.FORCED_SALE, i, holdings[i] * forcedSaleFraction);
            }
        }
    }

    private void fillSale(FillSide side, int asset, float quantity) {
        if (!refused(Moment.FILLED, side, asset, quantity)) {
            sell(side, asset, quantity);
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
                    if (quantity >= minimumOrders[i]
                            && quantity > 0
                            && !refused(Moment.FILLED, FillSide.BUY, i, quantity)) {
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
        return valuation(cash, holdings, prices);
    }

    /**
     * What an account is worth, added up in the order in which this game does.
     *
     * @param cash in quote currency
     * @param holdings units per asset
     * @param prices per unit, as many
     */
    public static double valuation(double cash, float[] holdings, double[] prices) {
        return cash + NumpySum.ofProducts(holdings, prices);
    }

    /** The bar that was last stepped to; at the start {@code lookback - 1}. */
    public int row() {
        return row;
    }

    /** Steps from the start to the end of the data: rows - 2 * lookback. Without end where the market grows. */
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

    /** The market that is played; of one that grows, the bars that the game began with. */
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
            case LIQUIDATION -> 0;
        };
    }

    /**
     * Continues from a snapshot, which must come from a game with the same rules, parameters and first bar.
     *
     * @throws EnvironmentException when it cannot be of this game; nothing has changed then
     */
    public void restore(EnvironmentSnapshot snapshot) {
        if (window != null) {
            throw new EnvironmentException("a market that grows is restored with its newest bars");
        }
        if (snapshot.row() >= market.rows()) {
            throw outside(snapshot, market.rows());
        }
        takeOver(snapshot, market);
    }

    /**
     * As {@link #restore(EnvironmentSnapshot)}, in a market that grows.
     *
     * @param newest as many bars as the lookback; the last is the one that the snapshot stands at
     */
    public void restore(EnvironmentSnapshot snapshot, MarketData newest) {
        if (window == null) {
            throw new EnvironmentException("the bars of this game are all known; it is restored without any");
        }
        if (newest.rows() != lookback || newest.assets() != assets || newest.features() != market.features()) {
            throw new EnvironmentException(
                    "a game with a lookback of " + lookback + " over " + market + " is not restored with " + newest);
        }
        takeOver(snapshot, newest);
    }

    private EnvironmentException outside(EnvironmentSnapshot snapshot, int rows) {
        return new EnvironmentException("the snapshot stands at row " + snapshot.row()
                + ", but the market data has rows " + (lookback - 1) + " to " + (rows - 1)
                + " to stand at. Use the market data that it was taken on.");
    }

    private void takeOver(EnvironmentSnapshot snapshot, MarketData newest) {
        if (snapshot.holdings().size() != assets) {
            throw new EnvironmentException(
                    "the snapshot holds " + snapshot.holdings().size() + " assets, but the market data has " + assets
                            + ". Start with a fresh state directory.");
        }
        if (snapshot.row() < lookback - 1) {
            throw outside(snapshot, newest.rows());
        }
        if (!fillsNextBar && !snapshot.pending().isEmpty()) {
            throw new EnvironmentException(
                    "the snapshot has " + snapshot.pending().size()
                            + " orders that wait for the next bar, but the rules fill "
                            + rules.fills().word()
                            + ". Use the rules that it was taken under.");
        }
        if (window != null) {
            window.fill(newest, snapshot.row());
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
            case LIQUIDATION -> throw new EnvironmentException("a liquidation waits for no bar");
        }
    }

    private void checkFill(int fill) {
        if (fill < 0 || fill >= fillCount) {
            throw new IndexOutOfBoundsException("the last step had " + fillCount + " fills, asked for number " + fill);
        }
    }
}
