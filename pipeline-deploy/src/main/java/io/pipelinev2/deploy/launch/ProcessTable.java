package io.pipelinev2.deploy.launch;

import io.pipelinev2.core.deployment.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The processes of this machine, as {@code /proc} shows them. What cannot be read counts as not there. */
public final class ProcessTable {

    /** The variable that carries a launch's nonce into the environment of its process and of all that it starts. */
    public static final String NONCE_VARIABLE = "PIPELINE_NONCE";

    private final Path proc;

    /** The table of this machine. */
    public ProcessTable() {
        this(Path.of("/proc"));
    }

    ProcessTable(Path proc) {
        this.proc = proc;
    }

    /**
     * The id of the machine's current boot. Pids and start times mean nothing across boots.
     *
     * @throws LaunchException on a machine that has none
     */
    public String bootId() {
        try {
            return Files.readString(proc.resolve("sys/kernel/random/boot_id")).trim();
        } catch (IOException e) {
            throw new LaunchException(
                    "Cannot read the boot id from /proc/sys/kernel/random/boot_id. Deploying needs Linux with /proc"
                            + " mounted; everything else works without.",
                    e);
        }
    }

    /**
     * The identity of a process that was just started under this nonce. If it is gone already, the identity is one that
     * nothing alive has.
     */
    public ProcessIdentity identify(long pid, String nonce) {
        return new ProcessIdentity(
                bootId(), pid, stat(pid).map(ProcessStat::startTicks).orElse(0L), nonce);
    }

    /** Whether exactly this process runs; a zombie does not. */
    public boolean isAlive(ProcessIdentity process) {
        return process.bootId().equals(bootId())
                && stat(process.pid())
                        .filter(stat -> !stat.isDead() && stat.startTicks() == process.startTicks())
                        .isPresent();
    }

    /**
     * The process that was started under this nonce, if it runs: of the session leaders that carry it, the oldest. What it
     * started may have made sessions of its own.
     */
    public Optional<ProcessIdentity> findLeader(String nonce) {
        return running().stream()
                .filter(stat -> stat.leadsSession()
                        && nonceOf(stat.pid(), Set.of(nonce)).isPresent())
                .min(Comparator.comparingLong(ProcessStat::startTicks))
                .map(stat -> new ProcessIdentity(bootId(), stat.pid(), stat.startTicks(), nonce));
    }

    Optional<ProcessStat> stat(long pid) {
        try {
            return Optional.of(
                    ProcessStat.parse(Files.readString(proc.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1)));
        } catch (IOException | IllegalArgumentException gone) {
            return Optional.empty();
        }
    }

    /** All processes that run. */
    List<ProcessStat> running() {
        List<ProcessStat> stats = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path entry : entries) {
                try {
                    stat(Long.parseLong(entry.getFileName().toString()))
                            .filter(stat -> !stat.isDead())
                            .ifPresent(stats::add);
                } catch (NumberFormatException notAProcess) {
                    continue;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new LaunchException("Cannot list the processes in " + proc + ": " + e.getMessage(), e);
        }
        return stats;
    }

    /** Which of these nonces the process was started under. */
    Optional<String> nonceOf(long pid, Collection<String> nonces) {
        String environment;
        try {
            environment = Files.readString(proc.resolve(pid + "/environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException notOurs) {
            return Optional.empty();
        }
        for (String variable : environment.split("\0")) {
            if (variable.startsWith(NONCE_VARIABLE + "=")) {
                String nonce = variable.substring(NONCE_VARIABLE.length() + 1);
                return nonces.contains(nonce) ? Optional.of(nonce) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Whether the process has this file open. */
    boolean hasOpen(long pid, Path file) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(proc.resolve(pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                if (isLinkTo(descriptor, file)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException notOurs) {
            return false;
        }
        return false;
    }

    private static boolean isLinkTo(Path link, Path file) {
        try {
            return Files.readSymbolicLink(link).equals(file);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
