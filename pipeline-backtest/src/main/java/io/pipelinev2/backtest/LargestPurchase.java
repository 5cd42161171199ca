package io.pipelinev2.backtest;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.TradingEnvironment;
import io.pipelinev2.backtest.environment.TradingRules;
import java.util.Locale;

/** The purchase that came closest to its smallest order, so that a model that never trades can be told why. */
final class LargestPurchase {

    private double share = -1;
    private int asset;
    private int row;
    private double quantity;
    private double price;
    private double minimum;

    void see(TradingEnvironment environment) {
        for (int i = 0; i < environment.assets(); i++) {
            double asked = environment.requested(i);
            // Multiplied rather than divided: this is asked at every step.
            if (asked > share * environment.minimumOrder(i) && asked > 0) {
                share = asked / environment.minimumOrder(i);
                asset = i;
                row = environment.row();
                quantity = asked;
                price = environment.market().price(row, i);
                minimum = environment.minimumOrder(i);
            }
        }
    }

    /** Why there was no trade, in words for the user of the study. */
    String explain(int steps, TradingRules rules, AgentParameters parameters) {
        String fact = "the model never trades: 0 trades in " + steps + " steps; ";
        if (share < 0) {
            return fact + "it never asked to buy, and there was nothing to sell";
        }
        String order = String.format(
                Locale.ROOT,
                "its largest order was to buy %.6g units of asset %d for %.4g at row %d",
                quantity,
                asset,
                quantity * price,
                row);
        if (share > 1) {
            return String.format(
                    Locale.ROOT,
                    "%s%s, but the cash above the reserve (min_cash_reserve %.4g)%s never sufficed for the smallest order",
                    fact,
                    order,
                    parameters.minCashReserve(),
                    rules.maxPosition() == 0
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    ", or what max_position (%.4g) leaves room for,",
                                    rules.maxPosition()));
        }
        return String.format(
                Locale.ROOT,
                "%s%s, %.3g %% of the smallest order there (%.6g units, %.4g); with norm_action %.6g a full action is worth"
                        + " %.4g at the first bar: search smaller values of norm_action",
                fact,
                order,
                share * 100,
                minimum,
                minimum * price,
                parameters.normAction(),
                rules.initialCapital() / parameters.normAction());
    }
}
