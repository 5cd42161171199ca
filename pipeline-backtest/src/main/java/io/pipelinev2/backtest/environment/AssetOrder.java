package io.pipelinev2.backtest.environment;

import java.util.List;
import java.util.Locale;

/** Columns have no names of their own: that market data and rules mean the same asset by a column is checked here. */
final class AssetOrder {

    private static final List<String> QUOTES = List.of("USDT", "USDC", "USD", "EUR");

    private AssetOrder() {}

    /**
     * Compares the assets of market data with those of the rules, column by column, whatever their case and quote currency:
     * {@code BTC}, {@code btc/usd}, {@code BTC-USD} and {@code BTCUSDT} are the same. Either list may be empty, which means
     * that its names are not known; the rules may have more assets than the data.
     *
     * @throws EnvironmentException naming both orders and the first column that differs
     */
    static void check(List<String> market, List<String> rules) {
        if (market.isEmpty() || rules.isEmpty()) {
            return;
        }
        for (int column = 0; column < market.size(); column++) {
            String here = market.get(column);
            String there = column < rules.size() ? rules.get(column) : "nothing";
            if (!base(here).equals(base(there))) {
                throw new EnvironmentException("The market data has the assets " + String.join(", ", market)
                        + ", but the rules have the lots of " + String.join(", ", rules) + ": column " + column + " is "
                        + here + " in the data and " + there + " in the rules, so that " + here
                        + " would be traded with another asset's lot. Use data with the assets of the training in their"
                        + " order, or name the lots in the order of the data in environment.lots.");
            }
        }
    }

    private static String base(String name) {
        String plain = name.strip().toUpperCase(Locale.ROOT);
        for (int at = 1; at < plain.length(); at++) {
            if ("/-_:".indexOf(plain.charAt(at)) >= 0) {
                return plain.substring(0, at);
            }
        }
        for (String quote : QUOTES) {
            if (plain.endsWith(quote) && plain.length() > quote.length()) {
                return plain.substring(0, plain.length() - quote.length());
            }
        }
        return plain;
    }
}
