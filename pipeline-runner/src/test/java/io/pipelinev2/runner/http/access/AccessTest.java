package io.pipelinev2.runner.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.ServedHome;
import io.pipelinev2.runner.http.action.TrialAction;
import io.pipelinev2.runner.http.problem.Problem;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who has the token may steer, and nobody else; and no page of another site makes a browser do it. */
class AccessTest {

    private static final String HALT = "/api/v1/orders/halt";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Set<String> OPEN = Set.of("/livez", "/readyz", "/login", "/api/v1/openapi.json");
    private static final Pattern ACTS =
            Pattern.compile("/(trials|alerts|stages)/[^/]+/actions/[^/]+|/trials/actions/[^/]+|/orders/(halt|resume)");
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([0-9a-f]{64})\"");

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

    private Path killFile() {
        return directory.resolve("state").resolve("KILL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer ",
                "Bearer wrong",
                "Bearer 0000000000000000000000000000000000000000",
                "Basic dXNlcjpwYXNz",
                "bearer"
            })
    void without_the_token_nothing_is_changed(String authorization) throws Exception {
        HttpResponse<String> answer = authorization.isEmpty()
                ? home.postAsIs(HALT, "{}", "Content-Type", "application/json")
                : home.postAsIs(HALT, "{}", "Content-Type", "application/json", "Authorization", authorization);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"pipeline\"");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(Problem.MEDIA_TYPE);
        assertThat(answer.body()).contains("\"code\":\"unauthorized\"").doesNotContain(home.token());
        assertThat(killFile()).doesNotExist();
    }

    @Test
    void every_change_needs_the_token() throws Exception {
        Trial trial = home.sample.trial("ppo", 7, 1.0, TrialStatus.PENDING, null);
        for (TrialAction action : TrialAction.all()) {
            HttpResponse<String> answer = home.postAsIs(
                    "/api/v1/trials/" + trial.id() + "/" + action.name(),
                    "{\"expected_version\":\"*\",\"reason\":\"x\",\"stage\":\"backtest\"}",
                    "Content-Type",
                    "application/json",
                    "Idempotency-Key",
                    "my-key-0001");
            assertThat(answer.statusCode()).as(action.name()).isEqualTo(401);
        }
        assertThat(home.store.<List<Event>>read(tx -> tx.events(null, 10))).isEmpty();
    }

    @Test
    void the_token_in_an_address_is_no_token() throws Exception {
        assertThat(home.postAsIs(HALT + "?token=" + home.token(), "{}", "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void many_wrong_tokens_are_put_off_and_the_right_one_is_taken_all_the_same() throws Exception {
        int last = 0;
        for (int i = 0; i < 12; i++) {
            HttpResponse<String> answer =
                    home.postAsIs(HALT, "{}", "Content-Type", "application/json", "Authorization", "Bearer guess-" + i);
            last = answer.statusCode();
            assertThat(last).isEqualTo(i < 10 ? 401 : 429);
        }
        assertThat(last).isEqualTo(429);
        assertThat(home.post(HALT, "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void reading_on_loopback_is_open_unless_a_token_file_is_configured() throws Exception {
        for (String path :
                List.of("/", "/status", "/metrics", "/api/v1/trials", "/api/v1/events", "/livez", "/login")) {
            assertThat(home.get(path).statusCode()).as(path).isEqualTo(200);
        }
        home.close();
        home = new ServedHome(directory, ServedHome.readsProtected());
        for (String path : List.of("/status", "/metrics", "/api/v1/trials", "/api/v1/events", "/api/v1/health")) {
            assertThat(home.get(path).statusCode()).as(path).isEqualTo(401);
            assertThat(home.get(path, "Authorization", "Bearer " + home.token()).statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
        for (String path : List.of("/livez", "/login", "/assets/dashboard.css", "/api/v1/openapi.json")) {
            assertThat(home.get(path).statusCode()).as(path).isEqualTo(200);
        }
        HttpResponse<String> page = home.get("/");
        assertThat(page.statusCode()).isEqualTo(303);
        assertThat(page.headers().firstValue("Location")).hasValue("/login");
    }

    /** The whole table of routes, as the document of the API has it, by each of those who may come. */
    @Test
    void each_address_is_for_those_whom_it_is_for() throws Exception {
        home.close();
        Path reading = directory.resolve("state").resolve("http_read_token");
        home = new ServedHome(directory, ServedHome.readsByTheirOwnToken(reading));
        String owner = "Bearer " + home.token();
        String reader = "Bearer " + Files.readString(reading).strip();
        long id = home.sample.trial("ppo", 7, 1.0, TrialStatus.PENDING, null).id();
        Set<String> changing = new TreeSet<>();
        for (String route : home.server.registered()) {
            String method = route.split(" ")[0];
            String path = route.split(" ")[1].replaceAll("\\{action}", "park").replaceAll("\\{[a-z]+}", "" + id);
            if (method.equals("GET")) {
                boolean open = OPEN.contains(path) || path.startsWith("/assets/");
                int without = home.get(path).statusCode();
                assertThat(without).as(route).matches(status -> open == (status != 401 && status != 303));
                int asReader = home.get(path, "Authorization", reader).statusCode();
                // a page that asks before it acts is for whoever may act, and is led to where one signs in
                assertThat(asReader)
                        .as(route)
                        .isIn(ACTS.matcher(path).matches() ? List.of(303, 404) : List.of(200, 404, 503));
                assertThat(home.get(path, "Authorization", owner).statusCode())
                        .as(route)
                        .isEqualTo(asReader);
            } else if (method.equals("POST") && !List.of("/login", "/logout").contains(path)) {
                changing.add(path);
                assertThat(changedBy(path, null)).as(route).isEqualTo(401);
                assertThat(changedBy(path, reader)).as(route).isEqualTo(403);
                assertThat(changedBy(path, owner)).as(route).isNotIn(401, 403);
            }
        }
        assertThat(changing).hasSizeGreaterThan(20);
    }

    private int changedBy(String path, @Nullable String authorization) throws Exception {
        String type = ACTS.matcher(path).matches() ? FORM : "application/json";
        // no body that could be carried out: who may do it is asked first
        return authorization == null
                ? home.postAsIs(path, "x", "Content-Type", type).statusCode()
                : home.postAsIs(path, "x", "Content-Type", type, "Authorization", authorization)
                        .statusCode();
    }

    @Test
    void who_signed_in_for_reading_reads_and_is_told_what_it_takes_to_change() throws Exception {
        home.close();
        Path reading = directory.resolve("state").resolve("http_read_token");
        home = new ServedHome(directory, ServedHome.readsByTheirOwnToken(reading));
        String cookie = cookie(Files.readString(reading).strip());

        assertThat(home.get("/", "Cookie", cookie).statusCode()).isEqualTo(200);
        assertThat(home.get("/login", "Cookie", cookie).body()).contains("signed in for reading alone");
        HttpResponse<String> refused = halt("Cookie", cookie, "X-Pipeline-CSRF", csrf(cookie));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("needs the owner's token", "http.token_file");
        assertThat(killFile()).doesNotExist();
    }

    @Test
    void a_rotated_token_counts_at_once_and_signs_out_whoever_showed_the_old_one() throws Exception {
        home.close();
        Path reading = directory.resolve("state").resolve("http_read_token");
        home = new ServedHome(directory, ServedHome.readsByTheirOwnToken(reading));
        String old = home.token();
        String owners = cookie(old);
        String readers = cookie(Files.readString(reading).strip());

        new TokenFile(directory.resolve("state").resolve("http_token")).rotate();

        assertThat(home.get("/status", "Authorization", "Bearer " + old).statusCode())
                .isEqualTo(401);
        assertThat(home.get("/status", "Cookie", owners).statusCode()).isEqualTo(401);
        assertThat(home.get("/status", "Cookie", readers).statusCode())
                .as("the other token is as it was")
                .isEqualTo(200);
        assertThat(home.post(HALT, "{}").statusCode()).isEqualTo(200);
        assertThat(home.get("/status", "Cookie", cookie(home.token())).statusCode())
                .isEqualTo(200);
    }

    private String cookie(String token) throws Exception {
        return signIn(token).headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    }

    private HttpResponse<String> signIn(String token) throws Exception {
        return home.postAsIs(
                "/login",
                "token=" + URLEncoder.encode(token, StandardCharsets.UTF_8),
                "Content-Type",
                FORM,
                "Origin",
                "http://127.0.0.1:" + home.port);
    }

    @Test
    void a_browser_shows_the_token_once_and_then_its_cookie_and_its_key() throws Exception {
        HttpResponse<String> signedIn = signIn(home.token());
        assertThat(signedIn.statusCode()).isEqualTo(303);
        String setCookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(setCookie)
                .matches("pipeline_session=[0-9a-f]{64};.*")
                .containsIgnoringCase("HttpOnly")
                .containsIgnoringCase("SameSite=Strict")
                .contains("Path=/")
                .doesNotContain(home.token());
        String cookie = setCookie.split(";")[0];
        String csrf = csrf(cookie);

        assertThat(halt("Cookie", cookie).statusCode()).as("without its key").isEqualTo(403);
        assertThat(halt("Cookie", cookie, "X-Pipeline-CSRF", "0".repeat(64)).statusCode())
                .isEqualTo(403);
        assertThat(killFile()).doesNotExist();
        assertThat(halt("Cookie", cookie, "X-Pipeline-CSRF", csrf).statusCode()).isEqualTo(200);
        assertThat(killFile()).exists();
        Event event = home.store.<List<Event>>read(tx -> tx.events(null, 1)).get(0);
        assertThat(event.origin()).isEqualTo("dashboard");

        HttpResponse<String> out = home.postAsIs("/logout", "csrf=" + csrf, "Content-Type", FORM, "Cookie", cookie);
        assertThat(out.statusCode()).isEqualTo(303);
        assertThat(halt("Cookie", cookie, "X-Pipeline-CSRF", csrf).statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> halt(String... headers) throws Exception {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 0, headers.length);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = "application/json";
        return home.postAsIs(HALT, "{}", all);
    }

    private String csrf(String cookie) throws Exception {
        Matcher found = CSRF.matcher(home.get("/login", "Cookie", cookie).body());
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    @Test
    void a_wrong_token_signs_nobody_in() throws Exception {
        HttpResponse<String> answer = signIn("<script>alert(1)</script>");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(answer.body()).contains("role=\"alert\"").doesNotContain("<script>", home.token());
        assertThat(home.get("/login", "Cookie", "pipeline_session=" + "0".repeat(64))
                        .body())
                .contains("type=\"password\"");
    }

    @Test
    void who_reads_protected_pages_may_do_so_by_cookie() throws Exception {
        home.close();
        home = new ServedHome(directory, ServedHome.readsProtected());
        String cookie = signIn(home.token())
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow()
                .split(";")[0];

        assertThat(home.get("/", "Cookie", cookie).statusCode()).isEqualTo(200);
        assertThat(home.get("/api/v1/trials", "Cookie", cookie).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example,,403",
        "null,,403",
        "null,none,403",
        "null,same-site,403",
        "null,cross-site,403",
        "null,same-origin,200",
        "https://evil.example,same-origin,403",
        "http://localhost.evil.example,,403",
        "http://127.0.0.1:1,,403",
        ",cross-site,403",
        ",same-site,403",
        "SELF,same-origin,200",
        ",none,200",
        ",,200",
    })
    void what_a_page_of_another_site_sends_is_refused_even_with_the_token(String origin, String site, int status)
            throws Exception {
        StringBuilder request = new StringBuilder("POST " + HALT + " HTTP/1.1\r\nHost: 127.0.0.1:" + home.port
                + "\r\n"
                + "Content-Length: 2\r\n"
                + "Content-Type: application/json\r\n"
                + "Connection: close\r\n"
                + "Authorization: Bearer "
                + home.token());
        if (origin != null) {
            request.append("\r\nOrigin: ").append(origin.replace("SELF", "http://127.0.0.1:" + home.port));
        }
        if (site != null) {
            request.append("\r\nSec-Fetch-Site: ").append(site);
        }

        String answer = home.raw(request.append("\r\n\r\n{}").toString());

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("X-Content-Type-Options: nosniff");
        assertThat(Files.exists(killFile())).isEqualTo(status == 200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", FORM, "multipart/form-data; boundary=x", "application/jsonp", ""})
    void what_is_no_json_is_not_taken(String type) throws Exception {
        HttpResponse<String> answer = type.isEmpty()
                ? home.postAsIs(HALT, "{}", "Authorization", "Bearer " + home.token())
                : home.postAsIs(HALT, "{}", "Authorization", "Bearer " + home.token(), "Content-Type", type);

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(killFile()).doesNotExist();
    }

    @Test
    void signing_in_is_no_use_to_another_site() throws Exception {
        HttpResponse<String> answer = home.postAsIs(
                "/login", "token=" + home.token(), "Content-Type", FORM, "Origin", "https://evil.example");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void a_configured_name_is_answered_and_others_are_not() throws Exception {
        home.close();
        home = new ServedHome(directory, ServedHome.readsProtected("pipeline.example"));

        assertThat(home.raw("GET /livez HTTP/1.1\r\nHost: pipeline.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(home.raw("GET /livez HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
    }

    @ParameterizedTest
    @CsvSource({"Content-Length: 65537,413", "Content-Length: 99999999999,413", "Transfer-Encoding: chunked,411"})
    void a_body_of_great_or_unknown_length_is_refused_before_it_is_read(String header, int status) throws Exception {
        String answer = home.raw("POST " + HALT + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + header + "\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("application/problem+json", "Connection: close");
        assertThat(home.get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void a_body_as_large_as_is_allowed_is_read() throws Exception {
        String body = "{\"reason\":\"" + "x".repeat(900) + "\"}" + " ".repeat(64 * 1024 - 913);
        assertThat(body).hasSize(64 * 1024);

        assertThat(home.post(HALT, body).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /status HTTP/1.1\r\nHost: localhost\r\nX: HUGE\r\n\r\n",
                "GET /HUGE HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "POST /api/v1/orders/halt HTTP/1.1\r\n"
                        + "Host: localhost\r\n"
                        + "Content-Length: 2\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "0\r\n\r\n",
                "POST /api/v1/orders/halt HTTP/1.1\r\n"
                        + "Host: localhost\r\n"
                        + "Content-Length: 2\r\n"
                        + "Content-Length: 3\r\n\r\n"
                        + "{}",
                "POST /api/v1/orders/halt HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                "GET /status HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello",
                "GET /status HTTP/9.9\r\nHost: localhost\r\n\r\n",
                "GET  HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "\u0000\u0001\u0002\r\n\r\n"
            })
    void what_is_no_proper_request_is_refused_and_harms_nobody(String request) throws Exception {
        String answer = home.raw(request.replace("HUGE", "x".repeat(100_000)));

        assertThat(answer)
                .containsPattern("\\AHTTP/1.1 (4\\d\\d|505) ")
                .contains(Problem.MEDIA_TYPE)
                .doesNotContain("Jetty", "Exception");
        assertThat(killFile()).doesNotExist();
        assertThat(home.get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void a_halt_may_have_no_body_at_all() throws Exception {
        String answer = home.raw("POST " + HALT + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Connection: close\r\nAuthorization: Bearer " + home.token() + "\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(killFile()).exists();
    }
}
