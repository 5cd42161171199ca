package io.pipelinev2.backtest;

import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.core.trial.SourceTrial;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the models of trials lie.
 *
 * @param home what a relative template is resolved against
 * @param template a directory with {@code {number}}, {@code {study}} and {@code {study_id}} to be filled in
 */
public record ModelLocation(Path home, String template) {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)\\}");
    private static final List<String> KNOWN = List.of("number", "study", "study_id");

    /** Refuses unknown placeholders. */
    public ModelLocation {
        Matcher placeholders = PLACEHOLDER.matcher(template);
        while (placeholders.find()) {
            if (!KNOWN.contains(placeholders.group(1))) {
                throw new IllegalArgumentException("models.directory has the placeholder {" + placeholders.group(1)
                        + "}, but known are {number}, {study} and {study_id}: " + template);
            }
        }
    }

    /**
     * Whether trials of equal number in two studies have directories of their own. If not, such trials cannot be told
     * apart by their models.
     */
    public boolean distinguishesStudies() {
        return template.contains("{study}") || template.contains("{study_id}");
    }

    /**
     * The directory of a trial's model.
     *
     * @throws PermanentStageException when the study's name cannot be part of a path
     */
    public Path of(SourceTrial trial) {
        String study = trial.study();
        if (template.contains("{study}")
                && (study.contains("/") || study.contains("..") || study.indexOf('\0') >= 0 || study.equals("."))) {
            throw new PermanentStageException("The study name '" + study.replace('\0', '?')
                    + "' cannot be part of a directory: it has '/', '..' or NUL in it, which could lead out of"
                    + " models.directory ('" + template + "'). Use {study_id} there instead of {study}.");
        }
        // All in one pass, so that a study named "{number}" stays what it is.
        String filled = PLACEHOLDER
                .matcher(template)
                .replaceAll(placeholder -> Matcher.quoteReplacement(
                        switch (placeholder.group(1)) {
                            case "number" -> Integer.toString(trial.number());
                            case "study_id" -> Long.toString(trial.studyId());
                            default -> study;
                        }));
        try {
            return home.resolve(filled).normalize();
        } catch (InvalidPathException impossible) {
            throw new PermanentStageException(
                    "The model directory '" + filled + "' is not a possible path: " + impossible.getReason()
                            + ". Use {study_id} instead of {study} in models.directory.",
                    impossible);
        }
    }
}
