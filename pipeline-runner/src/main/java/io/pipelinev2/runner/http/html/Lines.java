package io.pipelinev2.runner.http.html;

import org.jspecify.annotations.Nullable;

/** Long texts, cut for tables. */
public final class Lines {

    private static final int LONGEST = 240;

    private Lines() {}

    /** The first line that is not blank, cut if it is very long; null if there is none. */
    public static @Nullable String first(@Nullable String text) {
        if (text == null) {
            return null;
        }
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .map(line -> line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…")
                .orElse(null);
    }
}
