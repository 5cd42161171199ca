package io.pipelinev2.runner.http.frame;

import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Problem} for whoever looks at the dashboard: what went wrong, why, and what to do next, within what all pages have
 * around them. It tells nothing of the home, as anybody may get it.
 */
public final class ErrorPage {

    public static final String MEDIA_TYPE = "text/html; charset=utf-8";

    private static final String API = "/api/";
    private static final Set<String> FOR_PROGRAMS = Set.of("/status", "/livez", "/readyz", "/metrics");

    private ErrorPage() {}

    /** Whether a browser asks for a page: what is there for programs is answered as they expect, whoever asks. */
    public static boolean isFor(@Nullable String accept, String path) {
        return accept != null
                && accept.toLowerCase(Locale.ROOT).contains("text/html")
                && !path.startsWith(API)
                && !FOR_PROGRAMS.contains(path);
    }

    public static String html(Problem problem) {
        Element steps = Element.of("p").style("actions");
        if (problem.status() >= 500 || problem.status() == 409) {
            // an empty reference is the page itself
            steps.add(Element.of("a", "Try again").attribute("href", ""));
        }
        if (problem.status() == 401 || problem.status() == 403) {
            steps.add(Element.of("a", "Sign in").attribute("href", SignIn.PATH));
        }
        steps.add(Element.of("a", "Go to the overview").attribute("href", Page.Place.OVERVIEW.path()));
        List<Node> content = new ArrayList<>();
        content.add(Element.of(
                        "section",
                        Element.of("h2", "What happened"),
                        Element.of("p", problem.detail()).style("reason"),
                        steps)
                .style("panel"));
        content.add(Element.of("p", "HTTP status " + problem.status() + ", " + problem.code())
                .style("muted"));
        return new Page(problem.title().toLowerCase(Locale.ROOT), List.of()).html(new Text(problem.title()), content);
    }
}
