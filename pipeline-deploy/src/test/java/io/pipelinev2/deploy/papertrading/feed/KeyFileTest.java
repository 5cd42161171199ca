package io.pipelinev2.deploy.papertrading.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"key_id\": \"AKID\", \"secret_key\": \"s3cr3t\"}",
                "{\"APCA-API-KEY-ID\": \"AKID\", \"APCA-API-SECRET-KEY\": \"s3cr3t\"}",
                "AKID\ns3cr3t",
                "AKID\r\ns3cr3t\r\n"
            })
    void a_key_is_two_lines_or_a_json_object(String text) throws Exception {
        KeyFile.Key key = KeyFile.read(file(text, "rw-------"));

        assertThat(key.id()).isEqualTo("AKID");
        assertThat(key.secret()).isEqualTo("s3cr3t");
        assertThat(key.toString()).doesNotContain("s3cr3t").doesNotContain("AKID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx", "rw------x"})
    void a_key_that_others_may_read_is_refused(String mode) throws Exception {
        Path file = file("AKID\ns3cr3t", mode);

        assertThatThrownBy(() -> KeyFile.read(file))
                .isInstanceOf(FeedException.class)
                .hasMessageContaining("`chmod 600 " + file + "`")
                .hasMessageNotContaining("s3cr3t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s3cr3t",
                "a\nb\ns3cr3t",
                "{\"key_id\": \"s3cr3t\"",
                "{\"key_id\": 1, \"secret_key\": \"s3cr3t\"}",
                "A ID\ns3cr3t",
                "{\"key_id\": \"x\\r\\nHost: y\", \"secret_key\": \"s3cr3t\"}"
            })
    void what_is_no_key_is_refused_without_being_shown(String text) throws Exception {
        Path file = file(text, "rw-------");

        assertThatThrownBy(() -> KeyFile.read(file))
                .isInstanceOf(FeedException.class)
                .hasNoCause()
                .hasMessageContaining(file + " holds no key")
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void a_key_that_is_not_there_is_told_of() {
        assertThatThrownBy(() -> KeyFile.read(directory.resolve("none")))
                .isInstanceOf(FeedException.class)
                .hasMessageContaining("There is no key file");
    }

    private Path file(String text, String mode) throws Exception {
        Path file = directory.resolve("key");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }
}
