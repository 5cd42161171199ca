package io.pipelinev2.backtest.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes HTML that is well-formed XML as well. All text and all attribute values are escaped; tag and attribute names are
 * ours.
 */
final class Html {

    private final StringBuilder out = new StringBuilder(1 << 17);
    private final Deque<String> open = new ArrayDeque<>();

    Html doctype() {
        out.append("<!DOCTYPE html>\n");
        return this;
    }

    /** Opens an element with attributes given as names and values in turn. */
    Html open(String tag, String... attributes) {
        start(tag, attributes);
        out.append('>');
        open.push(tag);
        return this;
    }

    Html close(String tag) {
        if (!tag.equals(open.peek())) {
            throw new IllegalStateException("</" + tag + "> would close <" + open.peek() + ">");
        }
        open.pop();
        out.append("</").append(tag).append('>');
        if (open.size() < 6) {
            out.append('\n');
        }
        return this;
    }

    /** An element without content: a void element of HTML, or any of SVG. */
    Html empty(String tag, String... attributes) {
        start(tag, attributes);
        out.append("/>");
        return this;
    }

    Html element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close(tag);
    }

    Html text(String text) {
        escape(text);
        return this;
    }

    /** A style sheet of ours; it is not escaped because HTML and XML disagree on how. */
    Html style(String css) {
        if (css.indexOf('<') >= 0 || css.indexOf('&') >= 0) {
            throw new IllegalArgumentException("a style sheet must be free of < and &");
        }
        out.append("<style>\n").append(css).append("</style>\n");
        return this;
    }

    /** Whether the innermost open element is one of these. */
    boolean isIn(String tag) {
        return tag.equals(open.peek());
    }

    String finished() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("not closed: " + open);
        }
        return out.toString();
    }

    private void start(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
    }

    private void escape(String text) {
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
            }
        });
    }

    /**
     * What neither XML nor HTML may hold, however it is written: most control characters, halves of surrogate pairs,
     * non-characters. Marks that turn the direction of writing are allowed there and still refused here, because a name
     * with them could make the text after it read otherwise.
     */
    private static boolean isAllowed(int c) {
        if (c < 0x20) {
            return c == '\t' || c == '\n';
        }
        boolean control = c >= 0x7F && c <= 0x9F;
        boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
        boolean nonCharacter = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
        boolean direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        return !control && !surrogate && !nonCharacter && !direction;
    }
}
