package io.pipelinev2.runner.cli;

/**
 * How many columns of a terminal text takes: letters of East Asia and most emoji take two, marks that combine with the
 * letter before them none. Text must be inert already.
 */
final class DisplayWidth {

    static final String ELLIPSIS = "…";

    private DisplayWidth() {}

    static int of(String text) {
        return text.codePoints().map(DisplayWidth::of).sum();
    }

    static int of(int point) {
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        return isWide(point) ? 2 : 1;
    }

    /** The blocks of Unicode that terminals show in two columns (East Asian Width W and F). */
    private static boolean isWide(int point) {
        return point >= 0x1100
                && (point <= 0x115f
                        || point == 0x2329
                        || point == 0x232a
                        || point >= 0x2e80 && point <= 0xa4cf && point != 0x303f
                        || point >= 0xa960 && point <= 0xa97f
                        || point >= 0xac00 && point <= 0xd7a3
                        || point >= 0xf900 && point <= 0xfaff
                        || point >= 0xfe30 && point <= 0xfe6f
                        || point >= 0xff00 && point <= 0xff60
                        || point >= 0xffe0 && point <= 0xffe6
                        || point >= 0x1f300 && point <= 0x1f64f
                        || point >= 0x1f680 && point <= 0x1f6ff
                        || point >= 0x1f900 && point <= 0x1faff
                        || point >= 0x20000 && point <= 0x3fffd);
    }

    /** The text, or its beginning and an ellipsis, in so many columns at most. */
    static String cut(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        StringBuilder cut = new StringBuilder();
        int room = columns - 1;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int point = text.codePointAt(i);
            if (of(point) > room) {
                break;
            }
            room -= of(point);
            cut.appendCodePoint(point);
        }
        return columns < 1 ? "" : cut + ELLIPSIS;
    }

    /** The text, or an ellipsis and its end: of the name of a trial the end counts. */
    static String cutFront(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        int room = columns - 1;
        int from = text.length();
        while (from > 0) {
            int point = text.codePointBefore(from);
            if (of(point) > room) {
                break;
            }
            room -= of(point);
            from -= Character.charCount(point);
        }
        return columns < 1 ? "" : ELLIPSIS + text.substring(from);
    }

    /** The text with blanks before or behind it, up to so many columns. */
    static String pad(String text, int columns, boolean right) {
        String blanks = " ".repeat(Math.max(0, columns - of(text)));
        return right ? blanks + text : text + blanks;
    }
}
