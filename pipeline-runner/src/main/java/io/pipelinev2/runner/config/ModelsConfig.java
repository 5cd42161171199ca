package io.pipelinev2.runner.config;

import java.time.Duration;

/**
 * Where the trained models are: the block {@code models}.
 *
 * @param directory template of a trial's model directory, which may hold <code>{number}</code>, <code>{study}</code> and
 *     <code>{study_id}</code>; once filled in, and not before, it is resolved against the home if it is relative
 * @param grace how long a finished trial may wait for its model
 */
public record ModelsConfig(String directory, Duration grace) {

    private static final Placeholders PLACEHOLDERS = new Placeholders("number", "study", "study_id");
    private static final Rule<String> DIRECTORY = new Rule<>(
            text -> Rule.PATH.holds().test(text) && PLACEHOLDERS.unknownIn(text).isEmpty(),
            "a path in which the words in braces are of " + String.join(", ", PLACEHOLDERS.known()));

    public ModelsConfig {
        DIRECTORY.require("directory", directory);
        Rule.NOT_NEGATIVE.require("grace", grace);
    }

    static ModelsConfig read(Options options) {
        ModelsConfig models = new ModelsConfig(
                options.text("directory", "train_results/cwd_tests/trial_{number}_1h", DIRECTORY),
                options.duration("grace", Duration.ZERO, Rule.NOT_NEGATIVE));
        options.refuseUnknown();
        return models;
    }
}
