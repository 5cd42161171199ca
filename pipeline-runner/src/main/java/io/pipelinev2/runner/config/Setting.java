package io.pipelinev2.runner.config;

import org.jspecify.annotations.Nullable;

/**
 * One value of the configuration, and where it comes from.
 *
 * @param key its place in the file, such as {@code stages.deploy.max_deployed}
 * @param value as the file has it, or the default; of strings, numbers, booleans, lists, maps and null, and without
 *     passwords
 * @param origin {@code default}, {@code file}, {@code environment} or {@code flag}
 * @param place the line of the file, the variable or the flag; null for a default
 */
public record Setting(
        String key,
        @Nullable Object value,
        String origin,
        @Nullable String place) {

    static final String DEFAULT = "default";
    static final String FILE = "file";
    static final String ENVIRONMENT = "environment";
    static final String FLAG = "flag";
}
