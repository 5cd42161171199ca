package io.pipelinev2.runner.http;

import java.util.regex.Pattern;

/** The scripts that pages may name: those that the program comes with, and nothing within. */
public final class Scripts {

    private static final Pattern OWN =
            Pattern.compile("<script src=\"/assets/[a-z0-9./-]+\\?v=[0-9a-f]+\"( defer=\"\")?></script>");

    private Scripts() {}

    /** A page without them: there must be no other. */
    public static String without(String page) {
        return OWN.matcher(page).replaceAll("");
    }
}
