package io.pipelinev2.runner.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.runner.config.AlertConfig;
import io.pipelinev2.runner.config.AlertConfig.Address;
import io.pipelinev2.runner.config.AlertConfig.Email;
import io.pipelinev2.runner.config.AlertConfig.Format;
import io.pipelinev2.runner.config.AlertConfig.Ping;
import io.pipelinev2.runner.config.AlertConfig.Security;
import io.pipelinev2.runner.config.AlertConfig.Webhook;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The channels that come with the program, against real servers. */
@Timeout(60)
class ChannelsTest {

    private static final String CANARY = "c4nary-T0ken-0123456789";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final AlertNotice NOTICE = new AlertNotice(
            AlertNotice.Kind.OPENED,
            7,
            "crash_loop",
            "<!channel> & ppo/1\r\nBcc: evil@example.org",
            AlertNotice.Severity.CRITICAL,
            "died \u001b[31mtoo often",
            Instant.parse("2026-01-29T21:30:00Z"),
            Instant.parse("2026-01-29T21:31:00Z"),
            null,
            "host:/srv/pipeline");

    @TempDir
    private Path directory;

    private Path secret(String text, String mode) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), text + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static AlertConfig config(AlertConfig.Target target, Duration timeout) {
        return new AlertConfig("mine", List.of("crash_loop"), Alert.Severity.WARNING, timeout, target);
    }

    private static AlertChannel webhook(Address address, Format format, Duration timeout) {
        return BuiltInChannels.open("alerts[0]", config(new Webhook(address, format), timeout))
                .orElseThrow();
    }

    private static AlertChannel webhook(String url, Format format) {
        return webhook(new Address(Optional.of(URI.create(url)), Optional.empty()), format, Duration.ofSeconds(10));
    }

    @Test
    void a_webhook_gets_the_notice_as_json() throws Exception {
        try (Receiver receiver = new Receiver()) {
            webhook(receiver.url("/hook?x=1"), Format.JSON).send(NOTICE);
            String request = receiver.requests.get(0);
            assertThat(request).startsWith("POST /hook?x=1 {");
            JsonNode json = JSON.readTree(request.substring(request.indexOf('{')));
            assertThat(json.path("kind").asString()).isEqualTo("opened");
            assertThat(json.path("rule").asString()).isEqualTo("crash_loop");
            assertThat(json.path("message").asString()).isEqualTo("died \\u001b[31mtoo often");
            assertThat(json.path("opened_at").asString()).isEqualTo("2026-01-29T21:30:00Z");
            assertThat(json.path("mode").asString()).isEqualTo("PAPER");
        }
    }

    @Test
    void slack_gets_text_that_calls_nobody() throws Exception {
        try (Receiver receiver = new Receiver()) {
            webhook(receiver.url("/services/T/B/x"), Format.SLACK).send(NOTICE);
            String request = receiver.requests.get(0);
            JsonNode json = JSON.readTree(request.substring(request.indexOf('{')));
            assertThat(json.size()).isOne();
            assertThat(json.path("text").asString())
                    .contains("&lt;!channel&gt; &amp; ppo/1", "died", "alerts ack 7")
                    .doesNotContain("<");
        }
    }

    @Test
    void an_address_with_a_secret_is_read_from_a_file_and_never_told() throws Exception {
        try (Receiver receiver = new Receiver()) {
            Path file = secret(receiver.url("/" + CANARY), "rw-------");
            Address address = new Address(Optional.empty(), Optional.of(file));
            AlertChannel channel = webhook(address, Format.JSON, Duration.ofSeconds(10));
            channel.send(NOTICE);
            assertThat(receiver.requests.get(0)).startsWith("POST /" + CANARY);

            receiver.status = 503;
            assertThatThrownBy(() -> channel.send(NOTICE))
                    .isInstanceOf(PipelineException.class)
                    .hasMessage("127.0.0.1 answered with status 503.");
            assertThat(address.toString()).doesNotContain(CANARY);

            secret("no address " + CANARY, "rw-------");
            assertThatThrownBy(() -> channel.send(NOTICE))
                    .hasMessageContaining("alerts[0].url_file")
                    .hasMessageContaining("must hold an https address")
                    .hasMessageNotContaining(CANARY);
            secret(receiver.url("/" + CANARY), "rw-r-----");
            assertThatThrownBy(() -> channel.send(NOTICE)).hasMessageContaining("chmod 600");
            Files.delete(file);
            assertThatThrownBy(() -> channel.send(NOTICE)).hasMessageContaining("is not there");
        }
    }

    @Test
    void no_redirection_is_followed() throws Exception {
        try (Receiver elsewhere = new Receiver();
                Receiver receiver = new Receiver()) {
            receiver.status = 307;
            receiver.location = elsewhere.url("/stolen");
            assertThatThrownBy(() -> webhook(receiver.url("/hook"), Format.JSON).send(NOTICE))
                    .hasMessageContaining("redirection, which is not followed");
            assertThat(elsewhere.requests).isEmpty();
        }
    }

    @Test
    void who_never_answers_is_given_up() throws Exception {
        try (Receiver receiver = new Receiver()) {
            receiver.status = 0;
            Address address = new Address(Optional.of(URI.create(receiver.url("/hook"))), Optional.empty());
            assertThatThrownBy(() -> webhook(address, Format.JSON, Duration.ofMillis(300))
                            .send(NOTICE))
                    .hasMessage("127.0.0.1 cannot be reached (SocketTimeoutException).");
        }
    }

    @Test
    void where_a_machine_keeps_its_credentials_is_no_webhook() {
        Address address = new Address(Optional.of(URI.create("https://169.254.169.254/latest")), Optional.empty());
        assertThatThrownBy(() ->
                        webhook(address, Format.JSON, Duration.ofSeconds(1)).send(NOTICE))
                .hasMessageContaining("where no webhook can be");
    }

    @Test
    void the_address_that_was_looked_at_is_the_one_that_is_asked() throws Exception {
        try (Receiver receiver = new Receiver()) {
            InetAddress harmless = InetAddress.getByAddress("hook.example", new byte[] {127, 0, 0, 1});
            InetAddress credentials =
                    InetAddress.getByAddress("hook.example", new byte[] {(byte) 169, (byte) 254, 1, 1});
            List<InetAddress> answers = new ArrayList<>(List.of(harmless, credentials));
            URI url = URI.create(receiver.url("/hook?x=1").replace("127.0.0.1", "hook.example"));
            OutsideAddress address = new OutsideAddress(
                    "alerts[0]", new Address(Optional.of(url), Optional.empty()), Duration.ofSeconds(10), host ->
                            new InetAddress[] {answers.remove(0)});

            address.post("{}");

            assertThat(receiver.requests).containsExactly("POST /hook?x=1 {}");
            assertThat(answers).as("the name was looked up once").containsExactly(credentials);
            assertThatThrownBy(() -> address.post("{}")).hasMessageContaining("where no webhook can be");
            assertThat(receiver.requests).hasSize(1);
        }
    }

    private GreenMail mailServer() {
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.setUser("ops@example.org", "ops", CANARY);
        server.start();
        return server;
    }

    private AlertChannel email(GreenMail server, Optional<Path> password) {
        return BuiltInChannels.open(
                        "alerts[0]",
                        config(
                                new Email(
                                        "127.0.0.1",
                                        server.getSmtp().getPort(),
                                        Security.NONE,
                                        password.map(file -> "ops"),
                                        password,
                                        "pipeline@example.org",
                                        List.of("ops@example.org", "night@example.org")),
                                Duration.ofSeconds(10)))
                .orElseThrow();
    }

    @Test
    void mail_arrives_with_a_subject_of_one_line() throws Exception {
        GreenMail server = mailServer();
        try {
            email(server, Optional.of(secret(CANARY, "rw-------"))).send(NOTICE);
            MimeMessage[] received = server.getReceivedMessages();
            assertThat(received).hasSize(2);
            assertThat(received[0].getSubject())
                    .isEqualTo("[PAPER pipeline] critical: crash_loop <!channel> & ppo/1\\r\\nBcc: evil@example.org");
            assertThat(received[0].getHeader("Bcc")).isNull();
            assertThat(received[0].getFrom()[0]).hasToString("pipeline@example.org");
            assertThat(received[0].getAllRecipients()).hasSize(2);
            assertThat(received[0].getContent().toString())
                    .contains("died \\u001b[31mtoo often", "host:/srv/pipeline", "alerts ack 7")
                    .doesNotContain(CANARY);
            assertThat(received[0].getHeader("Auto-Submitted")).containsExactly("auto-generated");
        } finally {
            server.stop();
        }
    }

    @Test
    void a_refused_password_is_not_told() throws Exception {
        GreenMail server = mailServer();
        try {
            AlertChannel channel = email(server, Optional.of(secret("wrong-" + CANARY, "rw-------")));
            assertThatThrownBy(() -> channel.send(NOTICE))
                    .hasMessage("The mail server 127.0.0.1 refused the user name or the password.");
            assertThat(server.getReceivedMessages()).isEmpty();
        } finally {
            server.stop();
        }
    }

    @Test
    void a_mail_server_that_is_not_there_is_said_to_be() {
        GreenMail server = mailServer();
        AlertChannel channel = email(server, Optional.empty());
        server.stop();
        assertThatThrownBy(() -> channel.send(NOTICE))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("The mail server 127.0.0.1 did not take it");
    }

    @Test
    void encryption_that_the_server_does_not_offer_is_not_done_without() throws Exception {
        GreenMail server = mailServer();
        try {
            AlertChannel channel = BuiltInChannels.open(
                            "alerts[0]",
                            config(
                                    new Email(
                                            "127.0.0.1",
                                            server.getSmtp().getPort(),
                                            Security.STARTTLS,
                                            Optional.empty(),
                                            Optional.empty(),
                                            "pipeline@example.org",
                                            List.of("ops@example.org")),
                                    Duration.ofSeconds(10)))
                    .orElseThrow();
            assertThatThrownBy(() -> channel.send(NOTICE)).hasMessageContaining("STARTTLS");
            assertThat(server.getReceivedMessages()).isEmpty();
        } finally {
            server.stop();
        }
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_refused() {
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS));
        server.start();
        try {
            Email email = new Email(
                    "127.0.0.1",
                    server.getSmtps().getPort(),
                    Security.TLS,
                    Optional.empty(),
                    Optional.empty(),
                    "pipeline@example.org",
                    List.of("ops@example.org"));
            AlertChannel channel = BuiltInChannels.open("alerts[0]", config(email, Duration.ofSeconds(10)))
                    .orElseThrow();
            assertThatThrownBy(() -> channel.send(NOTICE)).hasMessageContaining("did not take it");
            assertThat(server.getReceivedMessages()).isEmpty();
        } finally {
            server.stop();
        }
    }

    @Test
    void a_ping_is_sent_at_intervals_while_all_is_well_and_sooner_after_one_that_was_lost() throws Exception {
        ManualClock clock = new ManualClock();
        InMemoryPipelineStore store = new InMemoryPipelineStore(clock);
        try (Receiver receiver = new Receiver()) {
            Ping target = new Ping(
                    new Address(Optional.of(URI.create(receiver.url("/ping"))), Optional.empty()),
                    Duration.ofMinutes(5));
            DeadManPing ping = BuiltInChannels.ping("alerts[0]", config(target, Duration.ofSeconds(10)), store, clock)
                    .orElseThrow();
            ping.pass(() -> false);
            assertThat(receiver.requests).isEmpty();
            for (int second = 0; second < 600; second++) {
                ping.pass(() -> true);
                clock.advance(Duration.ofSeconds(1));
            }
            assertThat(receiver.requests).hasSize(2).allMatch(request -> request.startsWith("GET /ping"));

            receiver.status = 500;
            ping.pass(() -> true);
            clock.advance(Duration.ofSeconds(10));
            ping.pass(() -> true);
            assertThat(receiver.requests).hasSize(4);
            Alert.Channel channel =
                    store.<List<Alert.Channel>>read(tx -> tx.alertChannels()).get(0);
            assertThat(channel.name()).isEqualTo("mine");
            assertThat(channel.isFailing()).isTrue();
            assertThat(channel.error()).isEqualTo("127.0.0.1 answered with status 500.");
        }
    }
}
