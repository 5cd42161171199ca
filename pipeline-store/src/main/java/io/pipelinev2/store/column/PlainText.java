package io.pipelinev2.store.column;

/** Text as every database takes it. */
public final class PlainText {

    private PlainText() {}

    /** The same text, with the replacement character for each NUL: PostgreSQL refuses those, and error messages may hold any. */
    public static String of(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    }
}
