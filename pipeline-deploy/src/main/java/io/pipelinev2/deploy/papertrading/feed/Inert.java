package io.pipelinev2.deploy.papertrading.feed;

/** Texts from outside, made fit for a message: short, printable, and on one line. */
final class Inert {

    private static final int LENGTH = 60;

    private Inert() {}

    static String shown(String text) {
        StringBuilder shown = new StringBuilder("'");
        text.chars().limit(LENGTH).forEach(c -> shown.append(c < ' ' || c > '~' ? '?' : (char) c));
        return shown.append(text.length() > LENGTH ? "…'" : "'").toString();
    }
}
