package io.pipelinev2.runner.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogBudgetTest {

    private static final Instant NOW = Instant.ofEpochMilli(10);
    private static final Duration AGE = Duration.ofHours(1);

    @TempDir
    private Path directory;

    private Path file(String name, int bytes, long modified) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[bytes]);
        return Files.setLastModifiedTime(file, FileTime.fromMillis(modified));
    }

    @Test
    void what_was_written_to_least_recently_goes_first() throws IOException {
        Path active = file("pipeline.log", 1000, 1);
        Path oldest = file("pipeline.20260101T000000.000-1.log", 40, 2);
        Path older = file("trials/a-1.log", 40, 3);
        Path newer = file("pipeline.20260103T000000.000-1.log", 40, 4);
        Path newest = file("trials/a-2.log", 40, 5);

        new LogBudget(directory, directory.resolve("trials"), 90, AGE).enforce(NOW);

        assertThat(oldest).doesNotExist();
        assertThat(older).doesNotExist();
        assertThat(newer).exists();
        assertThat(newest).exists();
        assertThat(active).exists();
    }

    @Test
    void what_is_too_old_goes_although_there_is_room() throws IOException {
        Path active = file("pipeline.log", 10, 1);
        Path old = file("pipeline.20260101T000000.000-1.log", 10, 2);
        Path oldTrial = file("trials/a-1.log", 10, 3);
        Path young = file("trials/a-2.log", 10, 4);

        Instant now = Instant.ofEpochMilli(4).plus(AGE);
        new LogBudget(directory, directory.resolve("trials"), 1000, AGE).enforce(now);

        assertThat(old).doesNotExist();
        assertThat(oldTrial).doesNotExist();
        assertThat(young).exists();
        assertThat(active).exists();
    }

    @Test
    void other_files_are_not_touched() throws IOException {
        Path notes = file("notes.log", 100, 1);
        Path state = file("pipeline.db", 100, 1);
        Path inner = file("trials/readme.txt", 100, 1);

        new LogBudget(directory, directory.resolve("trials"), 0, AGE).enforce(NOW);

        assertThat(notes).exists();
        assertThat(state).exists();
        assertThat(inner).exists();
    }

    @Test
    void directories_that_are_not_there_are_within_any_budget() throws IOException {
        new LogBudget(directory.resolve("x"), directory.resolve("y"), 0, AGE).enforce(NOW);

        assertThat(directory).isEmptyDirectory();
    }
}
