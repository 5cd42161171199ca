package io.pipelinev2.backtest.report;

import java.util.function.DoubleFunction;

/** What a figure counts, and so how it is shown. */
enum Quantity {
    CHANGE(Numbers::change),
    SHARE(Numbers::percent),
    RATIO(value -> Numbers.decimals(value, 2)),
    PRECISE(Numbers::significant),
    COUNT(Numbers::whole),
    MONEY(value -> Numbers.decimals(value, 2)),
    /** Nothing is known about it. */
    PLAIN(Numbers::significant);

    private final DoubleFunction<String> format;

    Quantity(DoubleFunction<String> format) {
        this.format = format;
    }

    String show(double value) {
        return format.apply(value);
    }
}
