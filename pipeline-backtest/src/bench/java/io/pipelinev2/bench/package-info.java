/** Benchmarks of the backtest, compiled and run under the Maven profile {@code bench} alone; see docs/performance.md. */
@org.jspecify.annotations.NullMarked
package io.pipelinev2.bench;
