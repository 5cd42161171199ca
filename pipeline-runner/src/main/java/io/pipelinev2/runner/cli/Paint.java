package io.pipelinev2.runner.cli;

import java.util.Set;

/** Colours for words that say how something is. The word says it, too: nothing is told by colour alone. */
enum Paint {
    GOOD("\u001b[32m"),
    ATTENTION("\u001b[33m"),
    BAD("\u001b[31m"),
    TITLE("\u001b[1m"),
    PLAIN("");

    private static final String END = "\u001b[0m";
    private static final Set<String> GOOD_WORDS =
            Set.of("healthy", "running", "deployed", "passed", "completed", "active", "ok", "stopped in order");
    private static final Set<String> BAD_WORDS = Set.of(
            "down",
            "failed",
            "crashed",
            "hung",
            "crash loop",
            "crash_loop",
            "permanent failure",
            "permanent_failure",
            "fail",
            "error",
            "halted");
    private static final Set<String> ATTENTION_WORDS = Set.of(
            "degraded",
            "stale",
            "unknown",
            "pending",
            "processing",
            "starting",
            "stopping",
            "reducing",
            "warn",
            "parked",
            "paused",
            "tripped",
            "waiting");

    private final String begin;

    Paint(String begin) {
        this.begin = begin;
    }

    /** What suits a word of the pipeline's. */
    static Paint of(String word) {
        String known = word.toLowerCase(java.util.Locale.ROOT);
        if (GOOD_WORDS.contains(known)) {
            return GOOD;
        }
        if (BAD_WORDS.contains(known)) {
            return BAD;
        }
        return ATTENTION_WORDS.contains(known) ? ATTENTION : PLAIN;
    }

    /** The text in this colour, which takes no room on the screen. */
    String on(String text) {
        return this == PLAIN || text.isEmpty() ? text : begin + text + END;
    }
}
