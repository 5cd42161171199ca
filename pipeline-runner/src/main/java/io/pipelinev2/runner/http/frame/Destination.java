package io.pipelinev2.runner.http.frame;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where somebody was going who is to sign in first: a page of this server, whatever an address that came from elsewhere says.
 *
 * @param address its path, with its query if it has one
 */
record Destination(String address) {

    /** What carries it to the page at which one signs in, and from there to what follows. */
    static final String PARAMETER = "next";

    /** What addresses are written in; two slashes would begin the name of another host. */
    private static final Pattern OF_THIS_SERVER = Pattern.compile("/(?!/)[A-Za-z0-9/?&=%+._~:,;@!$()*-]{0,2000}");

    private static final Destination OVERVIEW = new Destination(Page.Place.OVERVIEW.path());

    /** As it was carried along; the overview if that is missing or leads elsewhere. */
    static Destination of(@Nullable String carried) {
        return carried == null || !OF_THIS_SERVER.matcher(carried).matches() ? OVERVIEW : new Destination(carried);
    }

    /** The page that is asked for; of what a form sent, the overview. */
    static Destination of(Context ctx) {
        String query = ctx.queryString();
        return ctx.method() == HandlerType.GET ? of(ctx.path() + (query == null ? "" : "?" + query)) : OVERVIEW;
    }

    /** The address at which to sign in to get there. */
    String signingIn() {
        return equals(OVERVIEW)
                ? SignIn.PATH
                : SignIn.PATH + "?" + PARAMETER + "=" + URLEncoder.encode(address, StandardCharsets.UTF_8);
    }
}
