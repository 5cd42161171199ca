package io.pipelinev2.backtest.report;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One part of the report. */
interface Section {

    /** Name of the part in the JSON twin, and its anchor on the page. */
    String key();

    /** Writes the part as one element. */
    void write(Html page);

    /** What the part shows, in full precision: finite numbers, nulls, strings, lists and maps. */
    Map<String, @Nullable Object> toMap();
}
