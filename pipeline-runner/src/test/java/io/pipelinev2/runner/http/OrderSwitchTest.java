package io.pipelinev2.runner.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kill switch over HTTP: it works, and no web page can reach it. */
class OrderSwitchTest {

    private static final String[] PROPER = {"Content-Type", "application/json", "X-Pipeline-Request", "1"};

    @TempDir
    Path home;

    private ServedDashboard served;

    @BeforeEach
    void open() {
        served = new ServedDashboard(home, false);
    }

    @AfterEach
    void close() {
        served.close();
    }

    private Path file() {
        return home.resolve("state").resolve("KILL");
    }

    @Test
    void halt_and_resume_answer_how_it_stands_and_are_recorded() throws Exception {
        HttpResponse<String> halted =
                served.post("/api/halt", "{\"state\":\"reducing\",\"reason\":\"odd prices\"}", PROPER);

        assertThat(halted.statusCode()).isEqualTo(200);
        assertThat(halted.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(halted.body())
                .startsWith("{\"orders\":\"reducing\",\"message\":\"All traders of this home are reducing")
                .endsWith("\"mode\":\"PAPER\"}");
        assertThat(Files.readString(file())).startsWith("reducing at ").contains("by http: odd prices");
        assertThat(served.get("/status").body()).contains("\"orders\":\"reducing\",\"orders_reason\":\"reducing at ");
        assertThat(served.get("/").body()).contains(">reducing<", "odd prices");

        HttpResponse<String> resumed = served.post("/api/resume", "{}", PROPER);
        assertThat(resumed.statusCode()).isEqualTo(200);
        assertThat(resumed.body()).startsWith("{\"orders\":\"active\"");
        assertThat(file()).doesNotExist();
        assertThat(served.get("/status").body()).contains("\"orders\":\"active\",\"orders_reason\":null");
        List<Event> events = served.sample.store.read(tx -> tx.events(null, 10));
        assertThat(events).extracting(Event::type).containsExactly(EventType.OPERATOR_RESUME, EventType.OPERATOR_HALT);
    }

    @Test
    void halting_without_a_state_is_halting() throws Exception {
        assertThat(served.post("/api/halt", "", PROPER).body()).startsWith("{\"orders\":\"halted\"");
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain,1,,,415",
        "application/x-www-form-urlencoded,1,,,415",
        "application/json,,,,403",
        "application/json,1,https://evil.example,,403",
        "application/json,1,null,,403",
        "application/json,1,,cross-site,403",
        "application/json,1,,same-site,403",
        "application/json,1,http://127.0.0.1:1234,same-origin,200",
        "application/json; charset=utf-8,1,http://localhost:1234,none,200",
    })
    void what_a_page_of_another_site_could_send_is_refused(
            String type, String header, String origin, String site, int status) throws Exception {
        StringBuilder lines = new StringBuilder("Host: localhost\r\nContent-Length: 2\r\nContent-Type: " + type);
        lines.append(header == null ? "" : "\r\nX-Pipeline-Request: " + header);
        lines.append(origin == null ? "" : "\r\nOrigin: " + origin);
        lines.append(site == null ? "" : "\r\nSec-Fetch-Site: " + site);

        String answer = served.rawWithBody("POST /api/halt HTTP/1.1", lines.toString(), "{}");

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("X-Content-Type-Options: nosniff");
        assertThat(Files.exists(file())).isEqualTo(status == 200);
        if (status != 200) {
            assertThat(answer).contains("application/problem+json", "\"status\":" + status);
        }
    }

    @Test
    void a_foreign_host_is_refused_before_anything_else() throws Exception {
        String answer = served.rawWithBody(
                "POST /api/halt HTTP/1.1",
                "Host: evil.example\r\nContent-Length: 2\r\nContent-Type: application/json\r\nX-Pipeline-Request: 1",
                "{}");
        assertThat(answer).startsWith("HTTP/1.1 403 ");
        assertThat(file()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "not json",
                "{\"state\":\"active\"}",
                "{\"state\":\"off\"}",
                "{\"state\":1}",
                "{\"reason\":7}",
                "{\"state\":\"halted\",\"more\":1}"
            })
    void a_malformed_body_is_a_problem(String body) throws Exception {
        HttpResponse<String> answer = served.post("/api/halt", body, PROPER);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(file()).doesNotExist();
    }

    @Test
    void a_body_of_unknown_or_great_length_is_refused() throws Exception {
        String big = "{\"reason\":\"" + "x".repeat(9_000) + "\"}";
        assertThat(served.post("/api/halt", big, PROPER).statusCode()).isEqualTo(413);
        String chunked = served.rawWithBody(
                "POST /api/halt HTTP/1.1",
                "Host: localhost\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\nX-Pipeline-Request: 1",
                "2\r\n{}\r\n0\r\n\r\n");
        assertThat(chunked).startsWith("HTTP/1.1 411 ");
        assertThat(file()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
    void other_methods_are_not_allowed_there(String method) throws Exception {
        assertThat(served.raw(method + " /api/halt HTTP/1.1", "Host: localhost"))
                .startsWith("HTTP/1.1 405 ")
                .contains("Allow: POST");
        assertThat(file()).doesNotExist();
    }

    @Test
    void a_read_only_server_changes_nothing() throws Exception {
        try (ServedDashboard readOnly = new ServedDashboard(home, true)) {
            HttpResponse<String> answer = readOnly.post("/api/halt", "{}", PROPER);
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("http.read_only");
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void a_server_without_a_home_has_no_switch() throws Exception {
        try (ServedDashboard without = new ServedDashboard()) {
            assertThat(without.post("/api/halt", "{}", PROPER).statusCode()).isEqualTo(405);
            assertThat(without.get("/status").body()).doesNotContain("\"orders\"");
        }
    }
}
