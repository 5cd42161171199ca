package io.pipelinev2.backtest.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The weights that a model directory effectively stands for.
 *
 * <p>The original loads {@code actor.pth} and then {@code act_target.pth} into the same network, so where both exist the
 * second one wins. They are written together and are equal unless a crash came in between; when they differ the target
 * is used, as in the original, with a warning.
 *
 * @param checkpoint the effective weights
 * @param warnings what a reader of the results should know, in sentences
 */
public record ModelDirectory(ActorCheckpoint checkpoint, List<String> warnings) {

    private static final String ACTOR = "actor.pth";
    private static final String TARGET = "act_target.pth";

    /** Takes its own copy of the warnings. */
    public ModelDirectory {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads the directory.
     *
     * @throws NoSuchFileException when the directory or its {@code actor.pth} does not exist
     * @throws IOException when a file cannot be read; a later attempt may succeed
     * @throws CheckpointException when a file was read and is not an actor that can be played
     */
    public static ModelDirectory read(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            throw new NoSuchFileException(directory.toString(), null, "no model: " + directory + " does not exist");
        }
        Path file = directory.resolve(ACTOR);
        if (Files.notExists(file)) {
            throw new NoSuchFileException(file.toString(), null, "no model: " + directory + " has no " + ACTOR);
        }
        ActorCheckpoint actor = ActorCheckpoint.read(file);
        Path targetFile = directory.resolve(TARGET);
        if (Files.notExists(targetFile)) {
            return new ModelDirectory(actor, List.of());
        }
        ActorCheckpoint target = ActorCheckpoint.read(targetFile);
        if (target.sameWeightsAs(actor)) {
            return new ModelDirectory(actor, List.of());
        }
        return new ModelDirectory(
                target,
                List.of(directory + " has " + ACTOR + " and " + TARGET + " with different weights; " + TARGET
                        + " was used, as the original does. A crash during saving leaves such a pair."));
    }
}
