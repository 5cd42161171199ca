package io.pipelinev2.runner.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {

    private static final Instant NOON = Instant.parse("2026-01-29T12:00:00Z");

    @TempDir
    private Path directory;

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void a_full_file_is_set_aside_and_a_new_one_begun() throws IOException {
        Path path = directory.resolve("x.log");
        LogFile file = new LogFile(path, 10);

        assertThat(file.append(line("1234"), NOON)).isFalse();
        assertThat(file.append(line("5678"), NOON)).isFalse();
        assertThat(file.append(line("9"), NOON)).isTrue();

        String aside = "x.20260129T120000.000-" + ProcessHandle.current().pid() + ".log";
        assertThat(names()).containsExactly(aside, "x.log");
        assertThat(directory.resolve(aside)).hasContent("1234\n5678\n");
        assertThat(path).hasContent("9\n");
    }

    @Test
    void several_files_may_be_set_aside_in_one_millisecond() throws IOException {
        LogFile file = new LogFile(directory.resolve("x.log"), 1);

        for (int i = 0; i < 4; i++) {
            file.append(line("line " + i), NOON);
        }

        assertThat(names()).hasSize(4);
    }

    @Test
    void a_line_longer_than_a_file_is_written_all_the_same() throws IOException {
        LogFile file = new LogFile(directory.resolve("x.log"), 3);

        assertThat(file.append(line("much too long"), NOON)).isFalse();

        assertThat(directory.resolve("x.log")).hasContent("much too long\n");
    }

    @Test
    void it_goes_on_when_the_file_or_its_directory_was_removed() throws IOException {
        Path path = directory.resolve("inner").resolve("x.log");
        LogFile file = new LogFile(path, 100);
        file.append(line("1"), NOON);
        Files.delete(path);
        Files.delete(path.getParent());

        file.append(line("2"), NOON);

        assertThat(path).hasContent("2\n");
    }

    @Test
    void an_interrupted_thread_can_write() throws IOException {
        Path path = directory.resolve("x.log");
        Thread.currentThread().interrupt();
        try {
            new LogFile(path, 100).append(line("1"), NOON);
            new LogFile(path, 100).append(line("2"), NOON);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(path).hasContent("1\n2\n");
    }

    @Test
    void a_day_begins_a_new_file_where_that_is_asked_for() throws IOException {
        Path path = directory.resolve("x.log");
        LogFile file = new LogFile(path, 100, true);
        file.append(line("yesterday"), NOON);
        Files.setLastModifiedTime(path, FileTime.from(NOON));

        assertThat(file.append(line("later that day"), NOON.plusSeconds(11 * 3600)))
                .isFalse();
        Files.setLastModifiedTime(path, FileTime.from(NOON));
        assertThat(file.append(line("today"), NOON.plusSeconds(13 * 3600))).isTrue();

        assertThat(path).hasContent("today\n");
        assertThat(LogFile.setAside(path))
                .singleElement()
                .satisfies(aside -> assertThat(aside).hasContent("yesterday\nlater that day\n"));
    }

    @Test
    void what_was_set_aside_is_found_oldest_first_and_nothing_else() throws IOException {
        Path path = directory.resolve("x-1.log");
        LogFile file = new LogFile(path, 1);
        for (int i = 0; i < 3; i++) {
            file.append(line("line " + i), NOON.plusSeconds(i));
        }
        new LogFile(directory.resolve("x-1.0-2.log"), 1).append(line("of another"), NOON);

        List<Path> aside = LogFile.setAside(path);

        assertThat(aside).hasSize(2);
        assertThat(aside.get(0)).hasContent("line 0\n");
        assertThat(aside.get(1)).hasContent("line 1\n");
    }

    @Test
    void it_is_its_owners_alone() throws IOException {
        Path path = directory.resolve("x.log");

        new LogFile(path, 100).append(line("1"), NOON);

        assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
}
