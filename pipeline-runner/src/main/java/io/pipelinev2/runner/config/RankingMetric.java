package io.pipelinev2.runner.config;

import io.pipelinev2.backtest.metrics.MetricGlossary;
import java.util.List;
import java.util.stream.Stream;

/** The name of what trials are ranked by: a metric of the backtest, or Optuna's objective. */
final class RankingMetric {

    // figures by the original's formulas are for gates, so that old thresholds stay what they were
    private static final List<String> KNOWN = Stream.concat(
                    Stream.of("value"), MetricGlossary.names().stream().filter(name -> !name.contains(".")))
            .toList();

    static final Rule<String> NAME = new Rule<>(
            KNOWN::contains,
            "the name of a backtest metric, such as sharpe or total_return, or 'value' for Optuna's objective");

    private static final Rule<String> ANY = new Rule<>(name -> true, "text");

    private RankingMetric() {}

    static String read(Options options, String key) {
        String name = options.text(key, "sharpe", ANY);
        if (KNOWN.contains(name)) {
            return name;
        }
        options.refuse(
                key,
                DidYouMean.of(name, KNOWN)
                        .map("a metric or 'value'; did you mean '%s'?"::formatted)
                        .orElse(NAME.words() + "; known are " + String.join(", ", KNOWN)));
        return "sharpe";
    }
}
