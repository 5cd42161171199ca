package io.pipelinev2.runner.http.exchange;

import io.javalin.http.Context;
import io.pipelinev2.runner.http.access.AccessRules;
import io.pipelinev2.runner.http.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the sender calls a request, so that one that is sent again is told from another.
 *
 * @param key from the header {@code Idempotency-Key}
 * @param fingerprint of what is asked
 */
public record RequestKey(String key, String fingerprint) {

    public static final String HEADER = "Idempotency-Key";

    /** The field of a form that stands for the header. */
    public static final String FIELD = "key";

    /** The header of an answer that was given before. */
    public static final String REPLAYED = "Idempotency-Replayed";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._:-]{8,128}");

    /** @throws ProblemException if there is none, or one of another form */
    public static RequestKey of(Context ctx) {
        RequestKey key = optional(ctx);
        if (key == null) {
            throw new ProblemException(
                    400,
                    "A request that changes something needs the header " + HEADER
                            + " with a text of its own, a UUID for instance: if the answer is lost, send the same again and it"
                            + " is not carried out twice.");
        }
        return key;
    }

    /** As {@link #of}, or null if there is none. */
    public static @Nullable RequestKey optional(Context ctx) {
        String header = ctx.header(HEADER);
        String given = header == null && AccessRules.isForm(ctx) ? ctx.formParam(FIELD) : header;
        if (given == null) {
            return null;
        }
        if (!FORM.matcher(given).matches()) {
            throw new ProblemException(
                    400, HEADER + " must be 8 to 128 letters, digits, and any of the characters . _ : - alone.");
        }
        return new RequestKey(given, fingerprint(ctx));
    }

    /** The key of one of many changes that are asked for together. */
    public RequestKey of(long trialId) {
        return new RequestKey(key + "/" + trialId, fingerprint);
    }

    private static String fingerprint(Context ctx) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((ctx.path() + "\n").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(ctx.bodyAsBytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
