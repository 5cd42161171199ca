package io.pipelinev2.backtest.overfit;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What is done about overfitting. */
public enum OverfitMode {
    /** Nothing is computed. */
    OFF("off"),
    /** Panels are computed and shown; they decide nothing. */
    ADVISE("advise"),
    /** A trial that its panel speaks against is not promoted. */
    ENFORCE("enforce");

    private final String word;

    OverfitMode(String word) {
        this.word = word;
    }

    /** As in the configuration. */
    public String word() {
        return word;
    }

    /**
     * The mode that the configuration names.
     *
     * @throws IllegalArgumentException listing the known words
     */
    public static OverfitMode of(String word) {
        return Arrays.stream(values())
                .filter(mode -> mode.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("overfit.mode was '" + word + "' but must be one of: "
                        + Arrays.stream(values()).map(OverfitMode::word).collect(Collectors.joining(", "))));
    }
}
