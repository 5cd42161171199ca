package io.pipelinev2.runner.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
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
        assertThat(token.match(made)).isPresent();
        assertThat(token.match(made.substring(1))).isEmpty();
        assertThat(token.match("")).isEmpty();
        assertThat(AccessToken.of(file()).match(made)).as("read again").isPresent();
        AccessToken.of(directory.resolve("another"));
        assertThat(Files.readString(directory.resolve("another")).strip()).isNotEqualTo(made);
    }

    @Test
    void another_token_in_the_file_counts_at_once() throws IOException {
        AccessToken token = AccessToken.of(file());
        String before = Files.readString(file()).strip();
        AccessToken.Edition shown = token.match(before).orElseThrow();
        assertThat(token.isStill(shown)).isTrue();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw-rw-"));

        new TokenFile(file()).rotate();

        String now = Files.readString(file()).strip();
        assertThat(now).matches("[0-9a-f]{64}").isNotEqualTo(before);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(token.match(now)).isPresent();
        assertThat(token.match(before)).isEmpty();
        assertThat(token.isStill(shown)).isFalse();
        try (Stream<Path> left = Files.list(file().getParent())) {
            assertThat(left).as("nothing of the change is left").containsExactly(file());
        }
    }

    @Test
    void a_file_that_cannot_be_used_any_more_lets_nobody_in_until_it_can() throws IOException {
        AccessToken token = AccessToken.of(file());
        String right = Files.readString(file()).strip();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(token.match(right)).as("readable by others").isEmpty();
        Files.delete(file());
        assertThat(token.match(right)).as("gone").isEmpty();

        new TokenFile(file()).rotate();

        assertThat(token.match(right)).as("the one before").isEmpty();
        assertThat(token.match(Files.readString(file()).strip())).isPresent();
    }

    @Test
    void what_is_no_file_is_not_replaced() throws IOException {
        Path elsewhere = Files.createFile(directory.resolve("elsewhere"));
        Files.createDirectories(file().getParent());
        Files.createSymbolicLink(file(), elsewhere);

        assertThatExceptionOfType(TokenUnavailableException.class)
                .isThrownBy(() -> new TokenFile(file()).rotate())
                .withMessageContaining("is a link");
        assertThat(elsewhere).isEmptyFile();
        assertThat(file()).isSymbolicLink();
    }

    @Test
    void one_token_for_both_is_refused_at_the_start_and_reads_at_most_later() throws IOException {
        Path reading = directory.resolve("reading");
        AccessToken owner = AccessToken.of(file());
        AccessTokens both = new AccessTokens(owner, AccessToken.of(reading));
        Files.writeString(reading, Files.readString(file()));

        assertThat(both.match(Files.readString(file()).strip()).map(AccessTokens.Pass::right))
                .hasValue(Right.READ);
        assertThatExceptionOfType(TokenUnavailableException.class)
                .isThrownBy(() -> AccessTokens.of(file(), reading))
                .withMessageContaining("holds the owner's token");
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
