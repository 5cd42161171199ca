package io.pipelinev2.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The lock as other processes see it: the kernel lets go of it when any channel to its file is closed here. */
@Timeout(60)
class KernelLockTest {

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void a_file() {
        file = directory.resolve("x.lock");
    }

    @Test
    void a_second_try_in_the_same_process_does_not_end_the_lock() throws IOException {
        try (KernelLock lock = KernelLock.tryTake(file, "daemon, pid 1").orElseThrow()) {
            assertThat(AnotherProcess.finds(file)).isTrue();

            assertThat(KernelLock.tryTake(file, "once, pid 1")).isEmpty();
            assertThat(KernelLock.holder(file)).isEqualTo("daemon, pid 1");
            assertThat(KernelLock.isHeldHere(file)).isTrue();

            assertThat(AnotherProcess.finds(file)).isTrue();
            assertThat(lock.isValid()).isTrue();
        }
        assertThat(KernelLock.isHeldHere(file)).isFalse();
        assertThat(AnotherProcess.finds(file)).isFalse();
    }

    @Test
    void nor_does_one_by_another_path_to_the_same_file() throws IOException {
        Path home = Files.createDirectory(directory.resolve("home"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), home);
        Path locked = home.resolve("x.lock");
        try (KernelLock lock = KernelLock.tryTake(locked, "daemon, pid 1").orElseThrow()) {
            for (Path same : new Path[] {link.resolve("x.lock"), link.resolve("../home/./x.lock")}) {
                assertThat(KernelLock.tryTake(same, "once, pid 1")).isEmpty();
                assertThat(KernelLock.isHeldHere(same)).isTrue();
                assertThat(KernelLock.holder(same)).isEqualTo("daemon, pid 1");
            }
            assertThat(AnotherProcess.finds(locked)).isTrue();
            assertThat(lock.isValid()).isTrue();
        }
    }

    @Test
    void a_renamed_lock_is_held_under_its_new_name_alone() throws IOException {
        Path renamed = directory.resolve("y.lock");
        try (KernelLock lock = KernelLock.tryTake(file, "worker, pid 1").orElseThrow()) {
            lock.rename(renamed);

            assertThat(file).doesNotExist();
            assertThat(KernelLock.isHeldHere(file)).isFalse();
            assertThat(KernelLock.tryTake(renamed, "worker, pid 2")).isEmpty();
            assertThat(KernelLock.holder(renamed)).isEqualTo("worker, pid 1");
            assertThat(AnotherProcess.finds(renamed)).isTrue();
        }
        assertThat(AnotherProcess.finds(renamed)).isFalse();
    }

    @Test
    void the_file_says_who_holds_it_and_says_so_still_when_another_was_refused() throws IOException {
        Files.createDirectories(directory.resolve("state"));
        Path locked = directory.resolve("state/daemon.lock");
        try (AnotherProcess other = AnotherProcess.holding(directory, "daemon")) {
            String holder = "daemon, pid " + other.pid();
            assertThat(KernelLock.holder(locked)).isEqualTo(holder);
            assertThat(KernelLock.tryTake(locked, "once, pid 1")).isEmpty();
            assertThat(KernelLock.holder(locked)).isEqualTo(holder);
            assertThat(KernelLock.isHeldHere(locked)).isFalse();
        }
    }

    @Test
    void asking_changes_nothing_and_does_not_end_the_lock() throws IOException {
        assertThat(KernelLock.isHeld(file)).isFalse();
        assertThat(file).doesNotExist();
        try (KernelLock lock = KernelLock.tryTake(file, "daemon, pid 1").orElseThrow()) {
            assertThat(KernelLock.isHeld(file)).isTrue();
            assertThat(lock.isValid()).isTrue();
            assertThat(AnotherProcess.finds(file)).isTrue();
        }
        assertThat(KernelLock.isHeld(file)).isFalse();
        assertThat(file).hasContent("daemon, pid 1");
        try (AnotherProcess other = AnotherProcess.holding(directory, "daemon")) {
            Path locked = directory.resolve("state/daemon.lock");
            assertThat(KernelLock.isHeld(locked)).isTrue();
            other.kill();
            assertThat(KernelLock.isHeld(locked)).isFalse();
        }
    }

    @Test
    void a_shorter_holder_leaves_nothing_of_a_longer_one() throws IOException {
        KernelLock.tryTake(file, "a holder with many words").orElseThrow().close();
        try (KernelLock lock = KernelLock.tryTake(file, "short").orElseThrow()) {
            assertThat(lock.isValid()).isTrue();
            assertThat(file).hasContent("short");
        }
    }

    @Test
    void a_file_that_is_not_there_is_held_by_nobody() {
        assertThat(KernelLock.holder(file)).isEmpty();
        assertThat(KernelLock.isHeldHere(directory.resolve("nowhere/x.lock"))).isFalse();
        assertThat(file).as("looking does not make it").doesNotExist();
    }

    @Test
    void a_process_that_is_killed_frees_it() throws IOException {
        try (AnotherProcess other = AnotherProcess.holding(directory, "daemon")) {
            Path locked = directory.resolve("state/daemon.lock");
            assertThat(KernelLock.tryTake(locked, "")).isEmpty();
            other.kill();
            KernelLock.tryTake(locked, "next").orElseThrow().close();
        }
    }
}
