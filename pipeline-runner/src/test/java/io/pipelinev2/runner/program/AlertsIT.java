package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.pipelinev2.runner.alerts.Receiver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Alerts of the program itself, told to a real server, across a kill. */
@Timeout(240)
class AlertsIT {

    private static final String CANARY = "c4nary-T0ken-0123456789";

    @TempDir
    private Path directory;

    private WaitingHome home(Receiver receiver, GreenMail mail) throws Exception {
        Path secrets = Files.createDirectories(directory.resolve("secrets"));
        Path file = Files.writeString(secrets.resolve("hook"), receiver.url("/" + CANARY));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return new WaitingHome(
                directory, """
                "daemon": { "health_check_interval": 1, "check_interval": 300 },
                "alerts": [ { "channel": "webhook", "url_file": "%s" },
                            { "channel": "email", "host": "127.0.0.1", "port": %d, "security": "none",
                              "from": "pipeline@example.org", "to": ["ops@example.org"] },
                            { "channel": "ping", "url": "%s", "interval": "10s" } ],
                """.formatted(file, mail.getSmtp().getPort(), receiver.url("/ping")), "\"enabled\": false");
    }

    private static long hooks(Receiver receiver, String words) {
        return receiver.requests.stream()
                .filter(request -> request.startsWith("POST /" + CANARY) && request.contains(words))
                .count();
    }

    @Test
    void an_alert_is_told_once_across_a_kill_and_can_be_acknowledged_and_is_over() throws Exception {
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        try (Receiver receiver = new Receiver()) {
            WaitingHome home = home(receiver, mail);
            try (Program.Running daemon = home.daemon()) {
                // the home's backtests are paused
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(
                                () -> assertThat(hooks(receiver, "stage_held")).isOne());
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(
                                        home.count(
                                                "select count(*) from alert_deliveries where due_at is null and delivered_at is not null"))
                                .isEqualTo(3));
                daemon.kill();
            }
            JsonNode alert =
                    home.run("alerts", "--json").ok().json().path("alerts").get(0);
            assertThat(alert.path("rule").asString()).isEqualTo("stage_held");
            assertThat(alert.path("subject").asString()).isEqualTo("backtest");
            assertThat(alert.path("status").asString()).isEqualTo("open");
            String id = alert.path("id").asString();
            assertThat(home.run("alerts", "ack", id).ok().out()).contains("acknowledged");
            assertThat(home.run("alerts").ok().out()).contains("acknowledged", "backtest", "webhook");
            home.run("alerts", "ack", "999").exits(3);
            home.run("alerts", "silence", id, "--for", "31d").exits(2);

            try (Program.Running daemon = home.daemon()) {
                home.awaitCount(
                        "select count(distinct component) from health where component in"
                                + " ('manager', 'discovery', 'backtest', 'database', 'disk', 'clock', 'optuna')",
                        7);
                JsonNode status = home.run("status", "--json").ok().json();
                assertThat(status.path("alerts_open").asInt()).isOne();
                assertThat(status.path("disks").get(0).path("free_bytes").asLong())
                        .isPositive();
                assertThat(home.run("health", "disk").ok().out()).contains("healthy", "free at");
                CommandLineRun.Result unknown = home.run("health", "dsik").exits(3);
                assertThat(unknown.out()).isEmpty();
                assertThat(unknown.err()).contains("component 'dsik'", "did you mean 'disk'?", "manager");
                assertThat(hooks(receiver, "stage_held")).isOne();
                assertThat(receiver.requests).anyMatch(request -> request.startsWith("GET /ping"));
                home.begin();
                await().atMost(Duration.ofSeconds(200))
                        .pollInterval(Duration.ofSeconds(1))
                        .untilAsserted(() -> {
                            assertThat(hooks(receiver, "\"kind\":\"resolved\"")).isOne();
                            // each channel is told at a pace of its own
                            assertThat(mail.getReceivedMessages()).hasSize(2);
                        });
                daemon.terminate().exits(143);
            }
            assertThat(hooks(receiver, "\"rule\":\"stage_held\"")).isEqualTo(2);
            assertThat(home.run("alerts").ok().out()).contains("No alert is open.");
            assertThat(home.run("alerts", "test").ok().out()).contains("webhook: told", "ping: told", "log: told");
            receiver.status = 500;
            assertThat(home.run("alerts", "test").exits(5).out())
                    .contains("webhook: failed: 127.0.0.1 answered with status 500.");
            assertNothingTellsTheSecret();
            // opened by the daemon, resolved by the next one, and two tests
            assertThat(mail.getReceivedMessages()).hasSize(4);
            assertThat(mail.getReceivedMessages()[0].getSubject())
                    .isEqualTo("[PAPER pipeline] warning: stage_held backtest");
        } finally {
            mail.stop();
        }
    }

    /** No file of the home, logs and database included, holds the address. */
    private void assertNothingTellsTheSecret() throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> telling = files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(directory.resolve("secrets")))
                    .filter(AlertsIT::holdsTheSecret)
                    .toList();
            assertThat(telling).isEmpty();
        }
    }

    private static boolean holdsTheSecret(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(CANARY);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
