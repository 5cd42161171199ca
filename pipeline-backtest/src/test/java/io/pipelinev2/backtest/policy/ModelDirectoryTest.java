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
        assertThat(model.model().name()).endsWith("actor.pth");
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
        assertThat(model.model().bytes()).isEqualTo(target);
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

    @Test
    void torch_wins_over_onnx_and_onnx_is_used_where_it_is_alone() throws IOException {
        Files.write(directory.resolve("actor.onnx"), OnnxFiles.small());
        assertThat(ModelDirectory.read(directory).model()).isInstanceOf(OnnxModel.class);

        Files.write(directory.resolve("actor.pth"), TorchArchive.small().bytes());
        ModelDirectory both = ModelDirectory.read(directory);
        assertThat(both.model()).isInstanceOf(ActorCheckpoint.class);
        assertThat(both.warnings()).isEmpty();

        // Never silently the other one: what is there and broken has to be looked at.
        Files.write(directory.resolve("actor.pth"), new byte[10]);
        assertThatThrownBy(() -> ModelDirectory.read(directory)).isInstanceOf(CheckpointException.class);
    }

    @Test
    void other_files_are_named_and_not_taken_for_the_model() throws IOException {
        byte[] actor = TorchArchive.small().bytes();
        Files.write(directory.resolve("critic.pth"), actor);
        assertMissing(directory, "(it has critic.pth, which is not taken for it)");

        for (String name : new String[] {"act_target.pth", "act_optim.pth", "actor_00012345_001.234.pth"}) {
            Files.write(directory.resolve(name), actor);
        }
        assertMissing(
                directory,
                "has no actor.pth and no actor.onnx",
                "(it has act_optim.pth, act_target.pth, actor_00012345_001.234.pth, ..., which are not taken for it)");
    }

    @Test
    void where_the_original_would_have_looked_next_is_named_and_not_loaded() throws IOException {
        Path trial = directory.resolve("trial_7_1h");
        Path shortName = give("trial_7/actor.onnx", OnnxFiles.small());
        assertMissing(trial, "trial_7_1h does not exist", "there is " + shortName, trial.resolve("actor.onnx") + "");

        Path rerun = give("trial_7_rerun_1h/actor.pth", TorchArchive.small().bytes());
        assertMissing(trial, "there is " + rerun, "copy or link it to " + trial.resolve("actor.pth"));

        Path stored =
                give("trial_7_1h/stored_agent/actor.pth", TorchArchive.small().bytes());
        assertMissing(trial, "has no actor.pth", "there is " + stored);

        assertMissing(directory.resolve("trial_77_1h"), "trial_77_1h does not exist");
        assertThatThrownBy(() -> ModelDirectory.read(directory.resolve("trial_77_1h")))
                .message()
                .doesNotContain("there is");
    }

    private Path give(String name, byte[] content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private static void assertMissing(Path directory, String... words) {
        assertThatThrownBy(() -> ModelDirectory.read(directory))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContainingAll(words);
    }
}
