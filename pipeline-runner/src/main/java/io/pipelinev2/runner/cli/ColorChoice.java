package io.pipelinev2.runner.cli;

import java.util.Locale;
import java.util.Map;

/** When to use colours. */
enum ColorChoice {
    /** On a terminal, unless the environment speaks against it. */
    AUTO,
    ALWAYS,
    NEVER;

    /**
     * Whether to use them.
     *
     * @param terminal whether what is written goes to a terminal
     */
    boolean isOn(Map<String, String> environment, boolean terminal) {
        if (this != AUTO) {
            return this == ALWAYS;
        }
        // no-color.org: whatever its value is, but for none at all
        boolean unwanted = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        return terminal && !unwanted && !"dumb".equals(environment.get("TERM"));
    }

    /** What was asked for among arguments that are not parsed yet, as for help. */
    static ColorChoice in(String... arguments) {
        ColorChoice choice = AUTO;
        for (String argument : arguments) {
            for (ColorChoice each : values()) {
                if (argument.equalsIgnoreCase("--color=" + each)) {
                    choice = each;
                }
            }
        }
        return choice;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
