package io.pipelinev2.backtest.policy;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The model that a directory effectively stands for: {@code actor.pth} if it is there, else {@code actor.onnx}.
 *
 * <p>The original loads {@code actor.pth} and then {@code act_target.pth} into the same network, so where both exist the
 * second one wins. They are written together and are equal unless a crash came in between; when they differ the target
 * is used, as in the original, with a warning. Other files, such as critics, optimizers and earlier checkpoints, are never
 * taken for the actor.
 *
 * @param model the effective model
 * @param warnings what a reader of the results should know, in sentences
 */
public record ModelDirectory(ActorModel model, List<String> warnings) {

    private static final String ACTOR = "actor.pth";
    private static final String ONNX = "actor.onnx";
    private static final String TARGET = "act_target.pth";

    private static final String STORED_AGENT = "stored_agent";
    private static final Pattern TRIAL = Pattern.compile("(trial_\\d+)(?:_(?!rerun_)(.+))?");
    private static final int MAX_NAMED = 3;

    /** Takes its own copy of the warnings. */
    public ModelDirectory {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads the directory.
     *
     * @throws NoSuchFileException when the directory or a model in it does not exist; the reason names what is there
     *     instead
     * @throws IOException when a file cannot be read; a later attempt may succeed
     * @throws CheckpointException when a file was read and is not an actor that can be played
     * @throws OnnxRuntimeUnavailableException when the model is ONNX and there is nothing to play that with
     */
    public static ModelDirectory read(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            throw missing(directory, directory + " does not exist" + elsewhere(directory));
        }
        Path file = directory.resolve(ACTOR);
        if (Files.notExists(file)) {
            Path onnx = directory.resolve(ONNX);
            if (Files.notExists(onnx)) {
                throw missing(
                        file,
                        directory + " has no " + ACTOR + " and no " + ONNX + others(directory) + elsewhere(directory));
            }
            return new ModelDirectory(OnnxModel.read(onnx), List.of());
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

    private static NoSuchFileException missing(Path what, String reason) {
        return new NoSuchFileException(what.toString(), null, "no model: " + reason);
    }

    /** What lies there instead and is easily mistaken for the model. */
    private static String others(Path directory) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.{pth,onnx}")) {
            files.forEach(file -> names.add(ModelFile.printable(String.valueOf(file.getFileName()), 60)));
        } catch (IOException | DirectoryIteratorException unreadable) {
            return "";
        }
        if (names.isEmpty()) {
            return "";
        }
        names.sort(null);
        String shown = String.join(", ", names.subList(0, Math.min(names.size(), MAX_NAMED)));
        return " (it has " + shown + (names.size() > MAX_NAMED ? ", ..." : "") + ", which "
                + (names.size() == 1 ? "is" : "are") + " not taken for it)";
    }

    /** Where the original would have looked next: named, but never loaded, since it may be the model of another training. */
    private static String elsewhere(Path directory) {
        List<Path> places = new ArrayList<>(List.of(directory.resolve(STORED_AGENT)));
        Matcher trial = TRIAL.matcher(String.valueOf(directory.getFileName()));
        if (trial.matches()) {
            if (trial.group(2) != null) {
                places.add(directory.resolveSibling(trial.group(1) + "_rerun_" + trial.group(2)));
                places.add(directory.resolveSibling(trial.group(1)));
            }
        }
        for (Path place : places) {
            for (String name : List.of(ACTOR, ONNX)) {
                Path candidate = place.resolve(name);
                if (Files.isRegularFile(candidate)) {
                    return ", but there is " + candidate + "; if that is this trial's model, copy or link it to "
                            + directory.resolve(name);
                }
            }
        }
        return "";
    }
}
