package io.pipelinev2.runner.config;

import java.util.regex.Pattern;

/** Values of the file as a message may show them: on one line, not too long, and without the passwords that URLs hold. */
final class Shown {

    private static final int MAX_LENGTH = 80;
    private static final Pattern USER_INFO = Pattern.compile("://\\S*@");
    private static final Pattern PARAMETER =
            Pattern.compile("(?i)\\b(password|passwd|pwd|sslpassword|token|secret)=[^&;\\s]*");

    private Shown() {}

    static String quoted(String text) {
        return "'" + shortened(InertText.of(masked(text))) + "'";
    }

    static String masked(String text) {
        return PARAMETER.matcher(USER_INFO.matcher(text).replaceAll("://***@")).replaceAll("$1=***");
    }

    static String shortened(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    }
}
