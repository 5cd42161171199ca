package io.pipelinev2.backtest.environment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the game, the same for every trial. No number of the environment stands anywhere else.
 *
 * @param preset name under which the rules are known, for reports
 * @param initialCapital cash at the start, in quote currency
 * @param feeRate share of the traded value paid on each side
 * @param lots smallest order per asset in units, by column of the price array, before {@code lotFactor}
 * @param lotFactor multiplies the lots; an order must be strictly larger than lot times factor
 * @param buySafety share of what the cash could buy that may be bought at most
 * @param forcedSaleFraction share of a position sold when it was not sold from for {@code forcedSaleAfter} steps
 * @param forcedSaleAfter steps a position may be held without a sale
 * @param actionLimit actions are clipped to plus and minus this
 * @param trailingStop sell everything of an asset that fell this share below its high since entry; 0 is off
 * @param maxSteps a backtest ends after this many steps even when there are more bars
 * @param fills at which bar's price orders are filled
 * @param slippageBps how much worse than the price a fill is, in hundredths of a percent
 */
public record TradingRules(
        String preset,
        double initialCapital,
        double feeRate,
        List<Double> lots,
        double lotFactor,
        double buySafety,
        double forcedSaleFraction,
        int forcedSaleAfter,
        double actionLimit,
        double trailingStop,
        int maxSteps,
        Fills fills,
        double slippageBps) {

    /** The rules of the original Python environment. */
    public static final TradingRules ORIGINAL = new TradingRules(
            "original",
            500.0,
            0.0025,
            List.of(0.005, 0.03, 0.00001, 0.1, 0.0003, 0.01, 0.15),
            1.1,
            0.99,
            0.05,
            48,
            1000.0,
            0.0,
            10_000,
            Fills.SAME_BAR,
            0.0);

    /** More assets are not supported: beyond 128 NumPy adds numbers in yet another order. */
    private static final int MAX_ASSETS = 128;

    private static final List<String> KEYS = List.of("preset", "fills", "slippage_bps");

    /** Checks every rule on its own. */
    public TradingRules {
        lots = List.copyOf(lots);
        require(initialCapital > 0 && finite(initialCapital), "initial capital must be positive, was", initialCapital);
        require(feeRate >= 0 && feeRate < 1, "the fee rate must be at least 0 and below 1, was", feeRate);
        require(!lots.isEmpty() && lots.size() <= MAX_ASSETS, "there must be 1 to 128 lots, were", lots.size());
        for (double lot : lots) {
            require(lot >= 0 && finite(lot), "a lot must be finite and not negative, was", lot);
        }
        require(lotFactor > 0 && finite(lotFactor), "the lot factor must be positive, was", lotFactor);
        require(buySafety > 0 && buySafety <= 1, "buy safety must be above 0 and at most 1, was", buySafety);
        require(
                forcedSaleFraction >= 0 && forcedSaleFraction <= 1,
                "the forced sale must be a share from 0 to 1, was",
                forcedSaleFraction);
        require(forcedSaleAfter >= 1, "forced sales must come after at least 1 step, was", forcedSaleAfter);
        require(actionLimit > 0 && finite(actionLimit), "the action limit must be positive, was", actionLimit);
        require(
                trailingStop >= 0 && trailingStop < 1,
                "the trailing stop must be a share from 0 to 1, was",
                trailingStop);
        require(maxSteps >= 1, "a backtest must have at least 1 step, was", maxSteps);
        require(
                slippageBps == 0,
                "environment.slippage_bps must be 0, the only value supported so far; remove it or set it to 0. It was",
                slippageBps);
    }

    /**
     * The rules that the configuration's {@code environment} block asks for; an empty block means {@link #ORIGINAL}.
     *
     * @throws IllegalArgumentException listing every fault of the block at once
     */
    public static TradingRules from(Map<String, ?> environment) {
        List<String> faults = new ArrayList<>();
        for (String key : environment.keySet()) {
            if (!KEYS.contains(key)) {
                faults.add("environment." + key + " is not known; known are: " + String.join(", ", KEYS));
            }
        }
        @Nullable Object preset = environment.get("preset");
        if (preset != null && !preset.equals(ORIGINAL.preset())) {
            faults.add("environment.preset was '" + preset + "' but must be one of: " + ORIGINAL.preset());
        }
        TradingRules rules = ORIGINAL;
        @Nullable Object fills = environment.get("fills");
        if (fills != null) {
            try {
                rules = rules.withFills(Fills.of(fills.toString()));
            } catch (IllegalArgumentException fault) {
                faults.add(String.valueOf(fault.getMessage()));
            }
        }
        @Nullable Object slippage = environment.get("slippage_bps");
        if (slippage instanceof Number number) {
            try {
                rules = rules.withSlippageBps(number.doubleValue());
            } catch (IllegalArgumentException fault) {
                faults.add(String.valueOf(fault.getMessage()));
            }
        } else if (slippage != null) {
            faults.add("environment.slippage_bps was '" + slippage + "' but must be a number");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
        return rules;
    }

    /** The smallest order of an asset: an order must be strictly larger. In units of the asset. */
    public double minimumOrder(int asset) {
        return lots.get(asset) * lotFactor;
    }

    /** These rules with another way of filling orders. */
    public TradingRules withFills(Fills value) {
        return new TradingRules(
                preset,
                initialCapital,
                feeRate,
                lots,
                lotFactor,
                buySafety,
                forcedSaleFraction,
                forcedSaleAfter,
                actionLimit,
                trailingStop,
                maxSteps,
                value,
                slippageBps);
    }

    /** These rules with another slippage, in hundredths of a percent. */
    public TradingRules withSlippageBps(double value) {
        return new TradingRules(
                preset,
                initialCapital,
                feeRate,
                lots,
                lotFactor,
                buySafety,
                forcedSaleFraction,
                forcedSaleAfter,
                actionLimit,
                trailingStop,
                maxSteps,
                fills,
                value);
    }

    /** These rules with a trailing stop at this share below the high since entry; 0 switches it off. */
    public TradingRules withTrailingStop(double value) {
        return new TradingRules(
                preset,
                initialCapital,
                feeRate,
                lots,
                lotFactor,
                buySafety,
                forcedSaleFraction,
                forcedSaleAfter,
                actionLimit,
                value,
                maxSteps,
                fills,
                slippageBps);
    }

    /** These rules with other smallest orders, one per asset, in units before {@link #lotFactor()}. */
    public TradingRules withLots(List<Double> value) {
        return new TradingRules(
                preset,
                initialCapital,
                feeRate,
                value,
                lotFactor,
                buySafety,
                forcedSaleFraction,
                forcedSaleAfter,
                actionLimit,
                trailingStop,
                maxSteps,
                fills,
                slippageBps);
    }

    /** These rules with another limit on the number of steps. */
    public TradingRules withMaxSteps(int value) {
        return new TradingRules(
                preset,
                initialCapital,
                feeRate,
                lots,
                lotFactor,
                buySafety,
                forcedSaleFraction,
                forcedSaleAfter,
                actionLimit,
                trailingStop,
                value,
                fills,
                slippageBps);
    }

    /** The rules as JSON-like values, for results. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("preset", preset);
        map.put("initial_capital", initialCapital);
        map.put("fee_rate", feeRate);
        map.put("lots", lots);
        map.put("lot_factor", lotFactor);
        map.put("buy_safety", buySafety);
        map.put("forced_sale_fraction", forcedSaleFraction);
        map.put("forced_sale_after", forcedSaleAfter);
        map.put("action_limit", actionLimit);
        map.put("trailing_stop", trailingStop);
        map.put("max_steps", maxSteps);
        map.put("fills", fills.word());
        map.put("slippage_bps", slippageBps);
        return map;
    }

    private static boolean finite(double value) {
        return Double.isFinite(value);
    }

    private static void require(boolean holds, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(rule + " " + value);
        }
    }
}
