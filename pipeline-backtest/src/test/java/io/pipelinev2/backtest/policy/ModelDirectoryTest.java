package io.pipelinev2.backtest.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.backtest.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDirectoryTest {

    @TempDir
    Path directory;

    @Test
    void equal_weights_in_archives_of_different_bytes_are_no_reason_to_warn() throws IOException {
        // Written by torch in one call: the archives differ in the name of their root folder only.
        ModelDirectory model = ModelDirectory.read(Fixtures.trial(1));

        assertThat(model.warnings()).isEmpty();
        assertThat(model.checkpoint().name()).endsWith("actor.pth");
    }

    @Test
    void a_target_with_other_weights_is_used_with_a_warning() throws IOException {
        byte[] target = TorchArchive.small()
                .tensor("net.0.bias", "FloatStorage", new float[3], 0, new int[] {3}, new int[] {1})
                .bytes();
        Files.write(directory.resolve("actor.pth"), TorchArchive.small().bytes());
        Files.write(directory.resolve("act_target.pth"), target);

        ModelDirectory model = ModelDirectory.read(directory);

        assertThat(model.warnings()).singleElement().asString().contains("act_target.pth was used");
        assertThat(model.checkpoint().bytes()).isEqualTo(target);
    }

    @Test
    void what_is_missing_is_named() {
        assertThatThrownBy(() -> ModelDirectory.read(directory.resolve("trial_9_1h")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("trial_9_1h does not exist");
        assertThatThrownBy(() -> ModelDirectory.read(directory))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("has no actor.pth");
    }
}
