package io.pipelinev2.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A backup that is not what it was, or never was one, is told before anything is touched. */
class VerifiedBackupTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ACCOUNT = "state/deployments/1/state.json";

    @TempDir
    private Path directory;

    private SampleHome home;
    private Path backup;
    private Map<String, String> before;

    @BeforeEach
    void a_backup_of_a_home() throws IOException {
        home = SampleHome.filled(directory.resolve("home"), "first");
        backup = directory.resolve("backup");
        Backup.take(home.config(), backup, new ManualClock());
        assertThatCode(() -> VerifiedBackup.in(backup)).doesNotThrowAnyException();
        before = SampleHome.tree(home.directory());
    }

    @AfterEach
    void the_home_was_not_touched() throws IOException {
        assertThat(SampleHome.tree(home.directory())).isEqualTo(before);
    }

    private void damaged(String... words) {
        assertThatThrownBy(() -> VerifiedBackup.in(backup))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining(backup.toString())
                .hasMessageContaining("Nothing was restored")
                .hasMessageContainingAll(words);
    }

    private ObjectNode manifest() throws IOException {
        return (ObjectNode) JSON.readTree(Files.readAllBytes(backup.resolve("backup.json")));
    }

    private ObjectNode entry(ObjectNode manifest, String path) {
        for (JsonNode each : manifest.path("files")) {
            if (each.path("path").asString().equals(path)) {
                return (ObjectNode) each;
            }
        }
        throw new AssertionError(path);
    }

    private void write(ObjectNode manifest) throws IOException {
        Files.write(backup.resolve("backup.json"), JSON.writeValueAsBytes(manifest));
    }

    /** Makes the manifest say of a file what it is now. */
    private void tellOf(String path) throws IOException {
        ObjectNode manifest = manifest();
        PrivateFiles.Content content = PrivateFiles.content(backup.resolve(path));
        entry(manifest, path).put("size", content.size()).put("sha256", content.sha256());
        write(manifest);
    }

    @Test
    void one_without_a_manifest_is_unfinished() throws IOException {
        Files.delete(backup.resolve("backup.json"));
        damaged("no backup.json", "not finished");
    }

    @Test
    void nothing_at_all() {
        backup = directory.resolve("nowhere");
        damaged("it is no backup");
    }

    @ParameterizedTest
    @ValueSource(strings = {ACCOUNT, "pipeline_v2.db", "pipeline.json", "state/database-id"})
    void one_flipped_byte(String path) throws IOException {
        byte[] bytes = Files.readAllBytes(backup.resolve(path));
        bytes[bytes.length / 2] ^= 1;
        Files.write(backup.resolve(path), bytes);
        damaged(path, "has the SHA-256");
    }

    @Test
    void a_file_that_is_shorter_or_missing() throws IOException {
        try (FileChannel channel = FileChannel.open(backup.resolve("pipeline_v2.db"), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 4096);
        }
        damaged("pipeline_v2.db", "bytes instead of");
        Files.delete(backup.resolve("pipeline_v2.db"));
        damaged("pipeline_v2.db", "is missing");
    }

    @Test
    void a_truncated_database_that_the_manifest_vouches_for() throws IOException {
        try (FileChannel channel = FileChannel.open(backup.resolve("pipeline_v2.db"), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
        tellOf("pipeline_v2.db");
        damaged("is not whole");
    }

    @Test
    void a_database_of_a_newer_program() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + backup.resolve("pipeline_v2.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update flyway_schema_history set version = '99.1'");
        }
        tellOf("pipeline_v2.db");
        assertThatThrownBy(() -> VerifiedBackup.in(backup))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll("99.1", "a newer one");
    }

    @Test
    void accounts_of_another_database() throws IOException {
        Files.writeString(backup.resolve("state/database-id"), "another\n");
        tellOf("state/database-id");
        damaged("belong to another database");
    }

    @Test
    void a_model_under_a_wrong_name() throws IOException {
        String path = "state/models/" + ModelArchive.sha256(home.model("first")) + "/actor.pth";
        Files.writeString(backup.resolve(path), "other weights");
        tellOf(path);
        damaged(path, "not the model that its directory names");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "state/deployments/1/../../../evil",
                "/etc/evil",
                "state/deployments/1//evil",
                "state/deployments/./1/evil",
                "state/deployments/1/",
                "state/deployments/evil",
                "state/deployments/x/state.json",
                "state/deployments/1/lock",
                "state/models/evil/actor.pth",
                "state/runtime/0123/pipeline-runner.jar",
                "state/daemon.lock",
                "evil.sh",
                "state",
                "",
                "state/deployments/1/a\u0000b"
            })
    void a_manifest_that_names_what_no_backup_holds(String path) throws IOException {
        ObjectNode manifest = manifest();
        entry(manifest, ACCOUNT).put("path", path);
        write(manifest);
        assertThatThrownBy(() -> VerifiedBackup.in(backup))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("which no backup holds");
    }

    @Test
    void links_in_place_of_files_and_directories() throws IOException {
        Path outside = directory.resolve("outside");
        Files.move(backup.resolve("state/deployments/1"), outside);
        Files.createSymbolicLink(backup.resolve("state/deployments/1"), outside);
        damaged("behind a symbolic link");

        Files.delete(backup.resolve("state/deployments/1"));
        Files.createDirectory(backup.resolve("state/deployments/1"));
        for (String name : outside.toFile().list()) {
            Files.createSymbolicLink(backup.resolve("state/deployments/1").resolve(name), outside.resolve(name));
        }
        damaged("is a symbolic link");
    }

    @Test
    void manifests_that_are_none() throws IOException {
        ObjectNode manifest = manifest();
        Path file = backup.resolve("backup.json");
        for (String text :
                new String[] {"", "no JSON", "[]", "null", "{\"format\": 2}", "{\"format\": 1, \"format\": 1}"}) {
            Files.writeString(file, text);
            damaged("is not that of a backup");
        }
        ObjectNode incomplete = manifest.deepCopy();
        entry(incomplete, "pipeline_v2.db").put("path", "state/deployments/1/other");
        write(incomplete);
        damaged("does not name 'pipeline_v2.db'");

        ObjectNode twice = manifest.deepCopy();
        entry(twice, "state/database-id").put("path", ACCOUNT);
        write(twice);
        damaged("twice");

        ObjectNode timeless = manifest.deepCopy();
        timeless.put("created_at", "yesterday");
        write(timeless);
        damaged("no time");

        ObjectNode wordy = manifest.deepCopy();
        entry(wordy, ACCOUNT).put("size", "many");
        write(wordy);
        damaged("size or sha256");
    }

    @Test
    void looking_leaves_no_trace() throws IOException {
        Map<String, String> tree = SampleHome.tree(backup);
        VerifiedBackup.in(backup);
        assertThat(SampleHome.tree(backup)).isEqualTo(tree);
    }
}
