package io.pipelinev2.runner;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.execution.RunnerIdentity;
import io.pipelinev2.core.execution.RunnerLiveness;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageRun.Lease;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the runners of a home know of each other's deaths: each holds a kernel lock on a file of its own in
 * {@code state/runners} for as long as it lives. One whose lock is free is dead, so its work is taken over at once. Of a
 * runner without a file here, or on another machine, nothing is known, and its lease decides.
 */
public final class RunnerLocks implements RunnerLiveness, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunnerLocks.class);
    private static final String SUFFIX = ".lock";
    private static final String NEW = ".new";

    private final Path directory;
    private final RunnerIdentity self;
    private final KernelLock own;
    private boolean needed;

    private RunnerLocks(Path directory, RunnerIdentity self, KernelLock own) {
        this.directory = directory;
        this.self = self;
        this.own = own;
    }

    /**
     * Begins to hold the lock of a runner.
     *
     * @param state the home's directory {@code state}
     * @param what what the runner is, for people: {@code daemon}, {@code worker}
     * @throws HomeLock.HomeUnavailableException if the home cannot be written to
     */
    static RunnerLocks hold(Path state, RunnerIdentity self, String what) {
        Path directory = directory(state);
        try {
            PrivateDirectory.make(directory);
            String holder = "%s, pid %d".formatted(what, ProcessHandle.current().pid());
            KernelLock own = KernelLock.tryTake(directory.resolve(self.id() + NEW), holder)
                    .orElseThrow(() -> new IllegalStateException("a runner of this identity is there already"));
            appear(own, file(directory, self.id()));
            return new RunnerLocks(directory, self, own);
        } catch (IOException e) {
            throw new HomeLock.HomeUnavailableException(
                    "The directory %s cannot be written to: %s. Fix its permissions or free its disk."
                            .formatted(directory, e),
                    e);
        }
    }

    /** A file that is there before its lock is would be taken for a dead runner's, by another who starts just then. */
    private static void appear(KernelLock own, Path file) throws IOException {
        try {
            own.rename(file);
        } catch (IOException e) {
            own.close();
            throw e;
        }
    }

    static Path directory(Path state) {
        return state.resolve("runners");
    }

    /**
     * The runners that live on a home at present, each in words such as {@code worker, pid 4711}.
     *
     * @param state the home's directory {@code state}
     */
    public static List<String> living(Path state) {
        List<String> living = new ArrayList<>();
        for (Path file : files(directory(state))) {
            if (isHeld(file)) {
                String words = KernelLock.holder(file);
                // for a moment after it was taken a lock says nothing
                living.add(words.isEmpty() ? "a runner, " + file.getFileName() : words);
            }
        }
        return living;
    }

    /** Those of {@link #living} that are other processes than this one. */
    static List<String> livingElsewhere(Path state) {
        return files(directory(state)).stream()
                .filter(file -> !KernelLock.isHeldHere(file) && isHeld(file))
                .map(KernelLock::holder)
                .toList();
    }

    private static Path file(Path directory, String runner) {
        return directory.resolve(runner + SUFFIX);
    }

    private static List<Path> files(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            List<Path> all = new ArrayList<>();
            files.forEach(all::add);
            return all;
        } catch (IOException e) {
            throw new PipelineException("The directory %s cannot be read: %s".formatted(directory, e), e);
        }
    }

    @Override
    public boolean isDead(Lease lease) {
        Path file = file(directory, lease.runner());
        return lease.host().equals(self.host()) && Files.isRegularFile(file) && !isHeld(file);
    }

    /** Whether the runner of this id holds its lock. */
    boolean isAlive(String runner) {
        Path file = file(directory, runner);
        return Files.isRegularFile(file) && isHeld(file);
    }

    private static boolean isHeld(Path file) {
        try {
            return KernelLock.isHeld(file);
        } catch (IOException e) {
            LOG.debug("The lock {} cannot be looked at", file, e);
            return true;
        }
    }

    /** Removes the files of dead runners whose work has been taken over. */
    void sweep(PipelineStore store) {
        Set<String> needed = store.read(StoreReader::running).stream()
                .map(StageRun::lease)
                .filter(lease -> lease != null)
                .map(Lease::runner)
                .collect(Collectors.toSet());
        for (Path file : files(directory)) {
            String name = file.getFileName().toString();
            String runner = name.substring(0, name.length() - SUFFIX.length());
            if (!needed.contains(runner) && !isHeld(file)) {
                delete(file);
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("The lock {} of a dead runner cannot be removed", file, e);
        }
    }

    /** If this runner ends with claims that it could not give back, its file is to stay: others see by it that it is dead. */
    void keepIfNeeded(PipelineStore store) {
        try {
            needed = store.read(StoreReader::running).stream()
                    .map(StageRun::lease)
                    .anyMatch(lease -> lease != null && lease.runner().equals(self.id()));
        } catch (StoreException e) {
            needed = true;
        }
    }

    /** Lets go of the own lock. */
    @Override
    public void close() {
        if (!needed) {
            delete(file(directory, self.id()));
        }
        try {
            own.close();
        } catch (IOException e) {
            LOG.debug("The lock of this runner was let go of with an error", e);
        }
    }
}
