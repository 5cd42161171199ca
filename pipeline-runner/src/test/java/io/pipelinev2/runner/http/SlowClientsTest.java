package io.pipelinev2.runner.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.trial.TrialStatus;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hundreds of clients that never finish what they send keep nobody else waiting. */
class SlowClientsTest {

    private static final int CLIENTS = 300;

    @TempDir
    Path directory;

    private ServedHome home;
    private final List<Socket> clients = new ArrayList<>();

    @BeforeEach
    void open() {
        home = new ServedHome(directory);
    }

    @AfterEach
    void close() throws Exception {
        for (Socket client : clients) {
            client.close();
        }
        home.close();
    }

    private void begin(String request) throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            Socket client = new Socket("127.0.0.1", home.port);
            client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            client.getOutputStream().flush();
            clients.add(client);
        }
    }

    private void assertServed() throws Exception {
        home.sample.trial("ppo", 7, 1.0, TrialStatus.PENDING, null);
        for (String path : List.of("/livez", "/status", "/", "/api/v1/trials", "/metrics")) {
            assertThat(home.get(path).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(home.post("/api/v1/orders/halt", "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void headers_that_never_end() throws Exception {
        begin("GET /status HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        assertServed();
    }

    @Test
    void bodies_that_never_come() throws Exception {
        begin("POST /api/v1/orders/halt HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 1000\r\n\r\n{");
        assertServed();
    }

    @Test
    void forms_that_never_come() throws Exception {
        begin("POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: 60000\r\n\r\ntoken=");
        assertServed();
    }

    @Test
    void clients_that_do_not_read_what_they_asked_for() throws Exception {
        begin("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(5));
        assertServed();
    }
}
