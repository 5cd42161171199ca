package io.pipelinev2.backtest.report;

/**
 * From values to pixels.
 *
 * @param from value at {@code start}
 * @param to value at {@code end}, above {@code from}
 * @param logarithmic whether equal ratios are equally long; values must be positive then
 */
record Scale(double from, double to, double start, double end, boolean logarithmic) {

    static Scale linear(double from, double to, double start, double end) {
        return of(from, to, start, end, false);
    }

    /** Widens a range without width, so that a flat curve has a place. */
    static Scale of(double from, double to, double start, double end, boolean logarithmic) {
        if (to > from) {
            return new Scale(from, to, start, end, logarithmic);
        }
        if (logarithmic) {
            return new Scale(from * 0.9, from * 1.1, start, end, true);
        }
        double margin = from == 0 ? 1 : Math.abs(from) * 0.1;
        return new Scale(from - margin, from + margin, start, end, false);
    }

    /** The pixel of a value; what is outside is drawn on the edge. */
    double at(double value) {
        double share = logarithmic
                ? (Math.log(Math.max(value, from)) - Math.log(from)) / (Math.log(to) - Math.log(from))
                : (value / 2 - from / 2) / (to / 2 - from / 2);
        return start + Math.max(0, Math.min(1, share)) * (end - start);
    }
}
