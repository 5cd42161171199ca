package io.pipelinev2.runner.http.frame;

import io.javalin.http.Context;
import io.pipelinev2.runner.http.html.Times;
import io.pipelinev2.runner.view.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a page that keeps itself up to date fetches: what it shows, if that has changed, and how old it is in any case. */
public final class Fragment {

    /** When what is shown was read; {@code Age} says how many seconds ago that is. */
    static final String AS_OF = "Data-As-Of";

    private static final Pattern AGES = Pattern.compile("(<time class=\"" + Times.AGE + "\"[^>]*>)[^<]*");
    private static final Pattern KEPT = Pattern.compile("<span id=\"as-of\".*?</span>");

    private Fragment() {}

    /** Whether a page's script asks, and not a browser that shows another page. */
    public static boolean isWanted(Context ctx) {
        return "true".equals(ctx.header("HX-Request"));
    }

    /** Answers with what is to be shown, or that nothing has changed. */
    static void answer(Context ctx, String html, @Nullable Instant at, Instant now) {
        // weak: a page that differs in ages alone is the same
        String tag = "W/\""
                + digest(KEPT.matcher(AGES.matcher(html).replaceAll("$1")).replaceAll("")) + "\"";
        ctx.header("ETag", tag);
        if (at != null) {
            ctx.header(AS_OF, Json.time(at));
            ctx.header("Age", Long.toString(age(at, now)));
        }
        if (Asset.matches(ctx.header("If-None-Match"), tag)) {
            ctx.status(304);
        } else {
            ctx.result(html);
        }
    }

    static long age(Instant at, Instant now) {
        return Math.max(0, Duration.between(at, now).toSeconds());
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
