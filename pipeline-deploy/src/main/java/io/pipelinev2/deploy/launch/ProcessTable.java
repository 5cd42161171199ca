package io.pipelinev2.deploy.launch;

import io.pipelinev2.core.deployment.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The processes of this machine, as {@code /proc} shows them. What cannot be read counts as not there. */
public final class ProcessTable {

    /** The variable that carries a launch's nonce into the environment of its process and of all that it starts. */
    public static final String NONCE_VARIABLE = Marks.NONCE;

    private static final Charset NAMES =
            Charset.forName(System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name()));

    private final Path proc;
    private @Nullable String bootId;

    /** Whether a process runs. */
    public enum Life {
        RUNNING,
        /** It exists, but a signal such as SIGSTOP has stopped it, or a debugger holds it. */
        STOPPED,
        GONE
    }

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
    public synchronized String bootId() {
        // The same for as long as this process can live.
        if (bootId == null) {
            bootId = readBootId();
        }
        return bootId;
    }

    private String readBootId() {
        try {
            return Files.readString(proc.resolve("sys/kernel/random/boot_id")).trim();
        } catch (IOException e) {
            throw new LaunchException(
                    "Cannot read the boot id from /proc/sys/kernel/random/boot_id. Deployments, and stages that are"
                            + " commands, need Linux with /proc mounted; everything else works without.",
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
        return life(process) != Life.GONE;
    }

    /** Whether exactly this process runs, is stopped, or is gone. */
    public Life life(ProcessIdentity process) {
        if (!process.bootId().equals(bootId())) {
            return Life.GONE;
        }
        return stat(process.pid())
                .filter(stat -> !stat.isDead() && stat.startTicks() == process.startTicks())
                .map(stat -> stat.isStopped() ? Life.STOPPED : Life.RUNNING)
                .orElse(Life.GONE);
    }

    /** Whether a process, whoever it is, is one of this deployment of this home. */
    public boolean belongs(long pid, Belonging deployment) {
        Optional<Marks> marks = marks(pid);
        if (marks.isEmpty()) {
            // Another user's, as one that was started through sudo: that our lock is held is all that can be known.
            return stat(pid).isPresent() && deployment.lock().isHeld();
        }
        return marks.get().isIn(deployment.stateDirectory()) || hasOpen(pid, deployment.lockKey());
    }

    /**
     * The process that was started under this nonce for this deployment, if it runs: of the session leaders that carry it,
     * the oldest. What it started may have made sessions of its own.
     */
    public Optional<ProcessIdentity> findLeader(String nonce, Belonging deployment) {
        return running().stream()
                .filter(stat -> stat.leadsSession()
                        && marks(stat.pid())
                                .filter(marks -> nonce.equals(marks.nonce()))
                                .isPresent()
                        && belongs(stat.pid(), deployment))
                .min(Comparator.comparingLong(ProcessStat::startTicks))
                .map(stat -> new ProcessIdentity(bootId(), stat.pid(), stat.startTicks(), nonce));
    }

    /**
     * What was started for the deployments of a home and runs, the oldest process of each start.
     *
     * @param stateDirectories the directory that holds a directory for each deployment
     */
    public List<StartedProcess> startedIn(Path stateDirectories) {
        String prefix = Belonging.nameOf(stateDirectories) + "/";
        Map<String, StartedProcess> oldest = new LinkedHashMap<>();
        running().stream()
                .sorted(Comparator.comparingLong(ProcessStat::startTicks))
                .forEach(stat -> marks(stat.pid()).ifPresent(marks -> {
                    String nonce = marks.nonce();
                    String directory = marks.stateDirectory();
                    if (nonce != null && directory != null && directory.startsWith(prefix)) {
                        number(directory.substring(prefix.length()))
                                .ifPresent(id -> oldest.putIfAbsent(
                                        id + "/" + nonce,
                                        new StartedProcess(
                                                id,
                                                new ProcessIdentity(bootId(), stat.pid(), stat.startTicks(), nonce),
                                                programOf(stat.pid()))));
                    }
                }));
        return List.copyOf(oldest.values());
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.valueOf(text));
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }

    private String programOf(long pid) {
        try {
            return Files.readString(proc.resolve(pid + "/comm"), StandardCharsets.ISO_8859_1)
                    .trim();
        } catch (IOException gone) {
            return "?";
        }
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

    /** The marks in a process's environment; empty if that cannot be read. */
    Optional<Marks> marks(long pid) {
        try {
            // In the encoding that names of files have here, because a mark is one.
            return Optional.of(Marks.in(new String(Files.readAllBytes(proc.resolve(pid + "/environ")), NAMES)));
        } catch (IOException notOurs) {
            return Optional.empty();
        }
    }

    /**
     * Whether the process has this file open.
     *
     * @param file the file by device and inode, or null for none
     */
    boolean hasOpen(long pid, @Nullable Object file) {
        if (file == null) {
            return false;
        }
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(proc.resolve(pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                if (file.equals(keyOf(descriptor))) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException notOurs) {
            return false;
        }
        return false;
    }

    private static @Nullable Object keyOf(Path descriptor) {
        try {
            return Files.readAttributes(descriptor, BasicFileAttributes.class).fileKey();
        } catch (IOException closedMeanwhile) {
            return null;
        }
    }
}
