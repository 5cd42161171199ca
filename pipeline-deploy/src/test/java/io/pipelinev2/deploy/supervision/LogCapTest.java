package io.pipelinev2.deploy.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The output of real processes, cut while they write it. */
class LogCapTest {

    private static final long CAP = 2_000_000;

    @TempDir
    Path directory;

    private LogCap cap;
    private Process process;

    @AfterEach
    void nothing_is_left_running() throws Exception {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
        if (cap != null) {
            cap.close();
        }
    }

    private Path log() {
        return directory.resolve("1-7-3.1.log");
    }

    private void start(long total, String script) throws IOException {
        CappedLog.create(log());
        process = new ProcessBuilder("/bin/sh", "-c", script)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        cap = new LogCap(new LogLimits(CAP, total), directory);
        cap.watch(3, log());
    }

    @Test
    void a_flood_stays_within_its_cap_and_what_was_dropped_is_counted() throws Exception {
        start(CAP, "while :; do yes 0123456789012345678901234567890123456789 | head -c 500000; sleep 0.01; done");
        AtomicLong largest = new AtomicLong();

        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    long together = size(log()) + size(CappedLog.pieceOf(log()));
                    largest.accumulateAndGet(together, Math::max);
                    return cap.lost(3) > 10 * CAP;
                });

        // Half a cap may be written between two looks of a thread that has to wait for a processor.
        assertThat(largest.get()).isLessThan(3 * CAP);
        process.destroyForcibly().waitFor();
        cap.release(3);
        assertThat(size(log())).isLessThanOrEqualTo(CAP);
        assertThat(Files.readString(log()))
                .startsWith("[... ")
                .contains("bytes dropped by the cap of 2000000 bytes ...]");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(CappedLog.pieceOf(log()))))
                .isEqualTo("rw-------");
    }

    @Test
    void what_was_written_is_kept_or_counted() throws Exception {
        start(CAP, "yes 0123456789 | head -c 1500000; echo the end; exec sleep 100");

        await().until(() -> size(CappedLog.pieceOf(log())) > 0);
        process.destroyForcibly().waitFor();
        cap.release(3);

        long said = Files.readAllLines(log()).stream()
                .filter(line -> line.startsWith("[... "))
                .mapToLong(line -> line.length() + 1)
                .sum();
        assertThat(size(log()) - said + size(CappedLog.pieceOf(log())) + cap.lost(3))
                .isEqualTo(1_500_008);
    }

    @Test
    void a_link_in_the_place_of_a_log_is_not_followed() throws Exception {
        Path precious = Files.write(directory.resolve("precious"), new byte[(int) CAP]);
        start(CAP, "exec sleep 100");
        Files.delete(log());
        Files.createSymbolicLink(log(), precious);

        cap.release(3);
        cap.watch(3, log());
        cap.release(3);

        assertThat(size(precious)).isEqualTo(CAP);
    }

    @Test
    void logs_of_ended_starts_make_room_the_oldest_first_and_a_live_one_never_does() throws Exception {
        Path oldest = old("1-7-2.1.log", 1);
        Path newer = old("1-7-2.2.log", 2);
        Path other = old("notes.txt", 0);
        Files.write(log(), new byte[10]);
        Files.setLastModifiedTime(log(), FileTime.fromMillis(0));
        cap = new LogCap(new LogLimits(CAP, 3 * CAP / 2), directory);

        cap.watch(3, log());
        cap.allAreWatched();

        await().until(() -> !Files.exists(oldest));
        assertThat(newer).exists();
        assertThat(other).exists();
        assertThat(log()).exists();
    }

    @Test
    void before_all_live_logs_are_known_none_is_deleted() throws Exception {
        Path ofALiveOne = old("1-7-2.1.log", 1);
        start(CAP, "yes 0123456789 | head -c 1500000; exec sleep 100");

        // It has looked at all, so it would have deleted what it does not know.
        await().until(() -> size(CappedLog.pieceOf(log())) > 0);
        cap.release(3);
        assertThat(ofALiveOne).exists();
        cap.watch(2, ofALiveOne);
        cap.allAreWatched();
        assertThat(ofALiveOne).exists();
    }

    private Path old(String name, long modified) throws IOException {
        Path file = Files.write(directory.resolve(name), new byte[(int) CAP * 9 / 10]);
        Files.setLastModifiedTime(file, FileTime.fromMillis(modified));
        return file;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException none) {
            return 0;
        }
    }
}
