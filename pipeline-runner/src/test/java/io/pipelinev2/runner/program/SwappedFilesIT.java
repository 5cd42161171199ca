package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.runner.demo.DemoHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Under live traders the trained models are overwritten, and the program's jar is replaced, as a retraining and an upgrade do.
 * Killed, the traders come back with the model that was validated and the program that the daemon was started from.
 */
@Timeout(180)
class SwappedFilesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<Integer> TRADING = List.of(6, 31);

    @TempDir
    private Path directory;

    private Path home;
    private Path jar;

    @AfterEach
    void no_process_is_left() throws Exception {
        Program program = new Program(directory);
        program.killTraders();
        await().atMost(PATIENCE).until(() -> program.traders().isEmpty());
    }

    @Test
    void a_killed_trader_comes_back_with_the_model_and_the_program_that_it_had() throws Exception {
        Program program = new Program(directory);
        home = homeOfTwo();
        String config = home.resolve("pipeline.json").toString();
        program.run("once", "--config", config).ok();
        assertThat(program.traders()).hasSize(TRADING.size());
        Map<Path, String> models = models();
        assertThat(models).hasSize(TRADING.size());

        // an upgrade: the next daemon is of another jar, and only adopts
        jar = anotherJar();
        String upgraded = ModelArchive.sha256(Files.readAllBytes(jar));
        try (Program.Running daemon = program.start(jar, "run", "--config", config)) {
            await().atMost(PATIENCE).until(() -> daemon.errSoFar().contains("Running. Dashboard"));
            Map<Path, Long> lengths = ledgerLengths();

            overwriteTrainedModels();
            swapJar();
            List<ProcessHandle> before = program.traders();
            assertThat(before).hasSize(TRADING.size());
            before.forEach(ProcessHandle::destroyForcibly);

            await().atMost(PATIENCE).untilAsserted(() -> {
                List<ProcessHandle> now = program.traders();
                assertThat(now).hasSize(TRADING.size()).doesNotContainAnyElementsOf(before);
                for (ProcessHandle trader : now) {
                    assertThat(commandLine(trader)).contains("-jar");
                }
                ledgerLengths().forEach((ledger, length) -> assertThat(length).isGreaterThan(lengths.get(ledger)));
            });
            assertThat(models()).isEqualTo(models);
            Set<Path> programs = new HashSet<>();
            for (ProcessHandle trader : program.traders()) {
                List<String> command = commandLine(trader);
                programs.add(Path.of(command.get(command.indexOf("-jar") + 1)));
            }
            assertThat(programs)
                    .singleElement()
                    .satisfies(copy -> assertThat(ModelArchive.sha256(Files.readAllBytes(copy)))
                            .isEqualTo(upgraded));
            daemon.terminate();
        }
        program.killTraders();
        await().atMost(PATIENCE).until(() -> program.traders().isEmpty());

        // one account from before to after, played by one model
        for (Path ledger : ledgerLengths().keySet()) {
            Program.Result verified =
                    program.run("trade", "--verify", ledger.getParent().toString());
            assertThat(verified.ok().out()).contains("to the last bit");
        }
    }

    private Path homeOfTwo() throws Exception {
        Path target = directory.resolve("home");
        Path config = DemoHome.unpack(target);
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst("\\{", "{ \"http\": { \"port\": 0 },")
                        .replace("\"max_deployed\": 3", "\"max_deployed\": 2, \"start_seconds\": 0.2"));
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + target.resolve("databases/optuna.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update trials set state = 'FAIL' where number not in (6, 31)");
        }
        return target;
    }

    /** The same program in other bytes. */
    private Path anotherJar() throws IOException {
        Path copy = Files.copy(Program.jar(), directory.resolve("upgraded.jar"));
        try (FileSystem zip = FileSystems.newFileSystem(copy)) {
            Files.writeString(zip.getPath("upgrade.txt"), "another version");
        }
        return copy;
    }

    /** As package managers do it: another file under the same name. */
    private void swapJar() throws IOException {
        Path other = Files.writeString(directory.resolve("other.jar"), "no program at all");
        Files.move(other, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void overwriteTrainedModels() throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("train_results"))) {
            List<Path> actors =
                    files.filter(file -> file.endsWith("actor.pth")).sorted().toList();
            assertThat(actors).hasSizeGreaterThan(TRADING.size());
            Path another = actors.stream()
                    .filter(file ->
                            TRADING.stream().noneMatch(number -> file.toString().contains("trial_" + number + "_")))
                    .findFirst()
                    .orElseThrow();
            for (Path actor : actors) {
                if (!actor.equals(another)) {
                    Files.copy(another, actor, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** The hash of the model file that each deployment was told to play, read from that file. */
    private Map<Path, String> models() throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("state/deployments"))) {
            return files.filter(file -> file.endsWith("trader.json"))
                    .collect(Collectors.toMap(Path::getParent, SwappedFilesIT::modelHash));
        }
    }

    private static String modelHash(Path traderFile) {
        try {
            JsonNode trader = JsonMapper.shared().readTree(Files.readString(traderFile));
            return ModelArchive.sha256(
                    Files.readAllBytes(Path.of(trader.path("model").asString())));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Map<Path, Long> ledgerLengths() throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("state/deployments"))) {
            return files.filter(file -> file.endsWith("ledger.jsonl"))
                    .collect(
                            Collectors.toMap(file -> file, file -> file.toFile().length()));
        }
    }

    private static List<String> commandLine(ProcessHandle process) throws IOException {
        return List.of(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1)
                .split("\0"));
    }
}
