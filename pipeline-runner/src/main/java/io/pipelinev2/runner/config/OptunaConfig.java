package io.pipelinev2.runner.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the trials come from: the block {@code optuna}.
 *
 * @param storage Optuna's URL, or the path of a file; what is relative in it is relative to the home
 * @param studies names or patterns of the studies to follow, at least one
 */
public record OptunaConfig(String storage, List<String> studies) {

    private static final Rule<List<String>> STUDIES = Rule.each(Rule.NOT_BLANK);

    /** Where trials come from elsewhere. */
    static final OptunaConfig NONE = new OptunaConfig("(none)", List.of("*"));

    public OptunaConfig {
        Rule.NOT_BLANK.require("storage", storage);
        studies = List.copyOf(studies);
        STUDIES.require("studies", studies);
    }

    /** @param fallback the storage if the file names none */
    static OptunaConfig read(Options options, @Nullable String fallback) {
        if (!options.has("storage") && fallback == null) {
            options.missing(
                    "storage",
                    "write where Optuna keeps its trials, such as \"sqlite:///databases/optuna.db\", or set the environment"
                            + " variable OPTUNA_DB to the path of its SQLite file");
        }
        if (!options.has("storage") && fallback != null) {
            options.fromEnvironment("storage", "OPTUNA_DB");
        }
        String storage = options.text("storage", fallback == null ? "missing" : fallback, Rule.NOT_BLANK);
        List<String> studies = options.value("studies", List.of("*"), Kind.TEXT.list(), STUDIES);
        options.refuseUnknown();
        return new OptunaConfig(storage, studies);
    }

    /** Without the password that a URL may hold. */
    @Override
    public String toString() {
        return "OptunaConfig[storage=%s, studies=%s]".formatted(Shown.masked(storage), studies);
    }
}
