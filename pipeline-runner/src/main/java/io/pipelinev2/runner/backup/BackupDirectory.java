package io.pipelinev2.runner.backup;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.runner.logging.RunnerLogCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A backup that is being written. It becomes one when its manifest is there; until then all of it can be taken back. */
final class BackupDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(BackupDirectory.class);

    private final Path root;
    private final List<BackedUpFile> files = new ArrayList<>();
    private final List<Path> made = new ArrayList<>();

    private BackupDirectory(Path root) {
        this.root = root;
    }

    /**
     * Begins a backup in a directory that is not there, or empty.
     *
     * @throws RefusedException if something is there
     */
    static BackupDirectory begin(Path directory) throws IOException {
        BackupDirectory backup = new BackupDirectory(directory);
        if (Files.exists(directory)) {
            refuseUnlessEmpty(directory);
            if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            }
        } else {
            PrivateFiles.makeDirectory(directory);
            backup.made.add(directory);
        }
        return backup;
    }

    private static void refuseUnlessEmpty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new RefusedException(
                    "%s is a file. A backup needs a directory of its own: name one that is not there yet."
                            .formatted(directory));
        }
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.findAny().isPresent()) {
                throw new RefusedException(
                        "The directory %s is not empty%s. A backup needs one of its own: name one that is not there yet."
                                .formatted(
                                        directory,
                                        Files.exists(directory.resolve(BackupLayout.MANIFEST))
                                                ? " (it holds a backup)"
                                                : ""));
            }
        }
    }

    List<BackedUpFile> files() {
        return List.copyOf(files);
    }

    /** Where a file is to be written, by somebody else; {@link #wrote} tells when it was. */
    Path reserve(String path) throws IOException {
        Path target = root.resolve(path);
        makeDirectories(PrivateFiles.directoryOf(target));
        made.add(target);
        return target;
    }

    void wrote(String path) throws IOException {
        PrivateFiles.Content content = PrivateFiles.content(root.resolve(path));
        files.add(new BackedUpFile(path, content.size(), content.sha256()));
    }

    BackedUpFile copy(Path source, String path) throws IOException {
        PrivateFiles.Content content = PrivateFiles.copy(source, reserve(path));
        BackedUpFile file = new BackedUpFile(path, content.size(), content.sha256());
        files.add(file);
        return file;
    }

    void write(byte[] bytes, String path) throws IOException {
        PrivateFiles.Content content = PrivateFiles.write(reserve(path), bytes);
        files.add(new BackedUpFile(path, content.size(), content.sha256()));
    }

    /** Makes it a backup: all of it is on the disk before its manifest is. */
    void finish(Manifest manifest) throws IOException {
        PrivateFiles.forceTree(root);
        Path parent = root.getParent();
        if (parent != null) {
            PrivateFiles.force(parent);
        }
        Path file = reserve(BackupLayout.MANIFEST);
        made.add(file.resolveSibling(file.getFileName() + ".tmp"));
        PrivateFiles.publish(file, manifest.bytes());
    }

    /** Takes back all that was written, and nothing else. */
    void discard() {
        Set<Path> all = new LinkedHashSet<>(made);
        for (Path each : all.stream().sorted(Comparator.reverseOrder()).toList()) {
            try {
                Files.deleteIfExists(each);
            } catch (IOException e) {
                LOG.warn(
                        RunnerLogCode.BACKUP_REMAINS,
                        "{}, part of an unfinished backup, could not be deleted: {}",
                        each,
                        e.toString());
            }
        }
    }

    private void makeDirectories(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            makeDirectories(PrivateFiles.directoryOf(directory));
            PrivateFiles.makeDirectory(directory);
            made.add(directory);
        }
    }
}
