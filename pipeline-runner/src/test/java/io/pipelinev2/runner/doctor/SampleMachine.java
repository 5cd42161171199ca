package io.pipelinev2.runner.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A machine made of files: what /proc shows, and programs that say what they are told to. */
record SampleMachine(Path directory) {

    static final long PID = 4711;

    SampleMachine withFile(String path, String text) throws IOException {
        Path file = directory.resolve("proc").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    SampleMachine withProgram(String name, String says) throws IOException {
        Path file = directory.resolve("bin").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file.resolveSibling(name + ".txt"), says);
        Files.writeString(file, "#!/bin/sh\ncat \"$0.txt\"\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return this;
    }

    Machine machine() {
        return new Machine(directory.resolve("proc"), List.of(directory.resolve("bin")));
    }
}
