package io.pipelinev2.optuna;

/**
 * Text out of a storage, fit for one line of a log or a message: study and parameter names are arbitrary, so control
 * characters are escaped and what is long is cut.
 */
final class Quoted {

    private static final int LONGEST = 100;

    private Quoted() {}

    static String of(String text) {
        StringBuilder quoted = new StringBuilder("'");
        text.codePoints().limit(LONGEST).forEach(point -> append(quoted, point));
        int length = text.codePointCount(0, text.length());
        return length <= LONGEST
                ? quoted.append('\'').toString()
                : quoted.append("…' (").append(length).append(" characters)").toString();
    }

    private static void append(StringBuilder quoted, int point) {
        switch (Character.getType(point)) {
            // FORMAT: the marks that turn the direction of writing
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> quoted.append("\\u%04x".formatted(point));
            default -> quoted.appendCodePoint(point);
        }
    }
}
