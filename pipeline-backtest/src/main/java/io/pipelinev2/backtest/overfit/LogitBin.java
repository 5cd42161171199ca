package io.pipelinev2.backtest.overfit;

/**
 * One bar of the histogram of logits. Its bars meet at 0: those on the left of it are the overfit splits.
 *
 * @param above lower edge, excluded
 * @param upTo upper edge, included
 * @param count splits with a logit in it
 */
public record LogitBin(double above, double upTo, long count) {}
