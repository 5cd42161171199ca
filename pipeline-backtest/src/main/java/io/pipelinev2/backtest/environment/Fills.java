package io.pipelinev2.backtest.environment;

import java.util.Arrays;
import java.util.List;

/** At which bar's price an order is filled. */
public enum Fills {
    /** At the price of the bar that the step moves to, as the original does. */
    SAME_BAR("same-bar"),
    /** One bar later: at the price of the bar that the following step moves to. */
    NEXT_BAR("next-bar");

    private final String word;

    Fills(String word) {
        this.word = word;
    }

    /** The word used in configuration and results. */
    public String word() {
        return word;
    }

    /** All words. */
    public static List<String> words() {
        return Arrays.stream(values()).map(Fills::word).toList();
    }

    /** @throws IllegalArgumentException listing the known words */
    public static Fills of(String word) {
        for (Fills fills : values()) {
            if (fills.word.equals(word)) {
                return fills;
            }
        }
        throw new IllegalArgumentException(
                "environment.fills was '" + word + "' but must be one of: " + String.join(", ", words()));
    }
}
