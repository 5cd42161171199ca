package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.PipelineException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a process may know and nobody else: copies of the configured files in a directory of its own, which it finds by
 * {@code CREDENTIALS_DIRECTORY}, as a unit of systemd does. Nothing of it stands in arguments, environment, database or
 * logs.
 */
final class Credentials {

    private static final String VARIABLE = "CREDENTIALS_DIRECTORY";
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Map<String, Path> secrets;
    private final DeploymentFiles files;

    Credentials(Map<String, Path> secrets, DeploymentFiles files) {
        this.secrets = secrets;
        this.files = files;
    }

    /**
     * Puts the copies in place for a start.
     *
     * @return the variables that tell the process where
     * @throws PipelineException if a file is not there, not ours, or not ours alone
     */
    Map<String, String> put(long deploymentId) {
        remove(deploymentId);
        if (secrets.isEmpty()) {
            return Map.of();
        }
        Path directory = files.credentials(deploymentId);
        try {
            Files.createDirectory(directory, PRIVATE_DIRECTORY);
            for (Map.Entry<String, Path> secret : secrets.entrySet()) {
                byte[] content = read(secret.getKey(), files.home().resolve(secret.getValue()));
                Files.write(Files.createFile(directory.resolve(secret.getKey()), PRIVATE_FILE), content);
            }
        } catch (IOException e) {
            throw new PipelineException("Its secrets cannot be copied to " + directory + ": " + e, e);
        }
        return Map.of(VARIABLE, directory.toString());
    }

    /** Takes the copies away, now that nothing runs. */
    void remove(long deploymentId) {
        Path directory = files.credentials(deploymentId);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            // All that is in it: a process may have put something of its own beside the copies.
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException trouble)
                        throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new PipelineException(
                    "The secrets in " + directory + " cannot be removed: " + e + ". Remove them.", e);
        }
    }

    private static byte[] read(String name, Path file) {
        String what = "The secret '" + name + "' (stages.deploy.secrets), " + file + ", ";
        try {
            if (!Files.isRegularFile(file)) {
                throw new PipelineException(what + "is not there, or is no file. Put it there.");
            }
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.stream().anyMatch(OF_OTHERS::contains)) {
                throw new PipelineException("%scan be used by others (%s). Make it yours alone: chmod 600 %s"
                        .formatted(what, PosixFilePermissions.toString(permissions), file));
            }
            if (!Files.getAttribute(file, "unix:uid").equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
                throw new PipelineException(what + "belongs to " + Files.getOwner(file)
                        + ", not to the user that the pipeline runs as. chown it.");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new PipelineException(what + "cannot be read: " + e + ".", e);
        }
    }
}
