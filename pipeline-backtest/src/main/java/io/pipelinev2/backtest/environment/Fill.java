package io.pipelinev2.backtest.environment;

/**
 * One executed trade.
 *
 * @param row the bar (row of the market data) at which it was filled
 * @param asset price column, from 0
 * @param quantity units of the asset, positive on both sides
 * @param price per unit: the bar's price made worse by the slippage, without the fee
 * @param fee in cash, on top of (buy) or out of (sale) price times quantity
 */
public record Fill(int row, int asset, FillSide side, double quantity, double price, double fee) {

    /** Price times quantity, without the fee. */
    public double value() {
        return price * quantity;
    }
}
