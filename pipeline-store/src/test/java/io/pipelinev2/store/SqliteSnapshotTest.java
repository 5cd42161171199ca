package io.pipelinev2.store;

import static io.pipelinev2.core.store.StoreSamples.AWKWARD;
import static io.pipelinev2.core.store.StoreSamples.deployment;
import static io.pipelinev2.core.store.StoreSamples.stage;
import static io.pipelinev2.core.store.StoreSamples.study;
import static io.pipelinev2.core.store.StoreSamples.trial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.Trial;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A snapshot is the whole state of one moment, whatever is written meanwhile, and is never changed by being looked at. */
class SqliteSnapshotTest {

    private static final int STAGES = 3;
    private static final int THREADS = 2;
    private static final int SNAPSHOTS = 3;

    @TempDir
    Path home;

    private Path file() {
        return home.resolve("pipeline_v2.db");
    }

    @Test
    void each_is_a_prefix_of_what_threads_and_another_process_write() throws Exception {
        Map<String, Integer> told = new ConcurrentHashMap<>();
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try (PipelineStore store = SqliteStore.open(file())) {
            List<Study> studies = new ArrayList<>();
            for (int i = 0; i <= THREADS; i++) {
                String name = "study " + i;
                told.put(name, 0);
                studies.add(store.write(writer -> writer.insert(study(name))));
            }
            List<Future<?>> threads = new ArrayList<>();
            for (Study study : studies.subList(0, THREADS)) {
                threads.add(pool.submit(() -> {
                    for (int number = 0; !ended.get(); number++) {
                        storeWhole(store, study, number);
                        told.put(study.name(), number + 1);
                    }
                }));
            }
            Process other = otherProcess(studies.get(THREADS));
            Thread listener =
                    new Thread(() -> listen(other, studies.get(THREADS).name(), told));
            listener.start();
            try {
                for (int i = 0; i < SNAPSHOTS; i++) {
                    Map<String, Integer> seen = Map.copyOf(told);
                    Awaitility.await()
                            .atMost(Duration.ofMinutes(2))
                            .until(() -> seen.keySet().stream().allMatch(name -> told.get(name) > seen.get(name)));
                    takeAndCheck(home.resolve("snapshot-" + i + ".db"), Map.copyOf(told));
                }
            } finally {
                other.toHandle().destroyForcibly();
                listener.join();
                ended.set(true);
                pool.shutdown();
            }
            for (Future<?> thread : threads) {
                thread.get();
            }
        }
    }

    private void takeAndCheck(Path target, Map<String, Integer> toldBefore) throws IOException {
        SqliteSnapshot snapshot = SqliteSnapshot.take(file(), target);
        assertThat(snapshot.faults()).isEmpty();
        assertThat(target.resolveSibling(target.getFileName() + "-wal")).doesNotExist();
        byte[] bytes = Files.readAllBytes(target);
        try (PipelineStore restored = SqliteStore.open(Files.write(home.resolve("restored.db"), bytes))) {
            restored.read(reader -> {
                for (Study study : reader.studies()) {
                    List<Trial> trials = reader.trialsOf(study.id());
                    assertThat(trials)
                            .as("all that was stored before, and nothing left out of what came later")
                            .hasSizeGreaterThanOrEqualTo(toldBefore.get(study.name()))
                            .extracting(trial -> trial.key().number())
                            .containsExactlyElementsOf(
                                    IntStream.range(0, trials.size()).boxed().toList());
                    assertThat(trials)
                            .allSatisfy(trial ->
                                    assertThat(reader.stages(trial.id())).hasSize(STAGES));
                    assertThat(reader.setting(study.name())
                                    .map(Integer::valueOf)
                                    .orElse(0))
                            .isEqualTo(trials.size());
                }
                return null;
            });
        }
        Files.delete(home.resolve("restored.db"));
    }

    private static void storeWhole(PipelineStore store, Study study, int number) {
        store.write(writer -> {
            Trial trial = writer.insert(trial(study, number).held(AWKWARD, store.now()));
            for (int i = 0; i < STAGES; i++) {
                writer.insert(stage(trial, "stage " + i, i, null));
            }
            writer.put(study.name(), Integer.toString(number + 1));
            return null;
        });
        // SQLite's lock is not fair: a process that never pauses keeps all others out
        LockSupport.parkNanos(3_000_000);
    }

    private Process otherProcess(Study study) throws IOException {
        return new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        file().toString(),
                        Long.toString(study.id()),
                        study.name())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void listen(Process process, String name, Map<String, Integer> told) {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                told.put(name, Integer.parseInt(line));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Stores trials one after the other, and says how many are stored. */
    static final class Writer {

        public static void main(String[] arguments) {
            Study study = study(arguments[2]).withId(Long.parseLong(arguments[1]));
            try (PipelineStore store = SqliteStore.open(Path.of(arguments[0]))) {
                for (int number = 0; ; number++) {
                    storeWhole(store, study, number);
                    System.out.println(number + 1);
                }
            }
        }
    }

    @Test
    void it_tells_what_is_in_it_and_stays_as_it_is() throws Exception {
        Deployment deployed;
        try (PipelineStore store = SqliteStore.open(file())) {
            deployed = store.write(writer -> {
                writer.put("state_directory", "some id");
                return writer.insert(deployment(writer.insert(trial(writer.insert(study("ppo")), 4))));
            });
            SqliteSnapshot.take(file(), home.resolve("snapshot.db"));
        }
        Path target = home.resolve("snapshot.db");
        byte[] before = Files.readAllBytes(target);
        SqliteSnapshot snapshot = SqliteSnapshot.in(target);

        assertThat(snapshot.faults()).isEmpty();
        assertThat(snapshot.schemaVersion()).isEqualTo(SchemaVersion.NEWEST.toString());
        assertThat(snapshot.deployments()).containsExactly(deployed.id());
        assertThat(snapshot.setting("state_directory")).contains("some id");
        assertThat(snapshot.setting("another")).isEmpty();
        assertThat(Files.readAllBytes(target)).isEqualTo(before);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-------");
        assertThat(home.toFile().list()).containsExactlyInAnyOrder("pipeline_v2.db", "snapshot.db");
    }

    @ParameterizedTest
    @ValueSource(strings = {"what?mode=memory.db", "100%41.db", "it's #1.db", "ünï 🚀.db"})
    void any_file_name_will_do(String name) {
        SqliteStore.open(file()).close();
        assertThat(SqliteSnapshot.take(file(), home.resolve(name)).faults()).isEmpty();
        assertThat(home.toFile().list()).containsExactlyInAnyOrder("pipeline_v2.db", name);
    }

    @Test
    void an_id_is_not_given_twice_by_what_was_restored() throws Exception {
        try (PipelineStore store = SqliteStore.open(file())) {
            store.write(writer -> writer.insert(study("a")));
            Study gone = store.write(writer -> writer.insert(study("b")));
            sql("delete from studies where id = " + gone.id());
            SqliteSnapshot.take(file(), home.resolve("snapshot.db"));
            try (PipelineStore restored = SqliteStore.open(home.resolve("snapshot.db"))) {
                Study next = restored.write(writer -> writer.insert(study("c")));
                assertThat(next.id()).isGreaterThan(gone.id());
            }
        }
    }

    @Test
    void a_target_that_is_there_is_left_alone() throws Exception {
        SqliteStore.open(file()).close();
        Path target = Files.writeString(home.resolve("snapshot.db"), "precious");
        assertThatThrownBy(() -> SqliteSnapshot.take(file(), target))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll(target.toString(), "cannot be written");
        assertThat(Files.readString(target)).isEqualTo("precious");
    }

    @Test
    void a_full_disk_is_the_targets() {
        SqliteStore.open(file()).close();
        SqliteFile source = new SqliteFile(file(), Duration.ofSeconds(1));
        assertThatThrownBy(() -> SqliteSnapshot.copy(source, Path.of("/dev/full")))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll("/dev/full", "is full", "Make room");
    }

    @Test
    void no_database_is_made_where_there_is_none() {
        assertThatThrownBy(() -> SqliteSnapshot.take(file(), home.resolve("snapshot.db")))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll("There is no database", file().toString());
        assertThat(home.toFile().list()).isEmpty();
    }

    @Test
    void the_database_of_another_program_is_none() throws Exception {
        sql("create table version_info (id integer)");
        assertThatThrownBy(() -> SqliteSnapshot.take(file(), home.resolve("snapshot.db")))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll(file().toString(), "does not hold the state of a pipeline");
    }

    @Test
    void damage_is_found_in_the_source_and_in_the_snapshot() throws Exception {
        try (PipelineStore store = SqliteStore.open(file())) {
            Study study = store.write(writer -> writer.insert(study("ppo")));
            store.write(writer -> {
                for (int number = 0; number < 300; number++) {
                    writer.insert(trial(study, number).held(AWKWARD, store.now()));
                }
                return null;
            });
        }
        SqliteSnapshot snapshot = SqliteSnapshot.take(file(), home.resolve("snapshot.db"));
        overwriteThePagesOf(home.resolve("snapshot.db"));
        assertThat(snapshot.faults())
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault).startsWith("Integrity: "));

        overwriteThePagesOf(file());
        assertThatThrownBy(() -> SqliteSnapshot.take(file(), home.resolve("second.db")))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll(file().toString(), "is damaged");
    }

    private static void overwriteThePagesOf(Path database) throws IOException {
        try (FileChannel channel = FileChannel.open(database, StandardOpenOption.WRITE)) {
            for (long at = 20 * 4096; at < channel.size(); at += 4096) {
                channel.write(ByteBuffer.wrap(new byte[100]), at);
            }
        }
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement s = connection.createStatement()) {
            s.executeUpdate(statement);
        }
    }
}
