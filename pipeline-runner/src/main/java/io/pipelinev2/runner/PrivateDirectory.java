package io.pipelinev2.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Directories in which accounts and switches lie: others may neither read nor write there, whatever the umask is. */
final class PrivateDirectory {

    private PrivateDirectory() {}

    /** Makes a directory, and those above it that are not there, for their owner alone. What is there stays as it is. */
    static void make(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }
}
