/**
 * What is asked of a trial only beside all others, or only once it was chosen: how much of its success is luck, and how it
 * does on the bars that were kept back. Both are kept as findings in the store and are looked at anew when the study grows.
 */
@NullMarked
package io.pipelinev2.backtest.review;

import org.jspecify.annotations.NullMarked;
