package io.pipelinev2.optuna;

import org.jspecify.annotations.Nullable;

/** A row does not say what Optuna's rows say. The message is the rest of a sentence that begins with the row's name. */
final class MalformedRowException extends Exception {

    MalformedRowException(String message) {
        super(message);
    }

    MalformedRowException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
