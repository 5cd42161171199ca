package io.pipelinev2.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeLockTest {

    @TempDir
    private Path home;

    @Test
    void one_holder_at_a_time_and_the_other_is_told_who() {
        try (HomeLock lock = HomeLock.take(home, "daemon")) {
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
    void a_home_that_cannot_be_written_to_is_named() throws IOException {
        Files.writeString(home.resolve("state"), "in the way");
        assertThatThrownBy(() -> HomeLock.take(home, "daemon"))
                .isInstanceOf(HomeLock.HomeUnavailableException.class)
                .hasMessageContaining(home.toString());
    }
}
