package io.pipelinev2.runner.http.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.Scripts;
import io.pipelinev2.runner.http.ServedDashboard;
import io.pipelinev2.runner.http.ServedHome;
import io.pipelinev2.runner.http.problem.Problem;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever looks at the dashboard is told on a page what went wrong; whoever asks the API gets a problem. */
class ErrorPageTest {

    private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    @TempDir
    Path directory;

    private ServedHome home;

    @BeforeEach
    void open() {
        home = new ServedHome(directory);
    }

    @AfterEach
    void close() {
        home.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/nothing/here, 404, Not found, There is nothing at this address",
        "/trials/4242, 404, Not found, There is no trial of the id 4242",
        "/deployments/x, 404, Not found, must be a whole number",
        "/trials?sort=colour, 400, Bad request, sort must be one of",
        "/trials?after=none, 400, Bad request, Take it from `next`"
    })
    void a_browser_gets_a_page_that_says_what_to_do(String path, int status, String title, String words)
            throws Exception {
        HttpResponse<String> answer = home.get(path, "Accept", BROWSER);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        assertThat(answer.headers().firstValue("Content-Security-Policy")).isPresent();
        assertThat(Scripts.without(answer.body()))
                .contains(
                        "<h1>" + title + "</h1>",
                        words,
                        "Go to the overview",
                        "<strong>PAPER</strong>",
                        "<nav aria-label=\"Main\">",
                        "HTTP status " + status)
                .doesNotContain("<script", " style=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/trials/4242", "/api/v1/nothing", "/api/v1/trials?sort=colour"})
    void the_api_answers_in_json_whoever_asks(String path) throws Exception {
        HttpResponse<String> answer = home.get(path, "Accept", BROWSER);

        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith(Problem.MEDIA_TYPE));
        assertThat(answer.body()).startsWith("{").contains("\"detail\":");
    }

    @Test
    void a_program_gets_a_problem_from_a_page_too() throws Exception {
        assertThat(home.get("/trials/4242").body()).startsWith("{");
        assertThat(home.get("/trials/4242", "Accept", "application/json").body())
                .startsWith("{");
    }

    @Test
    void what_is_refused_before_any_page_is_told_on_one_that_shows_nothing_of_the_home() throws Exception {
        home.sample.trial("secret-study", 7, 1.0, TrialStatus.PENDING, null);

        String host = home.raw(
                "GET /trials HTTP/1.1\r\nHost: evil.example\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
        String form = home.postAsIs(
                        "/trials/1/actions/retry",
                        "csrf=x",
                        "Accept",
                        BROWSER,
                        "Origin",
                        "https://evil.example",
                        "Content-Type",
                        "application/x-www-form-urlencoded")
                .body();

        assertThat(host)
                .startsWith("HTTP/1.1 403")
                .contains("<h1>Forbidden</h1>", "DNS rebinding", "http.names", "Sign in")
                .doesNotContain("secret-study");
        assertThat(form).contains("<h1>Forbidden</h1>", "a page of another site");
    }

    @Test
    void a_fault_of_the_program_has_a_reference_and_a_way_on() throws Exception {
        try (ServedDashboard broken = new ServedDashboard()) {
            broken.failure = new IllegalStateException("<b>secret</b>");

            String page = broken.raw("GET /trials HTTP/1.1", "Host: 127.0.0.1:" + broken.port, "Accept: text/html");

            assertThat(page)
                    .startsWith("HTTP/1.1 500")
                    .contains("<h1>Internal error</h1>", "under reference ", "Try again")
                    .doesNotContain("secret");
        }
    }

    @Test
    void a_database_that_cannot_be_read_is_a_page_to_try_again() throws Exception {
        try (ServedDashboard locked = new ServedDashboard()) {
            locked.failure = new StoreException("The database is locked by another process.");

            String page = locked.raw("GET /trials HTTP/1.1", "Host: 127.0.0.1:" + locked.port, "Accept: text/html");

            assertThat(page)
                    .startsWith("HTTP/1.1 503")
                    .contains("<h1>Not ready</h1>", "locked by another process", "Try again");
            assertThat(locked.raw("GET /api/v1/trials HTTP/1.1", "Host: 127.0.0.1:" + locked.port, "Accept: text/html"))
                    .contains("\"code\":\"not_ready\"");
        }
    }
}
