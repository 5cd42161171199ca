package io.pipelinev2.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedRunTest {

    private final ProcessTable table = new ProcessTable();

    @TempDir
    private Path directory;

    private BoundedRun start(String script, Map<String, String> environment) throws IOException {
        Path input = Files.writeString(directory.resolve("input"), "what it reads");
        return BoundedRun.start(
                table,
                new BoundedRun.Request(
                        List.of("sh", "-c", script),
                        directory,
                        environment,
                        directory,
                        input,
                        directory.resolve("output"),
                        directory.resolve("errors")));
    }

    private long awaitPid(String file) {
        await().until(() -> Files.exists(directory.resolve(file))
                && Files.readString(directory.resolve(file)).endsWith("\n"));
        try {
            return Long.parseLong(Files.readString(directory.resolve(file)).trim());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private boolean runs(long pid) {
        return table.stat(pid).filter(stat -> !stat.isDead()).isPresent();
    }

    @Test
    void it_reads_and_writes_files_and_its_exit_code_is_known() throws Exception {
        try (BoundedRun run = start("cat; echo \"$WORD\" >&2; exit 3", Map.of("WORD", "given"))) {
            assertThat(run.process().waitFor()).isEqualTo(3);
        }
        assertThat(directory.resolve("output")).hasContent("what it reads");
        assertThat(directory.resolve("errors")).hasContent("given");
    }

    @Test
    void closing_it_kills_whatever_tried_to_get_away() throws Exception {
        BoundedRun run = start(
                "env -i setsid sleep 600 & echo $! > away; (trap '' TERM; sleep 600) & echo $! > stubborn; sleep 600",
                Map.of());
        long away = awaitPid("away");
        long stubborn = awaitPid("stubborn");
        run.close();
        assertThat(runs(away)).isFalse();
        assertThat(runs(stubborn)).isFalse();
        assertThat(run.process().waitFor()).isEqualTo(128 + 9);
        run.close();
    }

    @Test
    void it_can_be_closed_by_a_thread_that_was_interrupted_and_stays_so() throws Exception {
        BoundedRun run = start("echo $$ > child; sleep 600", Map.of());
        long child = awaitPid("child");
        Thread.currentThread().interrupt();
        run.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(runs(child)).isFalse();
    }

    @Test
    void what_is_left_of_a_run_is_found_by_its_directory_alone() throws Exception {
        start("sleep 600 & echo $! > grandchild; echo $$ > child; sleep 600", Map.of());
        long grandchild = awaitPid("grandchild");
        long child = awaitPid("child");
        Path other = Files.createDirectory(directory.resolve("other"));
        BoundedRun.endAll(table, other);
        assertThat(runs(child)).isTrue();
        BoundedRun.endAll(table, directory);
        assertThat(runs(child)).isFalse();
        assertThat(runs(grandchild)).isFalse();
    }

    @Test
    void an_option_is_no_program() {
        assertThatThrownBy(() -> new BoundedRun.Request(
                        List.of("-c", "x"), directory, Map.of(), directory, directory, directory, directory))
                .hasMessageContaining("must begin with a program");
    }
}
