/**
 * What a paper account has earned, in the figures of a backtest.
 *
 * <p>The figures are worked out by the very classes that work out those of a backtest, from what the ledger says: a paper
 * run over the bars of a backtest has the backtest's figures.
 */
@NullMarked
package io.pipelinev2.deploy.papertrading.performance;

import org.jspecify.annotations.NullMarked;
