package io.pipelinev2.runner.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokenTest {

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("state").resolve("http_token");
    }

    @Test
    void a_token_of_256_bits_is_made_for_its_owner_alone() throws IOException {
        AccessToken token = AccessToken.of(file());

        assertThat(Files.readString(file())).matches("[0-9a-f]{64}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())))
                .isEqualTo("rwx------");
        String made = Files.readString(file()).strip();
        assertThat(token.isThat(made)).isTrue();
        assertThat(token.isThat(made.substring(1))).isFalse();
        assertThat(token.isThat("")).isFalse();
        assertThat(AccessToken.of(file()).isThat(made)).as("read again").isTrue();
        AccessToken.of(directory.resolve("another"));
        assertThat(Files.readString(directory.resolve("another")).strip()).isNotEqualTo(made);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"})
    void a_file_that_others_may_use_is_refused(String mode) throws IOException {
        AccessToken.of(file());
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(mode));

        assertRefused("chmod 600");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "0123456789abcdef 0123456789abcdef-with-a-space"})
    void a_file_without_a_token_is_refused_and_not_shown(String content) throws IOException {
        AccessToken.of(file());
        Files.writeString(file(), content);

        assertRefused("holds no token");
    }

    @Test
    void a_link_is_not_followed_nor_written_through() throws IOException {
        Path elsewhere = directory.resolve("elsewhere");
        Files.createDirectories(file().getParent());
        Files.createSymbolicLink(file(), elsewhere);

        assertRefused("is a link");
        assertThat(elsewhere).doesNotExist();
    }

    @Test
    void a_directory_is_no_token() throws IOException {
        Files.createDirectories(file());

        assertRefused("no regular file");
    }

    private void assertRefused(String words) {
        assertThatExceptionOfType(TokenUnavailableException.class)
                .isThrownBy(() -> AccessToken.of(file()))
                .withMessageContaining(words)
                .withMessageContaining(file().toString())
                .withMessageNotContaining("0123456789abcdef");
    }
}
