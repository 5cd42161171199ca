/**
 * Gates: the thresholds that a result must meet, as data, and gates of a user's own, which are code.
 *
 * <p>Gates fail closed. A figure that is undefined or was not measured fails its gate, and every verdict lists all gates
 * with value, threshold and margin, the passed ones too.
 */
@NullMarked
package io.pipelinev2.backtest.gate;

import org.jspecify.annotations.NullMarked;
