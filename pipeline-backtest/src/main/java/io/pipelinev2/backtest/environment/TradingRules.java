package io.pipelinev2.backtest.environment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the game, the same for every trial. No number of the environment stands anywhere else.
 *
 * <p>Other rules are made from known ones:
 *
 * <pre>{@code
 * TradingRules honest = TradingRules.ORIGINAL.with(rules -> rules.fills(Fills.NEXT_BAR).slippageBps(5));
 * }</pre>
 */
public final class TradingRules {

    /** The rules of the original Python environment. */
    public static final TradingRules ORIGINAL = new Builder(
                    "original",
                    new Lots(
                            List.of(0.005, 0.03, 0.00001, 0.1, 0.0003, 0.01, 0.15),
                            List.of("AAVE", "AVAX", "BTC", "LINK", "ETH", "LTC", "UNI")),
                    Fills.SAME_BAR)
            .initialCapital(500)
            .feeRate(0.0025)
            .lotFactor(1.1)
            .buySafety(0.99)
            .minCashReserve(0.1)
            .forcedSaleFraction(0.05)
            .forcedSaleAfter(48)
            .actionLimit(1000)
            .trailingStop(0)
            .maxPosition(0)
            .maxSteps(10_000)
            .slippageBps(0)
            .build();

    private final String preset;
    private final double initialCapital;
    private final double feeRate;
    private final Lots lots;
    private final double lotFactor;
    private final double buySafety;
    private final double minCashReserve;
    private final double forcedSaleFraction;
    private final int forcedSaleAfter;
    private final double actionLimit;
    private final double trailingStop;
    private final double maxPosition;
    private final int maxSteps;
    private final Fills fills;
    private final double slippageBps;

    private TradingRules(Builder builder) {
        preset = builder.preset;
        initialCapital = builder.initialCapital;
        feeRate = builder.feeRate;
        lots = builder.lots;
        lotFactor = builder.lotFactor;
        buySafety = builder.buySafety;
        minCashReserve = builder.minCashReserve;
        forcedSaleFraction = builder.forcedSaleFraction;
        forcedSaleAfter = builder.forcedSaleAfter;
        actionLimit = builder.actionLimit;
        trailingStop = builder.trailingStop;
        maxPosition = builder.maxPosition;
        maxSteps = builder.maxSteps;
        fills = builder.fills;
        slippageBps = builder.slippageBps;
    }

    /**
     * The rules that a configuration's {@code environment} block or a result's record of it describes. What is absent is as
     * the preset has it, and the preset {@link #ORIGINAL} when that is absent too. {@code lots} without {@code assets} are
     * lots of unknown assets.
     *
     * @throws IllegalArgumentException listing every fault of the block at once
     */
    public static TradingRules from(Map<String, ? extends @Nullable Object> environment) {
        return new RulesReader(environment).read();
    }

    /**
     * The rules that a result recorded, of this version or an earlier one: what was not recorded is as in {@link #ORIGINAL},
     * and what is no rule is passed over.
     *
     * @throws EnvironmentException listing every fault
     */
    public static TradingRules recorded(Map<?, ?> recorded) {
        Map<String, Object> rules = new LinkedHashMap<>();
        for (String name : ORIGINAL.toMap().keySet()) {
            Object value = recorded.get(name);
            if (value != null) {
                rules.put(name, value);
            }
        }
        try {
            return from(rules);
        } catch (IllegalArgumentException faults) {
            throw new EnvironmentException("The recorded rules of the environment cannot be used: "
                    + faults.getMessage() + ". Run `revalidate` to have them recorded anew.");
        }
    }

    /**
     * These rules with some changed.
     *
     * @throws IllegalArgumentException naming the first changed rule that is not allowed
     */
    public TradingRules with(UnaryOperator<Builder> changes) {
        return changes.apply(toBuilder()).build();
    }

    /** A builder that has these rules already. */
    public Builder toBuilder() {
        Builder builder = new Builder(preset, lots, fills);
        for (NumberRule rule : NumberRule.values()) {
            rule.set(builder, rule.of(this));
        }
        return builder;
    }

    /** Name of the rules that these were made from, for reports. */
    public String preset() {
        return preset;
    }

    /** Cash at the start, in quote currency. */
    public double initialCapital() {
        return initialCapital;
    }

    /** Share of the traded value paid on each side. */
    public double feeRate() {
        return feeRate;
    }

    /** Smallest order per asset, before {@link #lotFactor()}. */
    public Lots lots() {
        return lots;
    }

    /** Names of the assets in the order of the price columns; empty when they are not known. */
    public List<String> assets() {
        return lots.assets();
    }

    /** Multiplies the lots; an order must be strictly larger than lot times factor. */
    public double lotFactor() {
        return lotFactor;
    }

    /** The smallest order of an asset: an order must be strictly larger. In units of the asset. */
    public double minimumOrder(int asset) {
        return lots.sizes().get(asset) * lotFactor;
    }

    /** Share of what the cash could buy that may be bought at most. */
    public double buySafety() {
        return buySafety;
    }

    /** Share of the initial capital that buying must leave in cash, for trials whose parameters do not say. */
    public double minCashReserve() {
        return minCashReserve;
    }

    /** Share of a position sold when it was not sold from for {@link #forcedSaleAfter()} steps. */
    public double forcedSaleFraction() {
        return forcedSaleFraction;
    }

    /** Steps that a position may be held without a sale. */
    public int forcedSaleAfter() {
        return forcedSaleAfter;
    }

    /** Actions are clipped to plus and minus this. */
    public double actionLimit() {
        return actionLimit;
    }

    /** Everything of an asset is sold that fell by more than this share below its high since entry; 0 is off. */
    public double trailingStop() {
        return trailingStop;
    }

    /** Buying may not bring a position above this share of the equity; 0 is off. */
    public double maxPosition() {
        return maxPosition;
    }

    /** A backtest ends after this many steps even when there are more bars. */
    public int maxSteps() {
        return maxSteps;
    }

    /** At which bar's price orders are filled. */
    public Fills fills() {
        return fills;
    }

    /** How much worse than the price a fill is, in hundredths of a percent. */
    public double slippageBps() {
        return slippageBps;
    }

    /** The rules as JSON-like values, for results. {@link #from} reads them back. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("preset", preset);
        map.put("initial_capital", initialCapital);
        map.put("fee_rate", feeRate);
        map.put("lots", lots.sizes());
        map.put("assets", lots.assets());
        map.put("lot_factor", lotFactor);
        map.put("buy_safety", buySafety);
        map.put("min_cash_reserve", minCashReserve);
        map.put("forced_sale_fraction", forcedSaleFraction);
        map.put("forced_sale_after", forcedSaleAfter);
        map.put("action_limit", actionLimit);
        map.put("trailing_stop", trailingStop);
        map.put("max_position", maxPosition);
        map.put("max_steps", maxSteps);
        map.put("fills", fills.word());
        map.put("slippage_bps", slippageBps);
        return map;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TradingRules rules && toMap().equals(rules.toMap());
    }

    @Override
    public int hashCode() {
        return toMap().hashCode();
    }

    @Override
    public String toString() {
        return "TradingRules" + toMap();
    }

    /** Collects rules. A rule may be set in any order; all are checked in the end. */
    public static final class Builder {

        private final String preset;
        private double initialCapital;
        private double feeRate;
        private Lots lots;
        private double lotFactor;
        private double buySafety;
        private double minCashReserve;
        private double forcedSaleFraction;
        private int forcedSaleAfter;
        private double actionLimit;
        private double trailingStop;
        private double maxPosition;
        private int maxSteps;
        private Fills fills;
        private double slippageBps;

        private Builder(String preset, Lots lots, Fills fills) {
            this.preset = preset;
            this.lots = lots;
            this.fills = fills;
        }

        /** See {@link TradingRules#initialCapital()}. */
        public Builder initialCapital(double value) {
            initialCapital = value;
            return this;
        }

        /** See {@link TradingRules#feeRate()}. */
        public Builder feeRate(double value) {
            feeRate = value;
            return this;
        }

        /** See {@link TradingRules#lots()}. */
        public Builder lots(Lots value) {
            lots = value;
            return this;
        }

        /** Lots of assets whose names are not known, by column. */
        public Builder lots(List<Double> sizes) {
            return lots(Lots.of(sizes));
        }

        /** See {@link TradingRules#lotFactor()}. */
        public Builder lotFactor(double value) {
            lotFactor = value;
            return this;
        }

        /** See {@link TradingRules#buySafety()}. */
        public Builder buySafety(double value) {
            buySafety = value;
            return this;
        }

        /** See {@link TradingRules#minCashReserve()}. */
        public Builder minCashReserve(double value) {
            minCashReserve = value;
            return this;
        }

        /** See {@link TradingRules#forcedSaleFraction()}. */
        public Builder forcedSaleFraction(double value) {
            forcedSaleFraction = value;
            return this;
        }

        /** See {@link TradingRules#forcedSaleAfter()}. */
        public Builder forcedSaleAfter(int value) {
            forcedSaleAfter = value;
            return this;
        }

        /** See {@link TradingRules#actionLimit()}. */
        public Builder actionLimit(double value) {
            actionLimit = value;
            return this;
        }

        /** See {@link TradingRules#trailingStop()}. */
        public Builder trailingStop(double value) {
            trailingStop = value;
            return this;
        }

        /** See {@link TradingRules#maxPosition()}. */
        public Builder maxPosition(double value) {
            maxPosition = value;
            return this;
        }

        /** See {@link TradingRules#maxSteps()}. */
        public Builder maxSteps(int value) {
            maxSteps = value;
            return this;
        }

        /** See {@link TradingRules#fills()}. */
        public Builder fills(Fills value) {
            fills = value;
            return this;
        }

        /** See {@link TradingRules#slippageBps()}. */
        public Builder slippageBps(double value) {
            slippageBps = value;
            return this;
        }

        /**
         * The rules.
         *
         * @throws IllegalArgumentException naming the first rule that is not allowed
         */
        public TradingRules build() {
            TradingRules rules = new TradingRules(this);
            for (NumberRule rule : NumberRule.values()) {
                rule.require(rule.of(rules));
            }
            return rules;
        }
    }
}
