package io.pipelinev2.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.Invariants;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.TransientStoreException;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine over a real SQLite file that fails it at every point: killed before or after each statement, with a torn log,
 * a full disk, a locked file. See docs/failure-matrix.md.
 */
class EngineFaultsTest {

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofMillis(50);

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private final ManualClock clock = new ManualClock();
    private final InMemoryTrialSource source = new InMemoryTrialSource();

    /** How often the work of each trial's stage was done, by whatever process. */
    private final Map<String, Integer> done = new TreeMap<>();

    /** How the trials end, whatever happens on the way. */
    private static final Map<Integer, TrialStatus> RIGHT = Map.of(
            0, TrialStatus.COMPLETED,
            1, TrialStatus.FAILED,
            2, TrialStatus.COMPLETED);

    private String filler = "";
    private Path template;

    @BeforeEach
    void an_empty_database() throws IOException {
        for (int number : RIGHT.keySet()) {
            source.add("s", number, number / 10.0);
        }
        template = directory.resolve("template.db");
        SqliteStore.open(template, clock).close();
    }

    /** Trial 0 passes; 1 is rejected by the second stage; 2 fails once and passes then. */
    private Pipeline pipeline(PipelineStore store) {
        Stage one = Stage.of("one", context -> {
            int number = context.trial().key().number();
            int times = done.merge(number + "/one", 1, Integer::sum);
            if (number == 2 && times == 1) {
                throw new IOException("once");
            }
            return StageOutcome.passed("fine", Map.of("filler", filler));
        });
        Stage two = Stage.of("two", context -> {
            int number = context.trial().key().number();
            done.merge(number + "/two", 1, Integer::sum);
            return number == 1 ? StageOutcome.rejected("no") : StageOutcome.passed("fine");
        });
        return Pipeline.builder()
                .store(store)
                .source(source)
                .clock(clock)
                .lease(LEASE)
                .drainPatience(Duration.ZERO)
                .stage(one)
                .stage(two)
                .build();
    }

    private Path copy(String name) throws IOException {
        return Files.copy(template, directory.resolve(name));
    }

    private FaultyConnections connections(SqliteFile file) {
        return new FaultyConnections(new SqliteConnections(file));
    }

    private PipelineStore store(SqliteFile file, Connections connections) {
        return new JooqPipelineStore(connections, new SqliteDialect(file, clock));
    }

    private void work(Pipeline pipeline) {
        pipeline.discoverTrials();
        for (int i = 0; i < 4; i++) {
            pipeline.runDue();
            clock.advance(LEASE);
        }
    }

    /** What another runner makes of what is left, on a store without faults. */
    private void assertRecovers(Path file, String when) {
        try (PipelineStore store = SqliteStore.open(file, clock)) {
            assertThat(store.<List<String>>read(Invariants::violations))
                    .as(when)
                    .isEmpty();
            Pipeline next = pipeline(store);
            work(next);
            assertThat(store.<List<String>>read(Invariants::violations))
                    .as(when)
                    .isEmpty();
            store.read(tx -> {
                assertRightEnds(tx, when);
                return null;
            });
        }
    }

    private void assertRightEnds(StoreReader tx, String when) {
        for (int number : RIGHT.keySet()) {
            Trial trial = tx.trial(new TrialKey("s", number)).orElseThrow();
            assertThat(trial.status()).as("trial %d, %s", number, when).isEqualTo(RIGHT.get(number));
            List<EventType> decisions = tx.events(trial.id(), 1000).stream()
                    .map(Event::type)
                    .filter(Set.of(EventType.TRIAL_COMPLETED, EventType.TRIAL_FAILED)::contains)
                    .toList();
            assertThat(decisions).as("decided once: trial %d, %s", number, when).hasSize(1);
            assertThat(tx.attempts(trial.id()))
                    .as("every attempt is accounted for: trial %d, %s", number, when)
                    .noneMatch(attempt -> attempt.outcome() == Attempt.Outcome.RUNNING);
            Map<String, Long> verdicts = tx.attempts(trial.id()).stream()
                    .filter(attempt -> Set.of(Attempt.Outcome.PASSED, Attempt.Outcome.REJECTED)
                            .contains(attempt.outcome()))
                    .collect(Collectors.groupingBy(Attempt::stage, Collectors.counting()));
            assertThat(verdicts.values()).as("one verdict a stage, %s", when).containsOnly(1L);
        }
    }

    @Test
    void killed_before_any_statement() throws Exception {
        killedAtEachStatement(false);
    }

    @Test
    void killed_after_any_statement_before_its_answer() throws Exception {
        killedAtEachStatement(true);
    }

    private void killedAtEachStatement(boolean executed) throws Exception {
        boolean died = true;
        int n = 0;
        while (died) {
            n++;
            done.clear();
            Path file = copy("killed-" + n + ".db");
            SqliteFile sqlite = new SqliteFile(file, PATIENCE);
            FaultyConnections connections = connections(sqlite);
            PipelineStore store = store(sqlite, connections);
            connections.dieAt(n, executed);
            try {
                work(pipeline(store));
            } catch (StoreException e) {
                assertThat(connections.isDead()).as(e.getMessage()).isTrue();
            }
            died = connections.isDead();
            // as the kernel does it: nothing is put in order
            connections.close();
            assertRecovers(file, "killed at statement " + n);
            Files.delete(file);
        }
        assertThat(n).as("statements of a whole run").isBetween(80, 1000);
    }

    @Test
    void a_torn_log_loses_whole_transactions_from_its_end_and_nothing_else() throws Exception {
        Path file = copy("torn.db");
        try (PipelineStore store = SqliteStore.open(file, clock)) {
            work(pipeline(store));
            // not closed: all is in the log still
            byte[] log = Files.readAllBytes(directory.resolve("torn.db-wal"));
            byte[] main = Files.readAllBytes(file);
            int pieces = 40;
            for (int i = 0; i <= pieces; i++) {
                int length = (int) ((long) log.length * i / pieces) - (i == pieces ? 0 : i % 7);
                assertTornLog(main, Arrays.copyOf(log, Math.max(0, length)), "log cut at " + length);
                byte[] scribbled = log.clone();
                Arrays.fill(scribbled, Math.max(0, length - 9), Math.max(0, length), (byte) 0x5a);
                assertTornLog(main, scribbled, "log scribbled at " + length);
            }
        }
    }

    private void assertTornLog(byte[] main, byte[] log, String when) throws Exception {
        Path file = directory.resolve("torn-copy.db");
        Files.write(file, main);
        Files.write(directory.resolve("torn-copy.db-wal"), log);
        Files.deleteIfExists(directory.resolve("torn-copy.db-shm"));
        done.clear();
        assertRecovers(file, when);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet check = statement.executeQuery("pragma integrity_check")) {
            assertThat(check.getString(1)).as(when).isEqualTo("ok");
        }
    }

    @Test
    void on_a_full_disk_nothing_is_lost_and_nothing_is_done_twice() throws Exception {
        Path file = copy("full.db");
        SqliteFile sqlite = new SqliteFile(file, PATIENCE);
        FaultyConnections connections = connections(sqlite);
        try (PipelineStore store = store(sqlite, connections)) {
            Pipeline pipeline = pipeline(store);
            pipeline.discoverTrials();
            // less than one page more than it has
            connections.onWriter("pragma max_page_count = 1");
            filler = String.join("", Collections.nCopies(20_000, "x"));

            assertThatThrownBy(() -> work(pipeline))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is full. Make room");
            assertThat(store.<List<String>>read(Invariants::violations)).isEmpty();

            connections.onWriter("pragma max_page_count = 1000000");
            work(pipeline);
            store.read(tx -> {
                assertRightEnds(tx, "after room was made");
                return null;
            });
            assertThat(done).containsEntry("0/one", 1).containsEntry("0/two", 1).containsEntry("1/two", 1);
        }
    }

    @Test
    void while_the_file_is_locked_nothing_is_lost_and_nothing_is_done_twice() throws Exception {
        Path file = copy("locked.db");
        SqliteFile sqlite = new SqliteFile(file, PATIENCE);
        try (PipelineStore store = store(sqlite, new SqliteConnections(sqlite));
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            Stage locking = Stage.of("one", context -> {
                done.merge(context.trial().key().number() + "/one", 1, Integer::sum);
                if (done.size() == 1) {
                    execute(other, "begin immediate");
                }
                return StageOutcome.passed("fine");
            });
            Pipeline pipeline = Pipeline.builder()
                    .store(store)
                    .source(source)
                    .clock(clock)
                    .stage(locking)
                    .build();
            pipeline.discoverTrials();
            assertThatThrownBy(pipeline::runDue).isInstanceOf(TransientStoreException.class);
            assertThatThrownBy(pipeline::runDue)
                    .as("its verdict waits to be written")
                    .isInstanceOf(TransientStoreException.class);
            execute(other, "rollback");
            pipeline.runDue();

            store.read(tx -> {
                assertThat(tx.trials()).allMatch(trial -> trial.status() == TrialStatus.COMPLETED);
                return null;
            });
            assertThat(done.values()).containsOnly(1);
            assertThat(store.<List<String>>read(Invariants::violations)).isEmpty();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
