package io.pipelinev2.runner.http.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pipelinev2.runner.http.problem.ProblemException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who follows a log misses no line and sees none twice, however its files are set aside. */
class LogFilesTest {

    private static final Predicate<String> ALL = line -> true;

    @TempDir
    Path logs;

    private Path aside;
    private Path log;

    @BeforeEach
    void name() {
        aside = logs.resolve("1.log.1");
        log = logs.resolve("1.log");
    }

    private void write(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private LogFiles files() throws IOException {
        return LogFiles.of(logs, List.of(aside, log), Instant.EPOCH);
    }

    private LogExcerpt after(LogExcerpt before) throws IOException {
        return LogExcerpt.after(files(), LogPlace.parse(before.next()), 2000, ALL);
    }

    @Test
    void what_was_set_aside_comes_first() throws Exception {
        write(aside, "one\ntwo\n");
        write(log, "three\n");

        assertThat(LogExcerpt.last(files(), 10).lines()).containsExactly("one", "two", "three");
        assertThat(LogExcerpt.last(files(), 2).lines()).containsExactly("two", "three");
        assertThat(LogExcerpt.last(files(), 2).truncated()).isTrue();
        assertThat(LogExcerpt.last(files(), 10, line -> line.startsWith("t")).lines())
                .containsExactly("two", "three");
    }

    @Test
    void only_what_is_new_comes_and_a_line_when_it_is_whole() throws Exception {
        write(log, "one\n");
        LogExcerpt first = LogExcerpt.last(files(), 10);
        write(log, "two\nth");
        LogExcerpt second = after(first);
        write(log, "ree\n");
        LogExcerpt third = after(second);

        assertThat(second.lines()).containsExactly("two");
        assertThat(third.lines()).containsExactly("three");
        assertThat(after(third).lines()).isEmpty();
        assertThat(third.truncated()).isFalse();
    }

    @Test
    void a_log_that_is_given_another_name_is_read_on() throws Exception {
        write(log, "one\n");
        LogExcerpt first = LogExcerpt.last(files(), 10);
        write(log, "two\n");
        Files.move(log, aside);
        write(log, "three\n");

        assertThat(after(first).lines()).containsExactly("two", "three");
        assertThat(after(after(first)).lines()).isEmpty();
        assertThat(after(first).truncated()).isFalse();
    }

    @Test
    void a_log_that_is_emptied_under_its_writer_is_read_on_from_its_copy() throws Exception {
        write(log, "one\n");
        LogExcerpt first = LogExcerpt.last(files(), 10);
        write(log, "two\n");
        Files.copy(log, aside, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        write(log, "3\n");

        assertThat(after(first).lines()).containsExactly("two", "3");
        assertThat(after(first).truncated()).isFalse();
    }

    @Test
    void what_is_gone_is_said_to_be_missing() throws Exception {
        write(log, "one\n");
        write(logs.resolve("keeps the inode"), "");
        LogExcerpt first = LogExcerpt.last(files(), 10);
        Files.move(log, logs.resolve("elsewhere.log"));
        write(log, "five\n");

        assertThat(after(first).lines()).containsExactly("five");
        assertThat(after(first).truncated()).isTrue();
    }

    @Test
    void of_much_at_once_the_end_alone_comes() throws Exception {
        write(log, "one\n");
        LogExcerpt first = LogExcerpt.last(files(), 10);
        write(log, "x".repeat(LogExcerpt.MOST_BYTES) + "\nlast\n");

        assertThat(after(first).lines()).containsExactly("last");
        assertThat(after(first).truncated()).isTrue();
    }

    @Test
    void files_that_ended_before_an_attempt_began_are_not_searched_for_it() throws Exception {
        write(aside, "old\n");
        write(log, "new\n");
        Files.setLastModifiedTime(aside, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));

        LogFiles since = LogFiles.of(logs, List.of(aside, log), Instant.parse("2026-01-02T00:00:00Z"));

        assertThat(LogExcerpt.last(since, 10, ALL).lines()).containsExactly("new");
    }

    @Test
    void links_and_places_that_are_none_are_refused() throws Exception {
        Path secret = Files.writeString(Files.createTempDirectory("elsewhere").resolve("secret"), "a secret\n");
        Files.createSymbolicLink(aside, secret);
        write(log, "one\n");

        assertThat(LogExcerpt.last(files(), 10).lines()).containsExactly("one");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> LogPlace.parse("../1"))
                .satisfies(e -> assertThat(e.problem().status()).isEqualTo(400));
    }
}
