package io.pipelinev2.runner;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.store.InMemoryPipelineStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateBindingTest {

    @TempDir
    private Path home;

    private final InMemoryPipelineStore store = new InMemoryPipelineStore();

    @Test
    void a_state_directory_goes_with_one_database() {
        Path state = home.resolve("state");
        StateBinding.check(state, store);
        assertThatCode(() -> StateBinding.check(state, store)).doesNotThrowAnyException();

        assertThatThrownBy(() -> StateBinding.check(state, new InMemoryPipelineStore()))
                .isInstanceOf(HomeLock.HomeUnavailableException.class)
                .hasMessageContaining(state.toString())
                .hasMessageContaining("belongs to another database")
                .hasMessageContaining("move the directory away");
    }

    @Test
    void a_state_directory_that_was_moved_away_is_begun_anew() throws IOException {
        Path state = home.resolve("state");
        StateBinding.check(state, store);
        Files.move(state, home.resolve("old-state"));
        StateBinding.check(state, store);
        assertThatCode(() -> StateBinding.check(state, store)).doesNotThrowAnyException();
    }
}
