package io.pipelinev2.runner.http.frame;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.access.AccessRules;
import io.pipelinev2.runner.http.access.AccessTokens;
import io.pipelinev2.runner.http.access.Caller;
import io.pipelinev2.runner.http.access.Sessions;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Icon;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page at which a browser shows the token once, and gets a cookie for it that scripts cannot read and that is sent with no
 * request of another site.
 */
public final class SignIn {

    public static final String PATH = "/login";
    static final String OUT = "/logout";

    private static final Parameter NEXT =
            Parameter.text(Destination.PARAMETER, "The page to go on to: its path and query.");
    private static final String HTML = "text/html; charset=utf-8";
    private static final String FOR_READING =
            "This browser is signed in for reading alone. To change something, sign out, and sign in with the owner's"
                    + " token.";
    private static final String FORM = "application/x-www-form-urlencoded";

    private final AccessRules rules;
    private final Sessions sessions;

    public SignIn(AccessRules rules, Sessions sessions) {
        this.rules = rules;
        this.sessions = sessions;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                        PATH,
                        "getLoginPage",
                        "The page at which a browser shows the access token.",
                        Access.OPEN,
                        List.of(NEXT),
                        Endpoint.Answer.of(HTML),
                        asked -> page(asked.ctx(), asked.caller(), Destination.of(asked.query(NEXT.name())), null)),
                form(PATH, "login", "Shows the access token; answered with a session's cookie.", this::in),
                form(OUT, "logout", "Ends a browser's session.", this::out));
    }

    private static Endpoint form(String path, String id, String summary, Endpoint.Answering answering) {
        return new Endpoint(
                "POST", path, id, summary, Access.OPEN, List.of(), List.of(), Endpoint.Answer.of(HTML), answering);
    }

    private void in(Asked asked) {
        Context ctx = asked.ctx();
        rules.requireThisSite(ctx);
        requireForm(ctx);
        String token = ctx.formParam("token");
        AccessTokens.Pass pass;
        try {
            pass = rules.requirePass(ctx, token == null ? "" : token.strip());
        } catch (ProblemException e) {
            ctx.status(e.problem().status());
            page(
                    ctx,
                    Caller.ANYBODY,
                    Destination.of(ctx.formParam(NEXT.name())),
                    e.problem().detail());
            return;
        }
        end(ctx);
        Cookie cookie = new Cookie(AccessRules.COOKIE, sessions.begin(pass).id());
        cookie.setPath("/");
        cookie.setHttpOnly(true);
        cookie.setSameSite(SameSite.STRICT);
        cookie.setMaxAge((int) Sessions.LIFETIME.toSeconds());
        ctx.cookie(cookie);
        send(ctx, Destination.of(ctx.formParam(NEXT.name())).address());
    }

    private void out(Asked asked) {
        Context ctx = asked.ctx();
        rules.requireThisSite(ctx);
        requireForm(ctx);
        Sessions.Session session = asked.caller().session();
        if (session != null) {
            AccessRules.requireCsrf(ctx, session);
            end(ctx);
        }
        ctx.removeCookie(AccessRules.COOKIE);
        send(ctx, Page.Place.OVERVIEW.path());
    }

    private static void requireForm(Context ctx) {
        if (!AccessRules.isForm(ctx)) {
            throw new ProblemException(415, "The body must be a form, sent as Content-Type: " + FORM + ".");
        }
    }

    private void end(Context ctx) {
        String before = ctx.cookie(AccessRules.COOKIE);
        if (before != null) {
            sessions.end(before);
        }
    }

    private static void send(Context ctx, String address) {
        ctx.status(303);
        ctx.header("Location", address);
    }

    private static void page(Context ctx, Caller caller, Destination next, @Nullable String objection) {
        Sessions.Session session = caller.session();
        Element form = Element.of("form")
                .attribute("method", "post")
                .attribute("action", session == null ? PATH : OUT)
                .style("panel");
        if (session == null) {
            form.add(
                    Element.of(
                            "p",
                            "The access token is in the file that http.token_file names, by default"
                                    + " state/http_token in the pipeline's home, for the user that runs it;"
                                    + " `token show` prints it. For reading alone, the one of"
                                    + " http.read_token_file does."),
                    Element.of("label", "Access token").attribute("for", "token"),
                    Element.of("input")
                            .attribute("id", "token")
                            .attribute("name", "token")
                            .attribute("type", "password")
                            .attribute("required", "required")
                            .attribute("autocomplete", "current-password"),
                    Element.of("input")
                            .attribute("type", "hidden")
                            .attribute("name", NEXT.name())
                            .attribute("value", next.address()),
                    Element.of("button", "Sign in").attribute("type", "submit"));
        } else {
            form.add(
                    Element.of("p", caller.isOwner() ? "This browser is signed in." : FOR_READING),
                    Element.of("input")
                            .attribute("type", "hidden")
                            .attribute("name", AccessRules.CSRF_FIELD)
                            .attribute("value", session.csrf()),
                    Element.of("button", "Sign out").attribute("type", "submit"));
        }
        List<Node> content = new ArrayList<>();
        if (objection != null) {
            content.add(Element.of("p", Icon.TRIANGLE.node(), Element.of("span", objection))
                    .style("trouble")
                    .attribute("role", "alert"));
        }
        content.add(form);
        ctx.contentType(HTML);
        // seen by everybody, so it tells nothing of the home
        ctx.result(new Page("sign in", List.of()).html(new Text(session == null ? "Sign in" : "Signed in"), content));
    }

    /** In which the owner asks for a page that acts; null if it is somebody else, who is then sent to where they sign in. */
    public static Sessions.@Nullable Session sessionElseSentThere(Asked asked) {
        Sessions.Session session = asked.caller().ownersSession();
        if (session == null) {
            send(asked.ctx(), Destination.of(asked.ctx()).signingIn());
        }
        return session;
    }

    /** Sends whoever asks for a page to where they sign in, and from there to that page. */
    public static void sendThere(Context ctx) {
        String address = Destination.of(ctx).signingIn();
        if (Fragment.isWanted(ctx)) {
            // a script would follow another status and show the page within the page
            ctx.status(401);
            ctx.header("HX-Redirect", address);
        } else {
            send(ctx, address);
        }
    }
}
