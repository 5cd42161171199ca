package io.pipelinev2.runner.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.runner.http.ServedDashboard;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostRulesTest {

    private final ServedDashboard served = new ServedDashboard();

    @AfterEach
    void close() {
        served.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:9999", "127.8.9.1:1", "[::1]", "[::1]:80"})
    void names_of_this_machine_are_answered(String host) throws IOException {
        assertThat(served.raw("GET /livez HTTP/1.1", "Host: " + host)).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:80",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "localhost.",
                "notlocalhost",
                "127.0.0.256",
                "127.1",
                "0.0.0.0",
                "192.0.2.1",
                "[::2]"
            })
    void other_names_are_forbidden_on_every_route(String host) throws IOException {
        for (String path : new String[] {"/", "/status", "/livez", "/assets/dashboard.css", "/nowhere"}) {
            assertThat(served.raw("GET " + path + " HTTP/1.1", "Host: " + host))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("Content-Security-Policy: default-src 'none'")
                    .contains("http.host");
        }
    }

    @Test
    void a_missing_empty_or_double_host_is_a_bad_request() throws IOException {
        assertThat(served.raw("GET /livez HTTP/1.1", "Accept: */*")).startsWith("HTTP/1.1 400 ");
        assertThat(served.raw("GET /livez HTTP/1.0", "Accept: */*")).startsWith("HTTP/1.1 400 ");
        assertThat(served.raw("GET /livez HTTP/1.1", "Host:")).startsWith("HTTP/1.1 400 ");
        assertThat(served.raw("GET /livez HTTP/1.1", "Host: localhost", "Host: localhost"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(served.raw("GET /livez HTTP/1.1", "Host: localhost", "Host: evil.example"))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void a_host_in_the_request_line_counts_too() throws IOException {
        assertThat(served.raw("GET http://evil.example/livez HTTP/1.1", "Host: evil.example"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(served.raw("GET http://evil.example/livez HTTP/1.1", "Host: localhost"))
                .doesNotStartWith("HTTP/1.1 200 ");
        assertThat(served.raw("GET http://localhost/livez HTTP/1.1", "Host: localhost"))
                .startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/%zz", "/a/../../etc/passwd", "/..%2f..%2fetc/passwd", "/assets/..%2fRoutes.class", "/%00"})
    void odd_addresses_find_nothing_and_tell_nothing(String path) throws IOException {
        assertThat(served.raw("GET " + path + " HTTP/1.1", "Host: localhost"))
                .containsPattern("\\AHTTP/1.1 40[04] ")
                .contains("nosniff", "application/problem+json")
                .doesNotContain("Jetty", "Javalin", "Exception");
    }

    @Test
    void a_configured_name_is_allowed_in_any_case() {
        AllowedHosts hosts = new AllowedHosts("127.0.0.1", List.of("Trader.Local"));

        assertThat(hosts.permit("trader.local:8080")).isTrue();
        assertThat(hosts.permit("trader.local.evil.example")).isFalse();
        assertThat(new AllowedHosts("::1", List.of()).permit("[::1]:8080")).isTrue();
    }
}
