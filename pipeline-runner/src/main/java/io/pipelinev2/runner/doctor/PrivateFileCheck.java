package io.pipelinev2.runner.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Whether a file that holds a secret is its owner's alone. */
public final class PrivateFileCheck implements Check {

    private final String what;
    private final Path file;

    /** @param what what the file is, for people */
    public PrivateFileCheck(String what, Path file) {
        this.what = what;
        this.file = file;
    }

    @Override
    public String name() {
        return "secrets";
    }

    @Override
    public List<Finding> look() throws IOException {
        if (!Files.isReadable(file)) {
            return List.of(Finding.fail(
                    what + " " + file + (Files.exists(file) ? " cannot be read" : " is not there"),
                    "put it there, readable for this user alone (chmod 600)"));
        }
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        return List.of(
                mode.endsWith("------")
                        ? Finding.ok(what + " " + file + " is its owner's alone")
                        : Finding.warn(what + " " + file + " is open to others (" + mode + ")", "chmod 600 " + file));
    }
}
