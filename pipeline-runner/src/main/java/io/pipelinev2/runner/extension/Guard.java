package io.pipelinev2.runner.extension;

import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.config.UserStage;
import java.util.ServiceConfigurationError;
import org.jspecify.annotations.Nullable;

/** What is said of foreign code that threw, and which of it is ours to bear. */
final class Guard {

    private Guard() {}

    /** Throws what concerns the whole program, whoever's code it was met in. */
    static void rethrowIfFatal(Throwable thrown) {
        if (thrown instanceof OutOfMemoryError fatal) {
            throw fatal;
        }
    }

    /**
     * A type as its provider tells it.
     *
     * @throws IllegalStateException if it cannot be one
     */
    static String typeOf(@Nullable String type) {
        if (type == null || !UserStage.isName(type)) {
            throw new IllegalStateException("its type() was " + (type == null ? "null" : "'" + type + "'")
                    + " but must be " + UserStage.NAME_WORDS);
        }
        return type;
    }

    /** What kept a provider from being used, on one line, and what to do about it. */
    static String words(Throwable thrown, Class<?> service) {
        rethrowIfFatal(thrown);
        String what = cause(thrown);
        String next;
        if (thrown instanceof ServiceConfigurationError && thrown.getCause() == null) {
            next = "correct its META-INF/services/" + service.getName();
        } else if (rootIs(thrown, LinkageError.class) || rootIs(thrown, ClassNotFoundException.class)) {
            next = "put what it needs into the same jar, and compile it against this version of the program";
        } else {
            next = "correct it";
        }
        return "%s; %s, or remove the jar".formatted(what, next);
    }

    private static boolean rootIs(Throwable thrown, Class<?> type) {
        Throwable cause = thrown.getCause();
        return type.isInstance(thrown) || cause != null && cause != thrown && rootIs(cause, type);
    }

    /** The message, and those of its causes that it does not quote. */
    static String cause(Throwable thrown) {
        StringBuilder words = new StringBuilder(of(thrown));
        Throwable cause = thrown.getCause();
        for (int depth = 0; cause != null && depth < 5; depth++) {
            if (words.indexOf(of(cause)) < 0) {
                words.append(": ").append(of(cause));
            }
            cause = cause.getCause();
        }
        return InertText.of(words.toString());
    }

    private static String of(Throwable thrown) {
        String message = thrown.getMessage();
        boolean ours = thrown instanceof IllegalStateException || thrown instanceof ServiceConfigurationError;
        return message == null || message.isBlank()
                ? thrown.getClass().getName()
                : ours ? message : thrown.getClass().getName() + ": " + message;
    }
}
