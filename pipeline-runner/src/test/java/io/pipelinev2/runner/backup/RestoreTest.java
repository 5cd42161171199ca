package io.pipelinev2.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.runner.HomeLock;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.UnfinishedRestore;
import io.pipelinev2.runner.config.ConfigLoader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreTest {

    private static final String ASIDE = "before-restore-";

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();
    private Path backup;
    private Map<String, String> saved;

    @BeforeEach
    void a_backup() throws IOException {
        SampleHome source = SampleHome.filled(directory.resolve("source"), "saved");
        backup = directory.resolve("backup");
        Backup.take(source.config(), backup, clock);
        saved = SampleHome.tree(backup);
        saved.remove("backup.json");
    }

    private Path restore(SampleHome home) {
        return Restore.run(VerifiedBackup.in(backup), home.config(), home.configuration(), clock);
    }

    /** All that a restore brings, but for the configuration, which a home keeps. */
    private Map<String, String> savedState() {
        Map<String, String> state = new TreeMap<>(saved);
        state.remove("pipeline.json");
        return state;
    }

    private static Map<String, String> state(SampleHome home) throws IOException {
        Map<String, String> state = home.kept();
        state.remove("pipeline.json");
        return state;
    }

    @Test
    void what_was_there_is_replaced_and_kept_aside() throws IOException {
        SampleHome home = SampleHome.filled(directory.resolve("home"), "old");
        home.write("pipeline_v2.db-wal", "a log that was left behind");
        Map<String, String> old = state(home);
        String configuration = Files.readString(home.configuration());

        Path aside = restore(home);

        assertThat(state(home)).isEqualTo(savedState());
        assertThat(Files.readString(home.configuration())).as("is kept").isEqualTo(configuration);
        assertThat(home.directory().resolve("pipeline_v2.db-wal")).doesNotExist();
        assertThat(home.state().resolve("deployments/1/lock")).doesNotExist();
        assertThat(home.state().resolve("runtime/0123/pipeline-runner.jar")).exists();
        assertThat(UnfinishedRestore.directory(home.directory())).doesNotExist();
        assertThat(aside.getFileName().toString()).startsWith(ASIDE).matches(ASIDE + "\\d{8}T\\d{6}Z");
        assertThat(SampleHome.tree(aside)).containsAllEntriesOf(old).containsKey("pipeline_v2.db-wal");
        assertThat(home.studies()).containsExactly("saved");
        try (Stream<Path> all = Files.walk(home.state().resolve("deployments"))) {
            assertThat(all.toList())
                    .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
        }
    }

    @Test
    void the_state_goes_with_the_database_afterwards() throws IOException {
        SampleHome home = SampleHome.filled(directory.resolve("home"), "old");
        restore(home);
        try (PipelineHome opened = PipelineHome.open(home.config())) {
            assertThat(opened.deployments().stage()).isNotNull();
        }
    }

    @Test
    void a_home_that_has_nothing_gets_the_configuration_too() throws IOException {
        SampleHome home = new SampleHome(directory.resolve("new/home"));
        VerifiedBackup verified = VerifiedBackup.in(backup);
        Path aside = Restore.run(
                verified,
                new ConfigLoader(Map.of(), directory).load(verified.configuration(), home.directory()),
                home.configuration(),
                clock);
        assertThat(home.kept()).isEqualTo(saved);
        assertThat(aside).doesNotExist();
        assertThat(home.studies()).containsExactly("saved");
    }

    @Test
    void two_restores_in_the_same_second_keep_two_old_homes() throws IOException {
        SampleHome home = SampleHome.filled(directory.resolve("home"), "old");
        Path first = restore(home);
        Path second = restore(home);
        assertThat(second).isNotEqualTo(first);
        assertThat(SampleHome.tree(second)).containsAllEntriesOf(savedState());
    }

    @Test
    void a_database_outside_of_the_home_is_replaced_where_it_is() throws IOException {
        SampleHome home = SampleHome.filled(directory.resolve("home"), "old");
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere")).resolve("its own.db");
        Files.move(home.database(), elsewhere);
        home.configure("{ \"database\": \"../elsewhere/its own.db\", \"optuna\": { \"storage\": \"x.db\" } }");
        String old = PrivateFiles.content(elsewhere).sha256();

        Path aside = restore(home);

        assertThat(PrivateFiles.content(elsewhere).sha256()).isEqualTo(saved.get("pipeline_v2.db"));
        assertThat(SampleHome.tree(elsewhere.getParent()))
                .hasSize(2)
                .containsEntry("its own.db." + aside.getFileName(), old);
        assertThat(home.database()).doesNotExist();
    }

    @Test
    void a_home_that_is_supervised_is_refused() throws IOException {
        SampleHome home = SampleHome.filled(directory.resolve("home"), "old");
        Map<String, String> before = SampleHome.tree(home.directory());
        try (HomeLock lock = HomeLock.take(home.config().home(), "daemon")) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> restore(home)).isInstanceOf(HomeLock.HomeHeldException.class);
        }
        untouched(home, before);
    }

    @Test
    void a_home_with_a_living_trader_is_refused() throws Exception {
        SampleHome home = SampleHome.filled(directory.resolve("home"), "old");
        Map<String, String> before = SampleHome.tree(home.directory());
        Path lock = home.state().resolve("deployments/2/lock");
        // says so once it holds the lock, and keeps it until its input ends
        Process trader = new ProcessBuilder("flock", lock.toString(), "sh", "-c", "echo held; cat").start();
        try {
            await(trader);
            assertThatThrownBy(() -> restore(home))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll("deployments 2", "`stop`");
        } finally {
            end(trader);
        }
        untouched(home, before);
        restore(home);
    }

    @Test
    void a_home_with_a_living_worker_is_refused() throws Exception {
        SampleHome home = SampleHome.filled(directory.resolve("home"), "old");
        Map<String, String> before = SampleHome.tree(home.directory());
        Process worker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Worker.class.getName(),
                        home.state().resolve("runners/abc.lock").toString())
                .start();
        try {
            await(worker);
            assertThatThrownBy(() -> restore(home))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll("Workers", "abc.lock", "End them");
        } finally {
            end(worker);
        }
        untouched(home, before);
        restore(home);
    }

    /** Holds the lock that a runner holds, until its input ends. */
    static final class Worker {

        public static void main(String[] arguments) throws IOException {
            try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                System.out.println("held " + lock.isValid());
                System.in.read();
            }
        }
    }

    private static void await(Process process) throws IOException {
        InputStream out = process.getInputStream();
        assertThat(out.read()).as("it holds its lock").isEqualTo('h');
    }

    private static void end(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        process.waitFor();
    }

    @Test
    void a_database_on_a_server_is_refused() throws IOException {
        SampleHome home = SampleHome.filled(directory.resolve("home"), "old");
        home.configure("{ \"database\": \"jdbc:postgresql://h/d\", \"optuna\": { \"storage\": \"x.db\" } }");
        Map<String, String> before = SampleHome.tree(home.directory());
        assertThatThrownBy(() -> restore(home))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("PostgreSQL");
        untouched(home, before);
    }

    @Test
    void a_backup_that_changes_while_it_is_staged_leaves_the_old_home() throws IOException {
        SampleHome home = SampleHome.filled(directory.resolve("home"), "old");
        Map<String, String> before = SampleHome.tree(home.directory());
        VerifiedBackup verified = VerifiedBackup.in(backup);
        Files.writeString(backup.resolve("state/deployments/2/state.json"), "changed since");
        assertThatThrownBy(() -> Restore.run(verified, home.config(), home.configuration(), clock))
                .isInstanceOf(BackupException.class)
                .hasMessageContainingAll("state/deployments/2/state.json", "was changed while it was restored");
        untouched(home, before);
    }

    @Test
    void a_disk_that_takes_no_more_leaves_the_old_home_and_the_room_it_had() throws Exception {
        SampleHome source = new SampleHome(directory.resolve("source"));
        source.write("state/deployments/2/large.bin", "x".repeat(6_000_000));
        backup = directory.resolve("large");
        Backup.take(source.config(), backup, clock);
        SampleHome home = SampleHome.filled(directory.resolve("home"), "old");
        Map<String, String> before = SampleHome.tree(home.directory());

        LimitedRun run = LimitedRun.of(
                "restore", backup.toString(), "--config", home.configuration().toString());

        assertThat(run.exitCode()).as(run.output()).isEqualTo(5);
        assertThat(run.output()).contains(home.directory().toString(), "cannot be restored", "nothing was lost");
        untouched(home, before);
        restore(home);
        assertThat(home.studies()).containsExactly("saved");
    }

    private static void untouched(SampleHome home, Map<String, String> before) throws IOException {
        Map<String, String> now = SampleHome.tree(home.directory());
        // whoever took the lock last has written its name, and whoever ran has logged
        for (String trace : List.of("state/daemon.lock", "logs/pipeline.log")) {
            before.remove(trace);
            now.remove(trace);
        }
        assertThat(now).isEqualTo(before);
    }

    /** Ends a restore as a crash does: nothing tidies up. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void a_crash_before_any_step_loses_nothing_and_the_next_restore_completes_it() throws IOException {
        List<String> steps = steps(SampleHome.filled(directory.resolve("counted"), "old"));
        assertThat(steps).hasSizeGreaterThan(15).contains("write the plan", "clean up", "forget the plan");
        SampleHome original = SampleHome.filled(directory.resolve("original"), "old");
        original.write("pipeline_v2.db-wal", "a log that was left behind");
        for (int crashed = 0; crashed < steps.size(); crashed++) {
            SampleHome home = original.copy(directory.resolve("crashed-" + crashed));
            Map<String, String> old = state(home);
            old.put("pipeline_v2.db-wal", SampleHome.tree(home.directory()).get("pipeline_v2.db-wal"));

            crash(home, crashed);

            Set<String> contents =
                    new HashSet<>(SampleHome.tree(home.directory()).values());
            assertThat(contents).as("the old home after %s", crashed).containsAll(old.values());
            boolean decided = Files.exists(UnfinishedRestore.plan(home.directory()));
            if (decided) {
                assertThat(contents)
                        .as("the new home after %s", crashed)
                        .containsAll(savedState().values());
                assertThatThrownBy(() -> PipelineHome.open(home.config()))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContainingAll("is not finished", "run `restore`");
                assertThatThrownBy(() -> Backup.take(home.config(), directory.resolve("b"), clock))
                        .isInstanceOf(RefusedException.class);
            } else {
                assertThat(SampleHome.tree(home.directory())).containsAllEntriesOf(old);
            }
            // and once more, at the next step of what is left
            crash(home, 1);

            Path aside = restore(home);
            assertThat(state(home)).isEqualTo(savedState());
            assertThat(SampleHome.tree(home.directory()))
                    .as("nothing of the old home was lost")
                    .satisfies(tree -> assertThat(tree.values()).containsAll(old.values()));
            assertThat(aside).isDirectory();
            assertThat(UnfinishedRestore.directory(home.directory())).doesNotExist();
            assertThat(home.database().resolveSibling("pipeline_v2.db-wal")).doesNotExist();
        }
    }

    private List<String> steps(SampleHome home) throws IOException {
        home.write("pipeline_v2.db-wal", "a log that was left behind");
        List<String> steps = new ArrayList<>();
        Restore.run(VerifiedBackup.in(backup), home.config(), home.configuration(), clock, steps::add);
        return steps;
    }

    private void crash(SampleHome home, int step) {
        int[] left = {step};
        try {
            Restore.run(VerifiedBackup.in(backup), home.config(), home.configuration(), clock, name -> {
                if (left[0]-- == 0) {
                    throw new Crash();
                }
            });
        } catch (Crash e) {
            return;
        }
    }

    @Test
    void another_backup_after_a_crash_is_restored_on_top_of_the_completed_one() throws IOException {
        SampleHome home = SampleHome.filled(directory.resolve("home"), "old");
        int plan = steps(SampleHome.filled(directory.resolve("counted"), "old")).indexOf("write the plan");
        crash(home, plan + 2);
        Path other = directory.resolve("other");
        Backup.take(SampleHome.filled(directory.resolve("source-2"), "other").config(), other, clock);

        Restore.run(VerifiedBackup.in(other), home.config(), home.configuration(), clock);

        assertThat(home.studies()).containsExactly("other");
    }

    @Test
    void what_another_program_puts_in_the_way_is_not_overwritten() throws IOException {
        SampleHome home = SampleHome.filled(directory.resolve("home"), "old");
        List<String> steps = steps(SampleHome.filled(directory.resolve("counted"), "old"));
        home.write("pipeline_v2.db-wal", "a log that was left behind");
        int place = steps.indexOf("move restoring/new/pipeline_v2.db to pipeline_v2.db");
        assertThat(place).isPositive();
        crash(home, place);
        home.write("pipeline_v2.db", "made by another program");

        assertThatThrownBy(() -> restore(home))
                .isInstanceOf(BackupException.class)
                .hasMessageContainingAll("pipeline_v2.db", "is there again", "move the file away");

        assertThat(Files.readString(home.database())).isEqualTo("made by another program");
        Files.delete(home.database());
        restore(home);
        assertThat(home.studies()).containsExactly("saved");
    }
}
