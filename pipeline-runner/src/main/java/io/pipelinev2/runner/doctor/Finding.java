package io.pipelinev2.runner.doctor;

import org.jspecify.annotations.Nullable;

/**
 * What a look came to.
 *
 * @param level how bad it is
 * @param message what is so, in words
 * @param fix the next step, in words or as a command or line to put somewhere; null if there is nothing to do
 */
public record Finding(Level level, String message, @Nullable String fix) {

    public Finding {
        if ((fix == null) != (level == Level.OK)) {
            throw new IllegalArgumentException("a fix belongs to everything that is not as it should be: " + message);
        }
    }

    public static Finding ok(String message) {
        return new Finding(Level.OK, message, null);
    }

    public static Finding warn(String message, String fix) {
        return new Finding(Level.WARN, message, fix);
    }

    public static Finding fail(String message, String fix) {
        return new Finding(Level.FAIL, message, fix);
    }
}
