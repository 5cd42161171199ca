package io.pipelinev2.runner.http.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whose rights this process has. */
public final class Privileges {

    private Privileges() {}

    /** Why the user of a file's owner should not serve, or nothing if that is fine or not known. */
    public static Optional<String> objection(Path self) {
        try {
            return objection((Integer) Files.getAttribute(self, "unix:uid"));
        } catch (IOException | RuntimeException e) {
            // not a Linux
            return Optional.empty();
        }
    }

    public static Optional<String> objection(int user) {
        return user == 0
                ? Optional.of(
                        "The pipeline runs as root: whoever gets hold of the access token, a model or a stage's command"
                                + " has the whole machine. Run it as a user of its own.")
                : Optional.empty();
    }
}
