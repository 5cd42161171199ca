package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Canaries: a token and a trader's key that stand nowhere but in their files, whatever is done with them. Everything that
 * the program leaves behind or says is searched for them, for their beginning, and for their Base64.
 */
@Timeout(300)
class SecretsIT {

    private static final String TOKEN = "c4a7a9b1e00d5f3277aa10c9d8e7f6b5c4a7a9b1e00d5f3277aa10c9d8e7f6b5";
    private static final String KEY = "PKCANARY7Q4Z2W9X-0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/");

    @TempDir
    Path directory;

    private final List<String> said = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void kill_what_is_left() throws IOException {
        new Program(directory).killTraders();
    }

    @Test
    void secrets_stand_in_their_files_and_nowhere_else() throws Exception {
        WaitingHome home =
                new WaitingHome(directory, "", "\"max_deployed\": 1, \"secrets\": { \"api-key\": \"key.txt\" }");
        secret("home/key.txt", KEY);
        secret("home/state/http_token", TOKEN);
        try (Program.Running daemon = home.daemon()) {
            home.begin();
            home.awaitCount("select count(*) from deployments where status = 'running'", 1);
            Matcher address = ADDRESS.matcher(daemon.errSoFar());
            assertThat(address.find()).isTrue();
            String base = address.group();
            for (String path : List.of(
                    "",
                    "status",
                    "metrics",
                    "login",
                    "api/v1/trials",
                    "api/v1/trials/1",
                    "api/v1/deployments/1",
                    "api/v1/deployments/1/log",
                    "api/v1/events",
                    "api/v1/openapi.json",
                    "nowhere")) {
                send(HttpRequest.newBuilder(URI.create(base + path)).header("Authorization", "Bearer " + TOKEN));
            }
            // every way to hand the token over, right and wrong
            assertThat(post(base + "api/v1/orders/halt", "{}", "Authorization", "Bearer " + TOKEN))
                    .isEqualTo(200);
            assertThat(post(base + "api/v1/orders/halt", "{}", "Authorization", "Bearer " + TOKEN + "x"))
                    .isEqualTo(401);
            assertThat(post(base + "api/v1/orders/halt", "{", "Authorization", "Bearer " + TOKEN))
                    .isEqualTo(400);
            assertThat(post(base + "login", "token=" + TOKEN, "Content-Type", "application/x-www-form-urlencoded"))
                    .isEqualTo(303);
            assertThat(post(base + "login", "token=x" + TOKEN, "Content-Type", "application/x-www-form-urlencoded"))
                    .isEqualTo(401);
            searchProcesses(daemon.process().toHandle());
            daemon.terminate();
        }
        said.add(home.run("show", "1").out());
        said.add(home.run("stop", "1").out());

        for (String text : said) {
            assertHarmless("what was said", text.getBytes(StandardCharsets.UTF_8));
        }
        int searched = 0;
        for (Path file : files()) {
            assertHarmless(file.toString(), Files.readAllBytes(file));
            searched++;
        }
        assertThat(searched).as("database, logs, outputs").isGreaterThan(10);
        assertThat(modes(directory.resolve("home"))).isEmpty();
    }

    private Path secret(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content + "\n");
    }

    private int post(String address, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .headers(headers);
        if (!List.of(headers).contains("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        return send(request);
    }

    private int send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        said.add(answer.headers().map() + answer.body());
        return answer.statusCode();
    }

    /** Arguments and environment are there for every user of the machine, or for every child. */
    private void searchProcesses(ProcessHandle daemon) throws IOException {
        List<ProcessHandle> processes = new ArrayList<>(List.of(daemon));
        processes.addAll(new Program(directory).traders());
        assertThat(processes).hasSizeGreaterThan(1);
        for (ProcessHandle process : processes) {
            for (String file : List.of("cmdline", "environ")) {
                assertHarmless(file, Files.readAllBytes(Path.of("/proc/" + process.pid() + "/" + file)));
            }
        }
    }

    /** All but the secrets' own files, and the copies that a trader was given. */
    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("key.txt") && !file.endsWith("http_token"))
                    .filter(file -> !file.toString().contains("/credentials/"))
                    .filter(file -> !file.toString().endsWith(".jar"))
                    .toList();
        }
    }

    /** Of what lies in the database, state and logs: what others may use. */
    private static List<String> modes(Path home) throws IOException {
        List<String> open = new ArrayList<>();
        for (String name : List.of("pipeline_v2.db", "state")) {
            try (Stream<Path> all = Files.walk(home.resolve(name))) {
                for (Path path : all.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                    boolean top = path.equals(home.resolve(name));
                    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                    // what lies below a directory of the owner's alone is out of reach, whatever its own mode
                    if (top && !mode.endsWith("------")) {
                        open.add(mode + " " + path);
                    }
                }
            }
        }
        return open;
    }

    private static void assertHarmless(String where, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (String secret : List.of(TOKEN, KEY)) {
            String base64 =
                    Base64.getEncoder().withoutPadding().encodeToString(secret.getBytes(StandardCharsets.US_ASCII));
            assertThat(text.contains(secret.substring(0, 8))
                            || text.contains(base64.substring(0, 12))
                            || text.contains(secret.substring(secret.length() - 12)))
                    .as("a secret in %s", where)
                    .isFalse();
        }
    }
}
