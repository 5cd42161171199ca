package io.pipelinev2.runner.extension;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.deploy.launch.BoundedRun;
import io.pipelinev2.deploy.launch.LaunchException;
import io.pipelinev2.deploy.launch.ProcessTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands that one runner runs at present, each in a directory of its own. None of them outlives the runner: closing
 * this kills what runs, and what a runner that died has left behind is killed by any other before it begins something
 * itself: the same work is never done by two at a time.
 */
public final class BoundedRuns implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BoundedRuns.class);

    private final Path state;
    private final Path directory;
    private final Predicate<String> isAlive;
    private final ProcessTable table = new ProcessTable();
    private final Set<BoundedRun> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param state the home's directory {@code state}
     * @param runner the id of the runner whose runs these are
     * @param isAlive whether the runner of this id lives; this one does
     */
    public BoundedRuns(Path state, String runner, Predicate<String> isAlive) {
        this.state = state;
        this.directory = all(state).resolve(runner);
        this.isAlive = id -> id.equals(runner) || isAlive.test(id);
    }

    private static Path all(Path state) {
        return state.resolve("stages");
    }

    /**
     * Kills what dead runners have left running, and removes their directories.
     *
     * @param isAlive whether the runner of this id lives
     * @throws LaunchException if something cannot be killed
     */
    public static void sweep(Path state, Predicate<String> isAlive) {
        for (Path runner : entries(all(state))) {
            if (isAlive.test(runner.getFileName().toString())) {
                continue;
            }
            for (Path run : entries(runner)) {
                BoundedRun.endAll(new ProcessTable(), run);
            }
            delete(runner);
        }
    }

    private static List<Path> entries(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            List<Path> all = new ArrayList<>();
            entries.forEach(all::add);
            return all;
        } catch (NoSuchFileException sweptMeanwhile) {
            return List.of();
        } catch (IOException | DirectoryIteratorException e) {
            throw new PipelineException("The directory %s cannot be read: %s".formatted(directory, e), e);
        }
    }

    /** A new directory for one run, which its owner alone may look into. */
    Path begin() throws IOException {
        sweep(state, isAlive);
        Files.createDirectories(directory);
        return Files.createTempDirectory(directory, "run");
    }

    /**
     * Starts a command, unless this is closed.
     *
     * @throws LaunchException if it cannot be started
     */
    BoundedRun start(BoundedRun.Request request) {
        BoundedRun run = BoundedRun.start(table, request);
        running.add(run);
        if (closed) {
            end(run);
            throw new PipelineException("The runner is closing; nothing is begun any more.");
        }
        return run;
    }

    /** Kills what is left of a run. */
    void end(BoundedRun run) {
        run.close();
        running.remove(run);
    }

    /** Removes the directory of a run that has ended. */
    static void delete(Path run) {
        try (Stream<Path> files = Files.walk(run)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("The directory {} of a run cannot be removed; the next start tries again", run, e);
        }
    }

    @Override
    public void close() {
        closed = true;
        running.forEach(this::end);
        if (Files.isDirectory(directory)) {
            delete(directory);
        }
    }
}
