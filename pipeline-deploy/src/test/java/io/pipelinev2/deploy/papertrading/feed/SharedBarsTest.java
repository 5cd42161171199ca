package io.pipelinev2.deploy.papertrading.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedBarsTest {

    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path directory;

    @Test
    void what_one_trader_writes_another_reads_once() throws Exception {
        ReceivedBar first = new ReceivedBar(0, 1000, 1.1, 1.2, 1e-9, 1.15, 3e20);
        ReceivedBar second = new ReceivedBar(1, 2000, 1, 2, 0.5, 1.5, 0);
        new SharedBars(directory)
                .tryWith(session -> session.replace(List.of(first), session.state(), FROM, FROM.plusSeconds(1)));
        SharedBars other = new SharedBars(directory);
        SharedBars.Cursor cursor = new SharedBars.Cursor();
        List<ReceivedBar> read = new ArrayList<>();

        other.tryWith(session -> session.read(cursor, read::add));
        new SharedBars(directory)
                .tryWith(session -> session.append(List.of(second), session.state(), FROM.plusSeconds(9)));
        other.tryWith(session -> {
            session.read(cursor, read::add);
            assertThat(session.state().from()).contains(FROM);
            assertThat(session.state().until()).isEqualTo(FROM.plusSeconds(9));
        });

        assertThat(read).containsExactly(first, second);
    }

    @Test
    void one_trader_at_a_time_within_this_process_too() throws Exception {
        SharedBars bars = new SharedBars(directory);
        boolean[] inner = {true};

        Thread[] threads = new Thread[1];
        assertThat(bars.tryWith(session -> {
                    threads[0] = new Thread(() -> {
                        try {
                            inner[0] = new SharedBars(directory).tryWith(other -> {});
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    });
                    threads[0].start();
                    threads[0].join();
                }))
                .isTrue();

        assertThat(inner[0]).isFalse();
        assertThat(bars.tryWith(session -> {})).isTrue();
    }

    @Test
    void a_trader_that_dies_with_the_lock_gives_it_up() throws Exception {
        SharedBars bars = new SharedBars(directory);
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(said.readLine()).isEqualTo("held");
            assertThat(bars.tryWith(session -> {})).isFalse();
        } finally {
            holder.destroyForcibly().waitFor();
        }

        assertThat(bars.tryWith(session -> assertThat(session.state()).isEqualTo(SharedState.NONE)))
                .isTrue();
        assertThat(Files.exists(directory.resolve("lock"))).isTrue();
    }

    /** Holds the lock until it is killed, or its input ends with the test. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            new SharedBars(Path.of(arguments[0])).tryWith(session -> {
                System.out.println("held");
                System.in.read();
            });
        }
    }
}
