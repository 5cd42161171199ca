package io.pipelinev2.runner.config;

/**
 * Text from outside (study names, messages of other programs, values of a file) made harmless: characters that could
 * move a terminal's cursor, change its colours, reverse the reading direction or begin a line of their own are written
 * as escapes. Letters of any language stay as they are.
 */
public final class InertText {

    private InertText() {}

    /** The text on one line. */
    public static String of(String text) {
        if (text.codePoints().noneMatch(InertText::isUnsafe)) {
            return text;
        }
        StringBuilder inert = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> append(inert, point));
        return inert.toString();
    }

    /** Whether a character is a control, a format character, a line separator or half of a broken pair. */
    public static boolean isUnsafe(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    private static void append(StringBuilder inert, int point) {
        switch (point) {
            case '\n' -> inert.append("\\n");
            case '\r' -> inert.append("\\r");
            case '\t' -> inert.append("\\t");
            default -> {
                if (isUnsafe(point)) {
                    inert.append("\\u").append("%04x".formatted(point));
                } else {
                    inert.appendCodePoint(point);
                }
            }
        }
    }
}
