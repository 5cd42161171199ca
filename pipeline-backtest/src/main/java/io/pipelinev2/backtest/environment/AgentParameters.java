package io.pipelinev2.backtest.environment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a trial's Optuna parameters say about how its agent sees the market and how large its orders are. Parameters that
 * only shape the training reward are not here: they change no figure of a backtest.
 *
 * @param lookback bars of features in one observation
 * @param normCash factor from cash to its place in the observation
 * @param normStocks factor from holdings to their place in the observation
 * @param normTech factor from features to their place in the observation
 * @param normAction divisor of the order size: an action of 1 is worth initial capital / normAction at the first bar's price
 * @param minCashReserve share of the initial capital that buying must leave in cash
 * @param netDimension width of the network's hidden layers
 */
public record AgentParameters(
        int lookback,
        double normCash,
        double normStocks,
        double normTech,
        double normAction,
        double minCashReserve,
        int netDimension) {

    private static final int MAX_LOOKBACK = 10_000;
    private static final int MAX_NET_DIMENSION = 65_536;

    /** Checks every parameter; the message lists all faults. */
    public AgentParameters {
        List<String> faults = new ArrayList<>();
        check(faults, lookback >= 1 && lookback <= MAX_LOOKBACK, "lookback must be 1 to " + MAX_LOOKBACK, lookback);
        check(faults, positive(normCash), "norm_cash must be positive and finite", normCash);
        check(faults, positive(normStocks), "norm_stocks must be positive and finite", normStocks);
        check(faults, positive(normTech), "norm_tech must be positive and finite", normTech);
        check(faults, positive(normAction), "norm_action must be positive and finite", normAction);
        check(
                faults,
                minCashReserve >= 0 && minCashReserve <= 1,
                "min_cash_reserve must be a share from 0 to 1",
                minCashReserve);
        check(
                faults,
                netDimension >= 1 && netDimension <= MAX_NET_DIMENSION,
                "net_dimension must be 1 to " + MAX_NET_DIMENSION,
                netDimension);
        refuse(faults);
    }

    /**
     * The parameters of a trial under {@link TradingRules#ORIGINAL}.
     *
     * @throws EnvironmentException listing every parameter of a wrong type or range
     */
    public static AgentParameters from(Map<String, ? extends @Nullable Object> parameters) {
        return from(parameters, TradingRules.ORIGINAL);
    }

    /**
     * The parameters of a trial, from Optuna's names and decoded values. What is absent takes the original's default:
     * {@code lookback} 4, {@code norm_cash_exp} -11, {@code norm_stocks_exp} -8, {@code norm_tech_exp} -14 (each a power
     * of two), {@code norm_action} 100, {@code net_dimension} 256, and {@code min_cash_reserve} what the rules say. Whole
     * numbers may come as floating point numbers, as Optuna stores them.
     *
     * @throws EnvironmentException listing every parameter of a wrong type or range
     */
    public static AgentParameters from(Map<String, ? extends @Nullable Object> parameters, TradingRules rules) {
        List<String> faults = new ArrayList<>();
        int lookback = whole(faults, parameters, "lookback", 4);
        double normCash = power(faults, parameters, "norm_cash_exp", -11);
        double normStocks = power(faults, parameters, "norm_stocks_exp", -8);
        double normTech = power(faults, parameters, "norm_tech_exp", -14);
        double normAction = number(faults, parameters, "norm_action", 100);
        double minCashReserve = number(faults, parameters, "min_cash_reserve", rules.minCashReserve());
        int netDimension = whole(faults, parameters, "net_dimension", 256);
        refuse(faults);
        return new AgentParameters(lookback, normCash, normStocks, normTech, normAction, minCashReserve, netDimension);
    }

    /**
     * The parameters that a result recorded by {@link #toMap}.
     *
     * @throws EnvironmentException listing what is missing or wrong
     */
    public static AgentParameters recorded(Map<?, ?> recorded) {
        List<String> faults = new ArrayList<>();
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        recorded.forEach((name, value) -> values.put(String.valueOf(name), value));
        for (String name : List.of(
                "lookback",
                "norm_cash",
                "norm_stocks",
                "norm_tech",
                "norm_action",
                "min_cash_reserve",
                "net_dimension")) {
            if (values.get(name) == null) {
                faults.add(name + " was not recorded");
            }
        }
        refuse(faults);
        AgentParameters parameters = new AgentParameters(
                whole(faults, values, "lookback", 1),
                number(faults, values, "norm_cash", 1),
                number(faults, values, "norm_stocks", 1),
                number(faults, values, "norm_tech", 1),
                number(faults, values, "norm_action", 1),
                number(faults, values, "min_cash_reserve", 0),
                whole(faults, values, "net_dimension", 1));
        refuse(faults);
        return parameters;
    }

    /** Length of one observation: cash, holdings, and {@code lookback} rows of features. */
    public int stateDimension(int assets, int features) {
        return Math.addExact(1 + assets, Math.multiplyExact(features, lookback));
    }

    /** The parameters as JSON-like values, for results. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("lookback", lookback);
        map.put("norm_cash", normCash);
        map.put("norm_stocks", normStocks);
        map.put("norm_tech", normTech);
        map.put("norm_action", normAction);
        map.put("min_cash_reserve", minCashReserve);
        map.put("net_dimension", netDimension);
        return map;
    }

    private static double power(
            List<String> faults, Map<String, ? extends @Nullable Object> parameters, String name, double absent) {
        double exponent = number(faults, parameters, name, absent);
        if (Math.abs(exponent) > 100) {
            faults.add(name + " must be -100 to 100, was " + exponent);
            return 1;
        }
        return Math.pow(2, exponent);
    }

    private static int whole(
            List<String> faults, Map<String, ? extends @Nullable Object> parameters, String name, int absent) {
        double value = number(faults, parameters, name, absent);
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            faults.add(name + " must be a whole number, was " + value);
            return absent;
        }
        return (int) value;
    }

    private static double number(
            List<String> faults, Map<String, ? extends @Nullable Object> parameters, String name, double absent) {
        if (!parameters.containsKey(name)) {
            return absent;
        }
        @Nullable Object value = parameters.get(name);
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        faults.add(name + " must be a finite number, was "
                + (value instanceof String text ? "the text '" + text + "'" : String.valueOf(value)));
        return absent;
    }

    private static boolean positive(double value) {
        return value > 0 && value < Double.POSITIVE_INFINITY;
    }

    private static void check(List<String> faults, boolean holds, String rule, Object value) {
        if (!holds) {
            faults.add(rule + ", was " + value);
        }
    }

    private static void refuse(List<String> faults) {
        if (!faults.isEmpty()) {
            throw new EnvironmentException("The trial's parameters cannot be used: " + String.join("; ", faults)
                    + ". Correct the search space of the study; this trial cannot be backtested.");
        }
    }
}
