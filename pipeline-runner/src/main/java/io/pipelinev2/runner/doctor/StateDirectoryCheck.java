package io.pipelinev2.runner.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether ledgers, locks and model copies lie where locks hold, and where nobody else can touch them. */
public final class StateDirectoryCheck implements Check {

    /** What keeps files on other machines, where a lock is not the kernel's own. */
    private static final Set<String> REMOTE = Set.of(
            "nfs",
            "nfs4",
            "cifs",
            "smb3",
            "smbfs",
            "9p",
            "ceph",
            "afs",
            "glusterfs",
            "fuse.sshfs",
            "fuse.glusterfs",
            "fuse.s3fs",
            "fuse.rclone",
            "virtiofs");

    private final Path state;
    private final String user;

    /** @param state the state directory of a home */
    public StateDirectoryCheck(Path state) {
        this(state, System.getProperty("user.name", ""));
    }

    StateDirectoryCheck(Path state, String user) {
        this.state = state;
        this.user = user;
    }

    @Override
    public String name() {
        return "state";
    }

    @Override
    public List<Finding> look() throws IOException {
        if (!Files.isDirectory(state)) {
            return List.of(Finding.ok(state + " is not there yet; the first run makes it"));
        }
        List<Finding> findings = new ArrayList<>();
        String fileSystem = Files.getFileStore(state).type();
        if (isRemote(fileSystem)) {
            findings.add(Finding.fail(
                    state + " is on " + fileSystem + ", where locks do not hold for sure: a trader might run twice",
                    "move the home to a disk of this machine"));
        }
        if (!Files.isWritable(state)) {
            findings.add(Finding.fail("user " + user + " may not write to " + state, "chown -R " + user + " " + state));
        }
        String owner = Files.getOwner(state).getName();
        if (!owner.equals(user)) {
            findings.add(Finding.warn(
                    state + " belongs to " + owner + ", not to " + user,
                    "run everything on this home as one user, or chown -R " + user + " " + state));
        }
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(state));
        if (!mode.endsWith("------")) {
            findings.add(Finding.warn(
                    state + " is open to others (" + mode + "): they can read accounts, or halt traders",
                    "chmod 700 " + state));
        }
        return findings.isEmpty()
                ? List.of(Finding.ok(state + " is " + owner + "'s alone, on " + fileSystem))
                : findings;
    }

    static boolean isRemote(String fileSystem) {
        return REMOTE.contains(fileSystem);
    }
}
