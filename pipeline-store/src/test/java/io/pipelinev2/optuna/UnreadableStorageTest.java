package io.pipelinev2.optuna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.core.trial.TrialSourceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Every way in which a storage can be no use, and that the message names the file, the rule and the next step. */
class UnreadableStorageTest {

    private static final SourceTrial TRIAL = new SourceTrial("s", 1, 1, 0, null);
    private static final SourceStudy STUDY = new SourceStudy(1, "s", List.of());

    @TempDir
    Path directory;

    private TrialSource at(Path path) {
        return OptunaTrialSource.of(path.toString(), directory, List.of("*"));
    }

    private void assertRefused(TrialSource source, Path path, String rule, String nextStep) {
        for (ThrowingCallable question : List.<ThrowingCallable>of(
                source::studies, () -> source.completeTrials(STUDY), () -> source.details(TRIAL))) {
            assertThatThrownBy(question)
                    .isExactlyInstanceOf(TrialSourceException.class)
                    .hasMessageContaining(path.toString())
                    .hasMessageContaining(rule)
                    .hasMessageContaining(nextStep);
        }
    }

    /** As {@link #assertRefused}, in a process that permissions hold for, also if they do not for this one. */
    private void assertRefusedWithoutPrivileges(Path path, String rule, String nextStep) throws Exception {
        assertThat(Unprivileged.answers(path))
                .hasSize(3)
                .allSatisfy(answer -> assertThat(answer)
                        .startsWith("refused: ")
                        .contains(path.toString())
                        .contains(rule)
                        .contains(nextStep));
    }

    @Test
    void a_missing_file_is_not_made() throws Exception {
        Path path = directory.resolve("missing.db");

        assertRefused(at(path), path, "does not exist", "Start the optimisation");
        assertRefused(
                at(directory.resolve("no/such.db")), directory.resolve("no/such.db"), "does not exist", "four slashes");

        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void a_file_that_comes_later_is_read_by_the_same_source() {
        TrialSource source = at(directory.resolve("pending28.db"));
        assertThatThrownBy(source::studies).isInstanceOf(TrialSourceException.class);

        OptunaFile.copyOf("pending28.db", directory);

        assertThat(source.studies()).hasSize(1);
    }

    @Test
    void a_directory() {
        assertRefused(at(directory), directory, "is a directory", "name the file in it");
    }

    @Test
    void a_path_through_a_file() throws Exception {
        Path path = Files.createFile(directory.resolve("file")).resolve("optuna.db");

        // JDK 17 tells it from a missing file, later ones do not; the next step is the same
        assertRefused(at(path), path, path.toString(), "orrect optuna.storage");
    }

    @Test
    void a_pipe_is_not_waited_for() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertRefused(at(pipe), pipe, "is not a regular file", "Correct optuna.storage");
    }

    @Test
    void a_file_that_may_not_be_read() throws Exception {
        OptunaFile file = OptunaFile.copyOf("pending28.db", directory);
        Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("---------"));

        assertRefusedWithoutPrivileges(file.path(), "may not be read by this user", "Grant reading");
    }

    @Test
    void a_directory_that_may_not_be_searched() throws Exception {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Path path = OptunaFile.copyOf("pending28.db", closed).path();
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        try {
            assertRefusedWithoutPrivileges(path, "may not be read by this user", "the directories above it");
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void text_is_no_database() throws Exception {
        Path path = Files.writeString(directory.resolve("optuna.db"), "this is not a database. ".repeat(100));

        assertRefused(at(path), path, "is not an SQLite database", "name the file that Optuna writes");
    }

    @Test
    void a_journal_file_is_not_supported_yet() throws Exception {
        Path path = Files.writeString(
                directory.resolve("journal.log"),
                "{\"op_code\":0,\"worker_id\":\"w\",\"study_name\":\"s\",\"directions\":[1]}\n".repeat(20));

        assertRefused(at(path), path, "is a journal file, which is not supported yet", "optuna.copy_study");
    }

    @Test
    void an_empty_file() throws Exception {
        Path path = Files.createFile(directory.resolve("optuna.db"));

        assertRefused(at(path), path, "an empty file without Optuna's tables", "if Optuna is just creating it");
    }

    @Test
    void a_database_of_somebody_else() throws Exception {
        OptunaFile file = OptunaFile.copyOf("pending28.db", directory);
        file.execute("drop table trials");

        assertRefused(file.source(), file.path(), "without Optuna's tables 'studies' and 'trials'", "name the file");
    }

    @Test
    void a_file_cut_in_half_is_damaged() throws Exception {
        OptunaFile file = OptunaFile.copyOf("pending28.db", directory);
        byte[] whole = Files.readAllBytes(file.path());
        Arrays.fill(whole, 4096, whole.length, (byte) 0x5a);
        Files.write(file.path(), whole);

        assertThatThrownBy(() -> file.source().studies())
                .isInstanceOf(TrialSourceException.class)
                .hasMessageContaining(file.path().toString())
                .hasMessageContaining("is damaged")
                .hasMessageContaining("integrity_check");
    }

    @ParameterizedTest
    @CsvSource({
        "old-v2.10.1.db, v2.6.0.a, --storage sqlite:///COPY\"'",
        "old-v2.3.0.db, v1.3.0.a, first with Optuna 2.10.1 and then",
    })
    void a_storage_of_an_older_optuna(String name, String revision, String nextStep) {
        OptunaFile file = OptunaFile.copyOf(name, directory);

        assertRefused(
                file.source(),
                file.path(),
                "schema revision '%s', which is older".formatted(revision),
                nextStep.replace("'", ""));
        assertRefused(file.source(), file.path(), "Supported are v3.0.0.d and v3.2.0.a", "Copy the file");
    }

    @Test
    void an_old_storage_that_a_newer_optuna_merely_opened_is_still_old() throws Exception {
        OptunaFile file = OptunaFile.copyOf("pending28.db", directory);
        file.execute("update alembic_version set version_num = 'v1.3.0.a'");

        assertRefused(file.source(), file.path(), "'v1.3.0.a', which is older", "Copy the file");
    }

    @Test
    void an_unknown_revision_with_every_column_is_read_and_said_once() throws Exception {
        List<String> said = new ArrayList<>();
        OptunaFile file = OptunaFile.copyOf("pending28.db", directory);
        file.execute("update alembic_version set version_num = 'v9.0.0.a'");
        TrialSource source = file.source(new Notices(said::add));

        assertThat(source.completeTrials(source.studies().get(0))).hasSize(28);
        assertThat(said)
                .singleElement()
                .asString()
                .contains(file.path().toString(), "'v9.0.0.a', which this version does not know", "it goes on");
    }

    @Test
    void no_revision_at_all_is_read_if_every_column_is_there() throws Exception {
        List<String> said = new ArrayList<>();
        OptunaFile file = OptunaFile.copyOf("pending28.db", directory);
        file.execute("drop table alembic_version");

        assertThat(file.source(new Notices(said::add)).studies()).hasSize(1);
        assertThat(said).singleElement().asString().contains("(none)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table trial_values rename column value_type to kind",
                "alter table trials rename column number to n",
                "alter table study_directions rename to other",
            })
    void an_unknown_revision_that_lacks_a_column_is_refused(String change) throws Exception {
        OptunaFile file = OptunaFile.copyOf("pending28.db", directory);
        file.execute("update alembic_version set version_num = 'v9.0.0.a'", change);

        assertRefused(
                file.source(), file.path(), "'v9.0.0.a', but lacks the columns", "A newer version of this program");
    }

    @Test
    void a_lock_that_lasts_is_waited_for_and_then_said() throws Exception {
        OptunaFile file = OptunaFile.copyOf("pending28.db", directory);
        OptunaStorage storage =
                new StorageLocation.SqliteFile(file.path()).storage(new Notices(text -> {}), Duration.ofMillis(100));
        try (Connection writer = file.connect()) {
            OptunaFile.execute(writer, "begin exclusive");

            assertThatThrownBy(storage::studies)
                    .isInstanceOf(TrialSourceException.class)
                    .hasMessageContaining(file.path().toString())
                    .hasMessageContaining("is locked")
                    .hasMessageContaining("the next reading tries again");

            OptunaFile.execute(writer, "rollback");
            assertThat(storage.studies()).hasSize(1);
        }
    }

    @Test
    void a_commit_that_was_cut_off_needs_recovery_by_its_owner() throws Exception {
        OptunaFile file = OptunaFile.copyOf("pending28.db", directory);
        Path crashed = Files.createDirectory(directory.resolve("crashed")).resolve("optuna.db");
        try (Connection writer = file.connect()) {
            // a cache of one page, so that the transaction has to write to the file before it commits
            OptunaFile.execute(
                    writer,
                    "pragma cache_size = 1",
                    "begin immediate",
                    "update trial_params set param_value = param_value + 1");
            Path journal = Path.of(file.path() + "-journal");
            assertThat(journal).isNotEmptyFile();
            Files.copy(journal, Path.of(crashed + "-journal"));
            Files.copy(file.path(), crashed);
            OptunaFile.execute(writer, "rollback");
        }
        byte[] before = Files.readAllBytes(crashed);

        assertRefused(at(crashed), crashed, "needs recovery", "Retry later");

        assertThat(Files.readAllBytes(crashed)).isEqualTo(before);
        assertThat(Path.of(crashed + "-journal")).exists();
    }

    @Test
    void write_ahead_logging_in_a_directory_that_may_not_be_written() throws Exception {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        OptunaFile file = OptunaFile.copyOf("pending28.db", closed);
        file.execute("pragma journal_mode = wal");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assertRefusedWithoutPrivileges(file.path(), "write-ahead logging", "Let this user write to the directory");
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SQLITE_READONLY_DIRECTORY, uses write-ahead logging, Let this user write to the directory",
        "SQLITE_READONLY_CANTINIT, uses write-ahead logging, Let this user write to the directory",
        "SQLITE_BUSY_RECOVERY, is locked, the next reading tries again",
        "SQLITE_READONLY_RECOVERY, needs recovery, Retry later",
        "SQLITE_CANTOPEN, cannot be opened, Check the permissions",
        "SQLITE_IOERR_READ, could not be read, check the disk",
    })
    void what_a_test_cannot_bring_about_as_root_is_told_by_its_code(SQLiteErrorCode code, String rule, String nextStep)
            throws IOException {
        Path path = Files.createFile(directory.resolve("optuna.db"));

        assertThat(SqliteFaults.explained(new SQLiteException("words", code), path))
                .hasMessageContaining(path.toString())
                .hasMessageContaining(rule)
                .hasMessageContaining(nextStep);
    }

    @ParameterizedTest
    @EnumSource
    void every_code_is_told(SQLiteErrorCode code) {
        Path gone = directory.resolve("gone.db");

        assertThat(SqliteFaults.explained(new SQLiteException("words", code), gone))
                .hasMessageContaining(gone.toString())
                .hasMessageMatching("(?s).*\\. .*\\..*");
    }

    @Test
    void what_the_driver_itself_objects_to_is_told_as_well() {
        assertThat(SqliteFaults.explained(new SQLException("words"), directory))
                .hasMessageContaining("could not be read: 'words'");
    }

    @Test
    void the_text_of_the_file_is_not_read_as_utf8_at_any_price() throws Exception {
        Path path = Files.write(directory.resolve("x"), "{\"op_code\":".getBytes(StandardCharsets.UTF_16));

        assertRefused(at(path), path, "is not an SQLite database", "name the file");
    }
}
