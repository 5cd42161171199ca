package io.pipelinev2.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Figures of one kind. */
final class Sample {

    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    double median() {
        return percentile(50);
    }

    /** The smallest value that so many percent of all do not exceed. */
    double percentile(double percent) {
        List<Double> sorted = values.stream().sorted().toList();
        int rank = (int) Math.ceil(percent / 100 * sorted.size());
        return sorted.get(Math.max(rank, 1) - 1);
    }

    double max() {
        return percentile(100);
    }

    /** For rates: the median and the range. */
    String asRate() {
        return String.format(Locale.ROOT, "%,.0f (%,.0f to %,.0f)", median(), percentile(0), max());
    }

    /** For ratios: the median and the range. */
    String asShare() {
        return String.format(Locale.ROOT, "%.1f (%.1f to %.1f)", median(), percentile(0), max());
    }

    /** For durations in milliseconds: what an operator feels, and the worst. */
    String asDelay() {
        return String.format(
                Locale.ROOT,
                "p50 %.2f ms, p99 %.2f ms, max %.2f ms (%d times)",
                median(),
                percentile(99),
                max(),
                values.size());
    }
}
