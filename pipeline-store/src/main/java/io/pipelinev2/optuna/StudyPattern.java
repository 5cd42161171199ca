package io.pipelinev2.optuna;

import java.util.Arrays;

/**
 * A study's name, or a pattern of names. {@code *} stands for any characters, none included, {@code ?} for exactly one;
 * a backslash before one of these or before another backslash takes its meaning away. Everything else, brackets
 * included, stands for itself, code point by code point.
 */
final class StudyPattern {

    // negative, as no code point is
    private static final int ANY = -1;
    private static final int ONE = -2;

    private final String text;
    private final int[] symbols;

    StudyPattern(String text) {
        this.text = text;
        this.symbols = symbols(text.codePoints().toArray());
    }

    private static int[] symbols(int[] points) {
        int[] symbols = new int[points.length];
        int length = 0;
        for (int i = 0; i < points.length; i++) {
            boolean escaped = points[i] == '\\' && i + 1 < points.length && "*?\\".indexOf(points[i + 1]) >= 0;
            if (escaped) {
                symbols[length++] = points[++i];
            } else if (points[i] == '*') {
                symbols[length++] = ANY;
            } else {
                symbols[length++] = points[i] == '?' ? ONE : points[i];
            }
        }
        return Arrays.copyOf(symbols, length);
    }

    /** Whether it can match one name only. */
    boolean exact() {
        return Arrays.stream(symbols).allMatch(symbol -> symbol >= 0);
    }

    /** Never slower than the product of the two lengths, whatever the pattern and the name. */
    boolean matches(String name) {
        int[] points = name.codePoints().toArray();
        int at = 0;
        int symbol = 0;
        int lastAny = -1;
        int resume = 0;
        while (at < points.length) {
            if (symbol < symbols.length && (symbols[symbol] == points[at] || symbols[symbol] == ONE)) {
                at++;
                symbol++;
            } else if (symbol < symbols.length && symbols[symbol] == ANY) {
                lastAny = symbol++;
                resume = at;
            } else if (lastAny >= 0) {
                // the last star takes one character more
                symbol = lastAny + 1;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (symbol < symbols.length && symbols[symbol] == ANY) {
            symbol++;
        }
        return symbol == symbols.length;
    }

    @Override
    public String toString() {
        return text;
    }
}
