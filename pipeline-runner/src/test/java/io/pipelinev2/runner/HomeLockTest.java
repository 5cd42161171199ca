package io.pipelinev2.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HomeLockTest {

    @TempDir
    private Path home;

    @Test
    void one_holder_at_a_time_and_the_other_is_told_who() {
        try (HomeLock lock = HomeLock.take(home, "daemon")) {
            assertThat(lock.what()).isEqualTo("daemon");
            assertThat(lock.isFor(home)).isTrue();
            assertThat(lock.isFor(home.resolve("x"))).isFalse();
            assertThat(HomeLock.tryTake(home, "once")).isEmpty();
            assertThatThrownBy(() -> HomeLock.take(home, "once"))
                    .isInstanceOf(HomeLock.HomeHeldException.class)
                    .hasMessageContaining(
                            "daemon, pid " + ProcessHandle.current().pid());
        }
        HomeLock.take(home, "once").close();
    }

    @Test
    void being_refused_in_the_same_process_does_not_open_the_home_to_others() {
        try (HomeLock lock = HomeLock.take(home, "daemon")) {
            assertThatThrownBy(() -> HomeLock.take(home, "once")).isInstanceOf(HomeLock.HomeHeldException.class);
            assertThat(HomeLock.heldBy(home))
                    .contains("daemon, pid " + ProcessHandle.current().pid());

            assertThat(AnotherProcess.finds(home.resolve("state/daemon.lock"))).isTrue();
            assertThat(lock.isFor(home)).isTrue();
        }
        assertThat(HomeLock.heldBy(home)).isEmpty();
    }

    @Test
    void a_holder_that_is_killed_frees_the_home() {
        try (AnotherProcess other = AnotherProcess.holding(home, "once")) {
            assertThatThrownBy(() -> HomeLock.take(home, "daemon"))
                    .isInstanceOf(HomeLock.HomeHeldException.class)
                    .hasMessage(
                            "The home %s is held by once, pid %d. Only one process may supervise a home;"
                                    + " use `status` to look at it, or stop that process.",
                            home, other.pid());
            assertThat(HomeLock.heldBy(home)).contains("once, pid " + other.pid());
            other.kill();
            HomeLock.take(home, "daemon").close();
        }
    }

    @Test
    void a_command_that_holds_the_home_for_a_moment_is_waited_for() {
        AnotherProcess command = AnotherProcess.holding(home, HomeLock.COMMAND);
        Thread taker = new Thread(() -> HomeLock.take(home, "daemon").close());
        AtomicReference<Throwable> failure = new AtomicReference<>();
        taker.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
        taker.start();
        await().until(() -> taker.getState() == Thread.State.TIMED_WAITING);
        command.close();
        await().until(() -> !taker.isAlive());
        assertThat(failure.get()).isNull();
    }

    @Test
    void asking_who_holds_a_home_makes_no_files() {
        assertThat(HomeLock.heldBy(home)).isEmpty();
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void what_it_makes_is_for_its_owner_alone() throws Exception {
        try (HomeLock lock = HomeLock.take(home, "test")) {
            assertThat(lock.isFor(home)).isTrue();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("state"))))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void a_home_that_cannot_be_written_to_is_named() throws IOException {
        Files.writeString(home.resolve("state"), "in the way");
        assertThatThrownBy(() -> HomeLock.take(home, "daemon"))
                .isInstanceOf(HomeLock.HomeUnavailableException.class)
                .hasMessageContaining(home.toString());
    }
}
