package io.pipelinev2.backtest.metrics;

/**
 * What a metric is, for people.
 *
 * @param name under which results, gates and reports know it
 * @param family under which a report shows it
 * @param better which way it gets better
 * @param meaning one sentence in plain words
 * @param formula with r the simple return per step, n their number, E the equity (E_0 = 1 before the first step), dd the
 *     drawdown, b the benchmark's returns, P the steps per year, rf the risk-free return per step, std the sample
 *     deviation
 * @param caution how it can mislead
 */
public record MetricDefinition(
        String name,
        MetricFamily family,
        MetricUnit unit,
        Better better,
        String meaning,
        String formula,
        String caution) {

    /** Checks that nothing was left out. */
    public MetricDefinition {
        for (String text : new String[] {name, meaning, formula, caution}) {
            if (text.isBlank()) {
                throw new IllegalArgumentException(
                        "a metric needs name, meaning, formula and caution, '" + name + "' lacks one of them");
            }
        }
    }
}
