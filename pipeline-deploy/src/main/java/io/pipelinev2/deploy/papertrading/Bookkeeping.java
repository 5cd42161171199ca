package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.environment.Fill;
import io.pipelinev2.backtest.environment.TradingEnvironment;
import io.pipelinev2.backtest.environment.TradingRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A second set of books, kept from fills alone: cash and holdings moved by exactly the fills and fees of each bar, and the
 * equity is the cash plus what the holdings are worth. The environment must agree with it to the last bit.
 */
final class Bookkeeping {

    private final double buyFactor;
    private final double sellFactor;
    private final float[] holdings;
    private double cash;

    Bookkeeping(TradingRules rules, TradingEnvironment environment) {
        this.buyFactor = 1 + rules.feeRate();
        this.sellFactor = 1 - rules.feeRate();
        this.holdings = new float[environment.assets()];
        takeOver(environment);
    }

    private void takeOver(TradingEnvironment environment) {
        cash = environment.cash();
        for (int i = 0; i < holdings.length; i++) {
            holdings[i] = environment.holding(i);
        }
    }

    /**
     * Enters the fills of a bar.
     *
     * @param prices of the bar
     * @return how the environment disagrees, in words, or null if it does not
     */
    @Nullable
    String enter(List<Fill> fills, double[] prices, TradingEnvironment environment) {
        for (Fill fill : fills) {
            int asset = fill.asset();
            if (fill.side().buys()) {
                holdings[asset] = (float) (holdings[asset] + fill.quantity());
                cash = Math.max(cash - fill.value() * buyFactor, 0);
            } else {
                holdings[asset] -= (float) fill.quantity();
                cash += fill.value() * sellFactor;
            }
        }
        String disagreement = disagreement(prices, environment);
        takeOver(environment);
        return disagreement;
    }

    private @Nullable String disagreement(double[] prices, TradingEnvironment environment) {
        if (cash != environment.cash()) {
            return "its fills make the cash " + cash + ", but the account holds " + environment.cash();
        }
        for (int i = 0; i < holdings.length; i++) {
            if (holdings[i] != environment.holding(i)) {
                return "its fills make the holding of asset " + i + " " + holdings[i] + ", but the account holds "
                        + environment.holding(i);
            }
        }
        double equity = TradingEnvironment.valuation(cash, holdings, prices);
        return equity == environment.equity()
                ? null
                : "cash and holdings are worth " + equity + ", but the account says " + environment.equity();
    }
}
