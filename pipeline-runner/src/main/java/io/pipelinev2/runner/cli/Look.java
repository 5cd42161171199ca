package io.pipelinev2.runner.cli;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a reading command has read.
 *
 * @param json for programs
 * @param text for people, with its last line's end
 * @param exitCode what the command exits with
 */
record Look(Map<String, ? extends @Nullable Object> json, Function<Page, String> text, int exitCode) {

    Look(Map<String, ? extends @Nullable Object> json, Function<Page, String> text) {
        this(json, text, ExitCode.OK);
    }
}
