package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.Clock;
import io.pipelinev2.deploy.DeployLogCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the logs of running processes within their caps, on a thread of its own: a log that does not grow is looked at a
 * few times a second, one that grows so often that it cannot get far beyond its cap between two looks. Logs of ended starts
 * are deleted, the oldest first, when all together take too much room.
 */
final class LogCap implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogCap.class);

    /** The pace of writing that a log at rest may break out into without getting far beyond its cap. */
    private static final long BURST_BYTES_PER_SECOND = 50_000_000;

    private static final long SECOND = 1_000_000_000L;
    private static final long SHORTEST = 5_000_000;
    private static final long LONGEST = SECOND / 4;
    private static final long PRUNED_EVERY = 10 * SECOND;

    private final LogLimits limits;
    private final Path directory;
    private final Clock machine = Clock.system();
    private final Map<Long, Watch> watched = new ConcurrentHashMap<>();
    private final Map<Long, Long> lost = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor thread;
    private volatile boolean knowsAll;
    private boolean looking;
    private long lastPruned = machine.nanoTime() - PRUNED_EVERY;

    /** One log that is watched. */
    private static final class Watch {
        private final long deploymentId;
        private final CappedLog log;
        private long lastSize;
        private long lastLook;
        private long nextLook;
        private boolean trouble;

        private Watch(long deploymentId, CappedLog log, long now) {
            this.deploymentId = deploymentId;
            this.log = log;
            this.lastLook = now;
            this.nextLook = now;
        }
    }

    /**
     * @param directory where the logs lie
     */
    LogCap(LogLimits limits, Path directory) {
        this.limits = limits;
        this.directory = directory;
        this.thread = new ScheduledThreadPoolExecutor(1, body -> {
            Thread made = new Thread(body, "log-cap");
            made.setDaemon(true);
            return made;
        });
        // Without a log to watch there is no thread.
        thread.setKeepAliveTime(1, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** The process of this deployment writes to this log; harmless if that is known. */
    void watch(long deploymentId, Path file) {
        Watch known = watched.get(deploymentId);
        if (known != null && known.log.file().equals(file)) {
            return;
        }
        Watch watch = new Watch(deploymentId, new CappedLog(file), machine.nanoTime());
        if (watch.log.size() >= 0) {
            watched.put(deploymentId, watch);
            begin();
        }
    }

    /** The process has ended: what it may still have written is looked at once more. */
    void release(long deploymentId) {
        Watch watch = watched.remove(deploymentId);
        if (watch != null) {
            cap(watch);
        }
    }

    /**
     * All logs that processes write to have been named. Until then none is deleted: it might be that of a process that lives
     * on from before.
     */
    void allAreWatched() {
        knowsAll = true;
    }

    /** How many bytes of a deployment's output were dropped that are not {@linkplain #recorded recorded} yet. */
    long lost(long deploymentId) {
        return lost.getOrDefault(deploymentId, 0L);
    }

    void recorded(long deploymentId, long bytes) {
        lost.merge(deploymentId, -bytes, Long::sum);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private synchronized void begin() {
        if (!looking) {
            looking = true;
            later(0);
        }
    }

    private void later(long nanos) {
        try {
            var unused = thread.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("Logs are watched no longer");
        }
    }

    /** Looks at all logs whose time has come: those at rest all at once, so that the thread wakes a few times a second. */
    private void look() {
        long next = machine.nanoTime() + LONGEST;
        try {
            for (Watch watch : watched.values()) {
                if (watch.nextLook - machine.nanoTime() <= 0) {
                    lookAt(watch);
                }
                next = Math.min(next, watch.nextLook);
            }
            prune();
        } finally {
            goOn(next);
        }
    }

    private synchronized void goOn(long next) {
        looking = !watched.isEmpty();
        if (looking) {
            later(Math.max(SHORTEST, next - machine.nanoTime()));
        }
    }

    private void lookAt(Watch watch) {
        long pause = cap(watch);
        if (pause < 0) {
            // Whoever knows that its process still runs names it again.
            watched.remove(watch.deploymentId, watch);
            return;
        }
        long now = machine.nanoTime();
        watch.nextLook = pause < atRest() ? now + pause : (now / atRest() + 1) * atRest();
    }

    private long atRest() {
        double nanos = limits.perStart(watched.size()) * (double) SECOND / BURST_BYTES_PER_SECOND;
        return clamp((long) nanos, LONGEST);
    }

    /** @return how long it needs no look, in nanoseconds; negative if there is no such log any more */
    private long cap(Watch watch) {
        synchronized (watch) {
            return capped(watch);
        }
    }

    private long capped(Watch watch) {
        long cap = limits.perStart(watched.size());
        long size = watch.log.size();
        long now = machine.nanoTime();
        if (size < 0) {
            return -1;
        }
        long most = Math.max(1, cap / 2);
        double perNano = Math.max(0, size - watch.lastSize) / (double) Math.max(1, now - watch.lastLook);
        if (size > most) {
            try {
                lost.merge(watch.deploymentId, watch.log.cut(cap, now), Long::sum);
                watch.trouble = false;
                size = 0;
            } catch (IOException e) {
                if (!watch.trouble) {
                    LOG.warn(
                            DeployLogCode.LOG_UNCUT,
                            "The log {} is over its cap and cannot be cut: {}",
                            watch.log.file(),
                            e.toString());
                }
                watch.trouble = true;
            }
        }
        watch.lastSize = size;
        watch.lastLook = now;
        long atRest = atRest();
        return perNano == 0 ? atRest : clamp((long) ((most - size) / perNano / 2), atRest);
    }

    private static long clamp(long nanos, long longest) {
        return Math.max(SHORTEST, Math.min(nanos, longest));
    }

    private record Old(Path path, long bytes, long modified) {}

    private void prune() {
        if (!knowsAll || machine.nanoTime() - lastPruned < PRUNED_EVERY) {
            return;
        }
        lastPruned = machine.nanoTime();
        Set<Path> live = new HashSet<>();
        watched.values().forEach(watch -> {
            live.add(watch.log.file());
            live.add(CappedLog.pieceOf(watch.log.file()));
        });
        try {
            List<Old> logs = logs();
            long total = logs.stream().mapToLong(Old::bytes).sum();
            logs.sort(Comparator.comparingLong(Old::modified).thenComparing(Old::path));
            for (Old log : logs) {
                if (total <= limits.total()) {
                    return;
                }
                if (!live.contains(log.path())) {
                    Files.deleteIfExists(log.path());
                    total -= log.bytes();
                }
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("Old logs of deployments could not be looked through: {}", e.toString());
        }
    }

    private List<Old> logs() throws IOException {
        List<Old> logs = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                BasicFileAttributes attributes =
                        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (attributes.isRegularFile() && DeploymentFiles.isLog(file)) {
                    logs.add(new Old(
                            file,
                            attributes.size(),
                            attributes.lastModifiedTime().toMillis()));
                }
            }
        }
        return logs;
    }
}
