package io.pipelinev2.runner.logging;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** The modes of what nobody else may read, where the file system knows such modes. */
final class OwnersAlone {

    private OwnersAlone() {}

    static FileAttribute<?>[] file(Path file) {
        return of(file, "rw-------");
    }

    static FileAttribute<?>[] directory(Path directory) {
        return of(directory, "rwx------");
    }

    private static FileAttribute<?>[] of(Path path, String mode) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }
}
