/**
 * The report of one backtest: one HTML page that needs nothing else, and the same content as plain values.
 *
 * <p>Each part of the page is a {@link io.pipelinev2.backtest.report.Section} that computes once what it draws; page and
 * values are both made of that, so they cannot disagree. The page is written so that an XML parser takes it too: what is
 * not balanced or not escaped is found by a test and not by a reader.
 */
@NullMarked
package io.pipelinev2.backtest.report;

import org.jspecify.annotations.NullMarked;
