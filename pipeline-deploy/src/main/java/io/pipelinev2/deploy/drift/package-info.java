/**
 * Holds what a deployment earns on paper against what its backtest leads to expect, and against a gate of its own.
 *
 * <p>What is worked out here depends on the ledger and the backtest alone, never on when somebody looks.
 */
@NullMarked
package io.pipelinev2.deploy.drift;

import org.jspecify.annotations.NullMarked;
