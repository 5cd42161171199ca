package io.pipelinev2.backtest.environment;

import io.pipelinev2.backtest.environment.TradingRules.Builder;
import java.util.function.DoublePredicate;
import java.util.function.ObjDoubleConsumer;
import java.util.function.ToDoubleFunction;

/**
 * Those of the {@link TradingRules} that are one number: under which key configuration and results have it, and what it may
 * be. Reading, checking and writing rules all go through this one table.
 */
@SuppressWarnings("ImmutableEnumChecker") // the functions have no state
public enum NumberRule {
    /** Cash at the start. */
    INITIAL_CAPITAL(
            "initial_capital", "above 0", value -> value > 0, TradingRules::initialCapital, Builder::initialCapital),
    /** Share of a trade's value that it costs. */
    FEE_RATE(
            "fee_rate",
            "at least 0 and below 1",
            value -> value >= 0 && value < 1,
            TradingRules::feeRate,
            Builder::feeRate),
    /** Multiplies the lots. */
    LOT_FACTOR("lot_factor", "above 0", value -> value > 0, TradingRules::lotFactor, Builder::lotFactor),
    /** Share of what cash could buy that may be bought. */
    BUY_SAFETY(
            "buy_safety",
            "above 0 and at most 1",
            value -> value > 0 && value <= 1,
            TradingRules::buySafety,
            Builder::buySafety),
    /** Share of the initial capital that buying leaves in cash. */
    MIN_CASH_RESERVE(
            "min_cash_reserve",
            "a share from 0 to 1",
            NumberRule::isShare,
            TradingRules::minCashReserve,
            Builder::minCashReserve),
    /** Share of a position that a forced sale sells. */
    FORCED_SALE_FRACTION(
            "forced_sale_fraction",
            "a share from 0 (no forced sales) to 1",
            NumberRule::isShare,
            TradingRules::forcedSaleFraction,
            Builder::forcedSaleFraction),
    /** Steps without a sale after which a forced one comes. */
    FORCED_SALE_AFTER(
            "forced_sale_after",
            "a whole number of at least 1",
            NumberRule::isCount,
            TradingRules::forcedSaleAfter,
            (builder, value) -> builder.forcedSaleAfter((int) value)),
    /** Bound of an action. */
    ACTION_LIMIT("action_limit", "above 0", value -> value > 0, TradingRules::actionLimit, Builder::actionLimit),
    /** Fall below the high since entry at which everything is sold. */
    TRAILING_STOP(
            "trailing_stop",
            "at least 0 (no stop) and below 1",
            value -> value >= 0 && value < 1,
            TradingRules::trailingStop,
            Builder::trailingStop),
    /** Largest share of the equity that buying may bring a position to. */
    MAX_POSITION(
            "max_position",
            "a share from 0 (no cap) to 1",
            NumberRule::isShare,
            TradingRules::maxPosition,
            Builder::maxPosition),
    /** Steps after which a backtest ends. */
    MAX_STEPS(
            "max_steps",
            "a whole number of at least 1",
            NumberRule::isCount,
            TradingRules::maxSteps,
            (builder, value) -> builder.maxSteps((int) value)),
    /** How much worse than the price a fill is. */
    SLIPPAGE_BPS(
            "slippage_bps",
            "at least 0 and below 10000",
            value -> value >= 0 && value < 10_000,
            TradingRules::slippageBps,
            Builder::slippageBps);

    private final String key;
    private final String words;
    private final DoublePredicate allowed;
    private final ToDoubleFunction<TradingRules> value;
    private final ObjDoubleConsumer<Builder> set;

    NumberRule(
            String key,
            String words,
            DoublePredicate allowed,
            ToDoubleFunction<TradingRules> value,
            ObjDoubleConsumer<Builder> set) {
        this.key = key;
        this.words = words;
        this.allowed = allowed;
        this.value = value;
        this.set = set;
    }

    /** The key in configuration and results, such as {@code fee_rate}. */
    public String key() {
        return key;
    }

    /** What the number must be; continues "must be". */
    public String words() {
        return words;
    }

    /** Whether the rule may have this value; never for what is not finite. */
    public boolean allows(double number) {
        return Double.isFinite(number) && allowed.test(number);
    }

    /** The value that rules have. */
    public double of(TradingRules rules) {
        return value.applyAsDouble(rules);
    }

    /**
     * Gives the rule a value.
     *
     * @throws IllegalArgumentException when it is not allowed
     */
    public void set(Builder builder, double number) {
        require(number);
        // Minus zero equals zero to the rule, but not to a record's equals.
        set.accept(builder, number + 0.0);
    }

    void require(double number) {
        if (!allows(number)) {
            throw new IllegalArgumentException("environment." + key + " was " + number + " but must be " + words);
        }
    }

    private static boolean isShare(double value) {
        return value >= 0 && value <= 1;
    }

    private static boolean isCount(double value) {
        return value >= 1 && value <= Integer.MAX_VALUE && value == Math.rint(value);
    }
}
