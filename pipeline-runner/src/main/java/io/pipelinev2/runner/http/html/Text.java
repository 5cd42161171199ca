package io.pipelinev2.runner.http.html;

/** Text in a page, whatever it holds. */
public record Text(String text) implements Node {

    @Override
    public void appendTo(StringBuilder out) {
        escape(text, out);
    }

    /** Escapes for element content and for quoted attributes alike. */
    static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\n', '\t' -> out.append(c);
                // HTML has no place for other control characters.
                default -> out.append(Character.isISOControl(c) ? '\uFFFD' : c);
            }
        }
    }
}
