package io.pipelinev2.runner.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.ranking.RankBy;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardServerTest {

    private final ServedDashboard served = new ServedDashboard();

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void status_has_the_keys_of_the_contract() throws Exception {
        served.sample.alive().trial("ppo", 0, 1.0, TrialStatus.PENDING, null);

        HttpResponse<String> answer = served.get("/status");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(answer.body())
                .startsWith("{\"pipeline\":\"healthy\",\"trials_pending\":1,\"trials_processing\":0,"
                        + "\"trials_deployed\":0,\"trials_failed\":0,\"trials_completed\":0,"
                        + "\"last_check\":\"2026-01-29T21:30:00Z\"")
                .contains("\"snapshot_age_seconds\":0.0,\"trouble\":null");
    }

    @Test
    void tables_are_served_as_the_command_line_prints_them() throws Exception {
        served.sample.running(served.sample.trial("ppo", 7, 1.0, TrialStatus.DEPLOYED, null), 4711);

        assertThat(served.get("/api/v1/trials").body()).startsWith("{\"trials\":[{\"study\":\"ppo\",\"number\":7,");
        assertThat(served.get("/api/v1/deployments").body())
                .startsWith("{\"deployments\":[{\"study\":\"ppo\",\"number\":7,");
    }

    @Test
    void a_store_that_fails_leaves_the_last_state_with_its_age_and_degraded() throws Exception {
        served.sample.alive().trial("ppo", 0, 1.0, TrialStatus.PENDING, null);
        served.get("/status");
        served.get("/");
        served.get("/api/v1/deployments");

        served.failure = new StoreException("The state database pipeline_v2.db is locked.");
        served.sample.clock.advance(Duration.ofSeconds(3));

        assertThat(served.get("/status").body())
                .startsWith("{\"pipeline\":\"degraded\",\"trials_pending\":1,")
                .contains(
                        "\"snapshot_age_seconds\":3.0", "\"trouble\":\"The state database pipeline_v2.db is locked.\"");
        assertThat(served.get("/").body())
                .contains("is locked. What is shown is from 2026-01-29 21:30:00 UTC, 3 s ago.", "ppo/");
        assertThat(served.get("/api/v1/deployments").headers().firstValue("Age"))
                .hasValue("3");
        assertThat(served.get("/api/v1/trials").statusCode()).isEqualTo(503);
        assertThat(served.get("/readyz").statusCode()).isEqualTo(503);
        assertThat(served.get("/livez").statusCode()).isEqualTo(200);

        served.failure = null;
        served.sample.clock.advance(Duration.ofSeconds(1));
        assertThat(served.get("/status").body())
                .startsWith("{\"pipeline\":\"healthy\"")
                .contains("\"trouble\":null");
    }

    @Test
    void a_store_that_never_answered_leaves_nulls_with_the_reason() throws Exception {
        served.failure = new IllegalStateException("secret detail");

        HttpResponse<String> answer = served.get("/status");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .startsWith("{\"pipeline\":\"degraded\",\"trials_pending\":null")
                .contains("\"last_check\":null", "the log says why")
                .doesNotContain("secret detail");
        assertThat(served.get("/api/v1/deployments").statusCode()).isEqualTo(503);
        assertThat(served.get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void ready_means_that_a_daemon_reports() throws Exception {
        assertThat(served.get("/readyz").statusCode()).isEqualTo(503);

        served.sample.clock.advance(Duration.ofSeconds(1));
        served.sample.alive();

        assertThat(served.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(served.send("HEAD", "/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void head_runs_the_route() throws Exception {
        HttpResponse<String> answer = served.send("HEAD", "/readyz");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"})
    void other_methods_are_not_allowed(String method) throws Exception {
        for (String path : new String[] {"/", "/status", "/nowhere"}) {
            String answer = served.raw(method + " " + path + " HTTP/1.1", "Host: localhost");
            assertThat(answer).startsWith("HTTP/1.1 405 ").contains("Allow: GET, HEAD", "application/problem+json");
        }
    }

    @Test
    void what_is_not_there_is_a_problem_in_json() throws Exception {
        HttpResponse<String> answer = served.get("/api/v1/nowhere");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body())
                .startsWith("{\"type\":\"about:blank\",\"title\":\"Not found\",\"status\":404,\"detail\":\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/status", "/livez", "/readyz", "/api/v1/trials", "/nowhere", "/assets/dashboard.css"})
    void every_answer_carries_the_security_headers(String path) throws Exception {
        HttpResponse<String> answer = served.get(path);

        assertThat(answer.headers().firstValue("Content-Security-Policy"))
                .hasValue("default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self';"
                        + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(answer.headers().firstValue("Server")).isEmpty();
        assertThat(answer.headers().allValues("Cache-Control"))
                .containsExactly(path.startsWith("/assets/") ? "no-cache" : "no-store");
    }

    @Test
    void a_taken_port_is_named_with_the_next_step() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                DashboardServer late = server("127.0.0.1", other.getLocalPort())) {
            assertThatExceptionOfType(AddressUnavailableException.class)
                    .isThrownBy(late::start)
                    .withMessageContaining("127.0.0.1:" + other.getLocalPort())
                    .withMessageContaining("http.port")
                    .satisfies(e -> assertThat(e.port()).isEqualTo(other.getLocalPort()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void an_address_that_others_can_reach_is_refused(String host) {
        try (DashboardServer open = server(host, 0)) {
            assertThatExceptionOfType(ExposedAddressException.class)
                    .isThrownBy(open::start)
                    .withMessageContaining("http.host was '" + host + "'")
                    .withMessageContaining("ssh -L");
        }
    }

    @Test
    void settings_name_the_key_that_is_wrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DashboardSettings("127.0.0.1", 70000, false, new RankBy("sharpe")))
                .withMessageContaining("http.port");
    }

    @Test
    void nobody_answers_once_it_is_closed_and_closing_twice_is_fine() throws Exception {
        served.close();
        served.close();

        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> served.get("/livez"));
    }

    private DashboardServer server(String host, int port) {
        return new DashboardServer(
                served.sample.store,
                served.sample.monitor(),
                new DashboardSettings(host, port, false, new RankBy("sharpe")));
    }
}
