package io.pipelinev2.backtest.metrics;

/** Prices by bar and asset, both from 0. */
@FunctionalInterface
public interface Prices {

    /** A positive price. */
    double at(int bar, int asset);
}
