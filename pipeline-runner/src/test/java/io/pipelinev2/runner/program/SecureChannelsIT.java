package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Alerts over TLS, to servers whose certificate is made here; the program trusts it by the JVM's own setting, or not. */
@Timeout(120)
class SecureChannelsIT {

    private static final String PASSWORD = "for-the-test";

    @TempDir
    private Path directory;

    private Path keys() throws Exception {
        Path file = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "test",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=test",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        return file;
    }

    private static SSLContext context(Path keys) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static HttpsServer hook(SSLContext context, List<String> requests) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void mail_by_starttls_and_a_webhook_by_https_arrive_where_the_certificate_is_trusted_and_nowhere_else()
            throws Exception {
        Path keys = keys();
        SSLContext context = context(keys);
        List<String> requests = new CopyOnWriteArrayList<>();
        HttpsServer hook = hook(context, requests);
        try (StartTlsServer mail = new StartTlsServer(context)) {
            String config = Files.writeString(directory.resolve("pipeline.json"), """
                { "optuna": { "storage": "sqlite:///optuna.db" },
                  "alerts": [ { "channel": "email", "host": "127.0.0.1", "port": %d, "security": "starttls",
                                "from": "pipeline@example.org", "to": ["ops@example.org"] },
                              { "channel": "webhook", "url": "https://127.0.0.1:%d/hook?x=1" } ] }
                """.formatted(
                                    mail.port(), hook.getAddress().getPort()))
                    .toString();

            Program trusting = new Program(
                    directory,
                    Map.of(
                            "JAVA_TOOL_OPTIONS",
                            "-Djavax.net.ssl.trustStore=" + keys + " -Djavax.net.ssl.trustStorePassword=" + PASSWORD));
            assertThat(trusting.run("alerts", "test", "--config", config).ok().out())
                    .contains("email: told", "webhook: told");
            assertThat(mail.received).hasSize(1);
            assertThat(mail.received.get(0))
                    .contains("MAIL FROM:<pipeline@example.org>", "RCPT TO:<ops@example.org>")
                    .contains("Subject: [PAPER pipeline] warning: test", "This is a test");
            assertThat(mail.inTheClear).hasSize(2).last().isEqualTo("STARTTLS");
            assertThat(requests)
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("/hook?x=1 {")
                    .contains("\"rule\":\"test\"");

            assertThat(new Program(directory)
                            .run("alerts", "test", "--config", config)
                            .exits(5)
                            .out())
                    .contains("email: failed: The mail server 127.0.0.1 did not take it")
                    .contains("webhook: failed: 127.0.0.1 cannot be reached (SSLHandshakeException).");
            assertThat(mail.received).hasSize(1);
            assertThat(requests).hasSize(1);
        } finally {
            hook.stop(0);
        }
    }
}
