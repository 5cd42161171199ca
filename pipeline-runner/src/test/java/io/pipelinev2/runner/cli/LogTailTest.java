package io.pipelinev2.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {

    private static final String GAP = "(gap)";

    @TempDir
    private Path directory;

    private final List<String> read = new ArrayList<>();
    private Path log;

    @BeforeEach
    void setUp() {
        log = directory.resolve("x.log");
    }

    private void write(String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private LogTail capped() {
        return LogTail.ofCapped(log, read::add, () -> read.add(GAP));
    }

    private LogTail renamed() {
        return new LogTail(log, this::aside, read::add, () -> read.add(GAP));
    }

    private List<Path> aside() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.equals(log)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void what_was_set_aside_comes_first() throws IOException {
        Files.writeString(directory.resolve("x.1.log"), "1\n");
        Files.writeString(directory.resolve("x.2.log"), "2\n");
        write("3\nunfinished");
        LogTail tail = renamed();

        tail.read();
        tail.end();

        assertThat(read).containsExactly("1", "2", "3", "unfinished");
    }

    @Test
    void a_log_that_was_emptied_goes_on_where_it_was() throws IOException {
        write("1\n2");
        LogTail tail = capped();
        tail.read();
        write("2\n3\n");
        Files.copy(log, directory.resolve("x.log.1"));
        Files.writeString(log, "4\n");

        tail.read();

        assertThat(read).containsExactly("1", "22", "3", "4");
    }

    @Test
    void a_log_that_was_renamed_goes_on_even_if_the_new_one_is_longer_already() throws IOException {
        write("1\n");
        LogTail tail = renamed();
        tail.read();
        write("2\n");
        Files.move(log, directory.resolve("x.1.log"));
        write("3\n");
        Files.move(log, directory.resolve("x.2.log"));
        write("4\n5\n6\n");

        tail.read();

        assertThat(read).containsExactly("1", "2", "3", "4", "5", "6");
    }

    @Test
    void what_is_lost_is_said() throws IOException {
        write("1\n2\n");
        LogTail tail = capped();
        tail.read();
        Files.writeString(log, "9\n");

        tail.read();

        assertThat(read).containsExactly("1", "2", GAP, "9");
    }

    @Test
    void a_log_that_is_not_there_yet_is_waited_for() throws IOException {
        LogTail tail = capped();
        tail.read();
        assertThat(tail.exists()).isFalse();
        write("1\n");

        tail.read();

        assertThat(read).containsExactly("1");
    }
}
