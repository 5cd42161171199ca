package io.pipelinev2.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.store.SqliteSnapshot;
import io.pipelinev2.store.SqliteStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BackupTest {

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();
    private SampleHome home;
    private Path target;

    @BeforeEach
    void a_home() throws IOException {
        home = SampleHome.filled(directory.resolve("home"), "first");
        target = directory.resolve("backups/monday");
    }

    private Backup take() {
        return Backup.take(home.config(), target, clock);
    }

    @Test
    void it_holds_what_cannot_be_made_again_and_nothing_else() throws IOException {
        Backup backup = take();

        Map<String, String> tree = SampleHome.tree(target);
        assertThat(tree.keySet())
                .containsExactlyInAnyOrder(
                        "backup.json",
                        "pipeline.json",
                        "pipeline_v2.db",
                        "state/database-id",
                        "state/deployments/1/equity.csv",
                        "state/deployments/1/notes/deep/er.txt",
                        "state/deployments/1/state.json",
                        "state/deployments/2/equity.csv",
                        "state/deployments/2/notes/deep/er.txt",
                        "state/deployments/2/state.json",
                        "state/models/" + sha(home.model("first")) + "/actor.pth");
        assertThat(backup.files()).isEqualTo(tree.size() - 1);
        assertThat(backup.leftOut()).isEmpty();
        tree.remove("backup.json");
        Map<String, String> original = home.kept();
        original.put("pipeline_v2.db", tree.get("pipeline_v2.db"));
        assertThat(tree).isEqualTo(original);
        assertThat(new SampleHome(target).studies()).containsExactly("first");
    }

    @Test
    void no_secret_is_in_it_neither_a_traders_copy_nor_the_file_itself() throws IOException {
        String configured = "{ \"optuna\": { \"storage\": \"sqlite:///optuna.db\" }, \"stages\": { \"deploy\": {"
                + " \"secrets\": { \"api-key\": \"keys/alpaca\" } } } }";
        home.configure(configured);
        home.write("keys/alpaca", "hush-hush");
        home.write("state/deployments/1/credentials/api-key", "hush-hush");
        home.write("state/deployments/2/credentials/deep/er", "hush-hush");

        take();

        try (Stream<Path> all = Files.walk(target)) {
            assertThat(all.filter(Files::isRegularFile).toList())
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .doesNotContain("hush-hush"));
        }
        assertThat(target.resolve("state/deployments/1/state.json")).exists();
    }

    private static String sha(byte[] bytes) {
        return ModelArchive.sha256(bytes);
    }

    @Test
    void the_manifest_tells_when_by_what_and_every_file() throws IOException {
        take();
        JsonNode manifest = JsonMapper.builder().build().readTree(Files.readAllBytes(target.resolve("backup.json")));
        assertThat(Instant.parse(manifest.path("created_at").asString())).isEqualTo(clock.now());
        assertThat(manifest.has("program_version")).isTrue();
        assertThat(manifest.path("schema_version").asString())
                .isEqualTo(SqliteSnapshot.in(target.resolve("pipeline_v2.db")).schemaVersion());
        for (JsonNode file : manifest.path("files")) {
            Path path = target.resolve(file.path("path").asString());
            assertThat(file.path("size").asLong()).isEqualTo(Files.size(path));
            assertThat(file.path("sha256").asString()).isEqualTo(sha(Files.readAllBytes(path)));
        }
    }

    @Test
    void it_is_for_its_owner_alone() throws IOException {
        Files.createDirectories(target);
        take();
        try (Stream<Path> all = Files.walk(target)) {
            assertThat(all.toList())
                    .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
        }
    }

    @Test
    void a_directory_with_something_in_it_is_left_alone() throws IOException {
        take();
        Map<String, String> before = SampleHome.tree(target);
        assertThatThrownBy(this::take)
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll(target.toString(), "is not empty (it holds a backup)", "not there yet");
        assertThat(SampleHome.tree(target)).isEqualTo(before);

        target = Files.writeString(directory.resolve("file"), "precious");
        assertThatThrownBy(this::take).isInstanceOf(RefusedException.class).hasMessageContaining("is a file");
        target = home.state().resolve("backup");
        assertThatThrownBy(this::take).isInstanceOf(RefusedException.class).hasMessageContaining("which it copies");
        assertThat(target).doesNotExist();
    }

    @Test
    void a_database_on_a_server_has_its_own_tools() throws IOException {
        home.configure("{ \"database\": \"jdbc:postgresql://h/d\", \"optuna\": { \"storage\": \"x.db\" } }");
        assertThatThrownBy(this::take)
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("PostgreSQL", "pg_dump", "state/");
        assertThat(target).doesNotExist();
    }

    @Test
    void no_link_is_followed() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "secret");
        Files.createSymbolicLink(home.state().resolve("deployments/1/link.txt"), secret);
        Files.createSymbolicLink(home.state().resolve("deployments/2/all"), directory);
        assertThat(take().leftOut()).containsExactly("state/deployments/1/link.txt", "state/deployments/2/all");
        assertThat(SampleHome.tree(target).values()).doesNotContain(sha("secret".getBytes(StandardCharsets.UTF_8)));

        Files.move(home.state().resolve("models"), directory.resolve("models"));
        Files.createSymbolicLink(home.state().resolve("models"), directory.resolve("models"));
        target = directory.resolve("second");
        assertThatThrownBy(this::take)
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll(home.state().resolve("models").toString(), "symbolic link");
    }

    @Test
    void an_account_that_the_database_does_not_know_is_not_taken() throws IOException {
        home.write("state/deployments/3/state.json", "begun after the snapshot");
        take();
        assertThat(target.resolve("state/deployments/2")).exists();
        assertThat(target.resolve("state/deployments/3")).doesNotExist();
    }

    @Test
    void a_state_directory_of_another_database_makes_no_home_with_this_one() throws IOException {
        home.write("state/database-id", "that of another\n");
        assertThatThrownBy(this::take)
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("belongs to another database");
        assertThat(target).doesNotExist();
    }

    @Test
    void a_model_that_is_not_what_its_name_says_fails_the_backup_and_nothing_is_left() throws IOException {
        Path model = home.state().resolve("models/" + sha(home.model("first")) + "/actor.pth");
        Files.writeString(model, "the weights of fIrst");
        assertThatThrownBy(this::take)
                .isInstanceOf(BackupException.class)
                .hasMessageContainingAll(model.toString(), "is damaged");
        assertThat(target).doesNotExist();
    }

    @Test
    void a_damaged_database_fails_the_backup_and_nothing_is_left() throws IOException {
        try (FileChannel channel = FileChannel.open(home.database(), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
        assertThatThrownBy(this::take)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(home.database().toString());
        assertThat(target).doesNotExist();
    }

    @Test
    void a_home_without_a_database_has_nothing_to_back_up() throws IOException {
        Files.delete(home.database());
        assertThatThrownBy(this::take).isInstanceOf(StoreException.class).hasMessageContaining("There is no database");
        assertThat(home.database()).doesNotExist();
        assertThat(target).doesNotExist();
    }

    @Test
    void a_disk_that_takes_no_more_fails_the_backup_and_nothing_is_left() throws Exception {
        home.write("state/deployments/2/large.bin", "x".repeat(6_000_000));
        LimitedRun run = LimitedRun.of(
                "backup", target.toString(), "--config", home.configuration().toString());
        assertThat(run.exitCode()).as(run.output()).isEqualTo(5);
        assertThat(run.output()).contains(target.toString(), "cannot be written", "taken back");
        assertThat(target).doesNotExist();
    }

    /**
     * A trader does what the bundled one does: lines are forced before the account that counts on them, and the daemon
     * records in the database only what the account says.
     */
    @Test
    void accounts_are_never_behind_the_database_nor_tables_behind_their_account() throws Exception {
        Path account = home.state().resolve("deployments/1");
        AtomicInteger step = new AtomicInteger();
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (PipelineStore store = SqliteStore.open(home.database())) {
            Future<?> trader = pool.submit(() -> {
                while (!ended.get()) {
                    trade(account, step.incrementAndGet(), store);
                }
                return null;
            });
            for (int round = 0; round < 8; round++) {
                int before = step.get();
                Awaitility.await().until(() -> step.get() > before + 2 || trader.isDone());
                target = directory.resolve("under-load-" + round);
                take();
                VerifiedBackup.in(target);
                int inDatabase = SqliteSnapshot.in(target.resolve("pipeline_v2.db"))
                        .setting("step")
                        .map(Integer::valueOf)
                        .orElse(0);
                List<String> lines = Files.readAllLines(target.resolve("state/deployments/1/ledger.jsonl"));
                assertThat(lines).hasSizeGreaterThanOrEqualTo(inDatabase).hasSizeGreaterThan(before);
            }
            ended.set(true);
            trader.get();
        } finally {
            ended.set(true);
            pool.shutdown();
        }
    }

    private static void trade(Path account, int step, PipelineStore store) throws IOException {
        Path ledger = account.resolve("ledger.jsonl");
        if (step == 1) {
            Files.writeString(ledger, "");
        }
        Files.writeString(ledger, "a line of step " + step + "\n", StandardOpenOption.APPEND);
        store.write(writer -> {
            writer.put("step", Integer.toString(step));
            return null;
        });
        LockSupport.parkNanos(1_000_000);
    }
}
