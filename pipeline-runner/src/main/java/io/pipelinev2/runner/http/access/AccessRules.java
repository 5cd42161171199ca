package io.pipelinev2.runner.http.access;

import io.javalin.http.Context;
import io.pipelinev2.runner.http.problem.ProblemException;
import io.pipelinev2.runner.logging.RunnerLogCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides who may ask for what. */
public final class AccessRules {

    /** The cookie of a browser that has shown a token. */
    public static final String COOKIE = "pipeline_session";

    /** What a browser's script sends beside the cookie, and a form in the field {@code csrf}. */
    static final String CSRF_HEADER = "X-Pipeline-CSRF";

    public static final String CSRF_FIELD = "csrf";

    private static final Logger log = LoggerFactory.getLogger(AccessRules.class);
    private static final String SCHEME = "bearer ";
    private static final int LONGEST_TOKEN = 1024;

    private final AccessTokens tokens;
    private final boolean readsProtected;
    private final boolean readOnly;
    private final Sessions sessions;
    private final WrongTokens wrong;

    /**
     * @param tokens by which people are let in
     * @param readsProtected whether reading needs one, too
     */
    public AccessRules(
            AccessTokens tokens, boolean readsProtected, boolean readOnly, Sessions sessions, WrongTokens wrong) {
        this.tokens = tokens;
        this.readsProtected = readsProtected;
        this.readOnly = readOnly;
        this.sessions = sessions;
        this.wrong = wrong;
    }

    /**
     * Who asks, if they may.
     *
     * @throws ProblemException if they may not
     */
    public Caller admit(Context ctx, Access access) {
        if (access == Access.CHANGE) {
            requireThisSite(ctx);
            requireWritable();
        }
        Caller caller = caller(ctx);
        boolean needed = access == Access.CHANGE || (access == Access.READ && readsProtected);
        if (needed && !caller.isKnown()) {
            throw unauthorized(
                    ctx,
                    "This needs the access token: send it as `Authorization: Bearer TOKEN`, or sign in at /login. It"
                            + " is in the file that http.token_file names (default: state/http_token), for the user that"
                            + " runs the pipeline.");
        }
        if (access == Access.CHANGE && !caller.isOwner()) {
            throw new ProblemException(
                    403,
                    "This needs the owner's token, and you have shown the one for reading alone"
                            + " (http.read_token_file). Nothing was changed. The owner's is in the file that"
                            + " http.token_file names (default: state/http_token), for the user that runs the pipeline.");
        }
        if (access == Access.CHANGE && caller.session() != null) {
            requireCsrf(ctx, caller.session());
        }
        return caller;
    }

    /** Whether something may be changed at all. */
    boolean isReadOnly() {
        return readOnly;
    }

    private void requireWritable() {
        if (readOnly) {
            throw new ProblemException(
                    403,
                    "This server is read-only (http.read_only). Use the command line, or make the file state/KILL.");
        }
    }

    /** Who asks, whatever for. */
    Caller caller(Context ctx) {
        String authorization = ctx.header("Authorization");
        if (authorization != null && tokens.exist()) {
            if (!authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
                throw unauthorized(ctx, "Authorization must be of the form `Bearer TOKEN`.");
            }
            return Caller.withToken(
                    requirePass(ctx, authorization.substring(SCHEME.length()).strip())
                            .right());
        }
        String cookie = ctx.cookie(COOKIE);
        Sessions.Session session = cookie == null ? null : sessions.find(cookie).orElse(null);
        if (session == null) {
            return Caller.ANYBODY;
        }
        if (!tokens.isValid(session.pass())) {
            sessions.end(session.id());
            return Caller.ANYBODY;
        }
        return Caller.of(session);
    }

    /**
     * What a token is good for.
     *
     * @throws ProblemException if it is none
     */
    public AccessTokens.Pass requirePass(Context ctx, String presented) {
        Optional<AccessTokens.Pass> pass =
                presented.length() > LONGEST_TOKEN ? Optional.empty() : tokens.match(presented);
        if (pass.isEmpty()) {
            if (wrong.another()) {
                ctx.header("Retry-After", "60");
                throw new ProblemException(
                        429, "There were many wrong tokens within a minute. The right one is taken at any time.");
            }
            log.warn(
                    RunnerLogCode.WRONG_TOKEN,
                    "a wrong access token was presented for {} {}",
                    ctx.method(),
                    ctx.path());
            throw unauthorized(
                    ctx,
                    "This is not the access token. It is in the file that http.token_file names (default:"
                            + " state/http_token); `token show` prints it.");
        }
        return pass.get();
    }

    /** That no page of another site, nor of another port of this machine, makes a browser ask. */
    public void requireThisSite(Context ctx) {
        String origin = ctx.header("Origin");
        String site = ctx.header("Sec-Fetch-Site");
        String host = String.valueOf(ctx.header("Host")).toLowerCase(Locale.ROOT);
        // As these pages send no referrer, browsers send their origin as null, but say that it is the same.
        boolean isHidden = "null".equals(origin) && "same-origin".equals(site);
        boolean ofAnother = origin != null
                && !isHidden
                && !List.of("http://" + host, "https://" + host).contains(origin.toLowerCase(Locale.ROOT));
        if (ofAnother || !(site == null || site.equals("same-origin") || site.equals("none"))) {
            throw new ProblemException(403, "This request comes from a page of another site. Nothing was changed.");
        }
    }

    /** That the session's own page made the browser ask. */
    public static void requireCsrf(Context ctx, Sessions.Session session) {
        String header = ctx.header(CSRF_HEADER);
        String given = header == null && isForm(ctx) ? ctx.formParam(CSRF_FIELD) : header;
        if (given == null || !same(given, session.csrf())) {
            throw new ProblemException(
                    403,
                    "A browser that is signed in must send the page's own key as well, in the header " + CSRF_HEADER
                            + " or the field " + CSRF_FIELD
                            + ". Load the page again; it may be from before you signed in. Nothing was changed.");
        }
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    public static boolean isForm(Context ctx) {
        return isOf(ctx, "application/x-www-form-urlencoded");
    }

    public static boolean isOf(Context ctx, String mediaType) {
        String type = ctx.contentType();
        return type != null
                && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(mediaType);
    }

    private static ProblemException unauthorized(Context ctx, String detail) {
        ctx.header("WWW-Authenticate", "Bearer realm=\"pipeline\"");
        return new ProblemException(401, detail);
    }
}
