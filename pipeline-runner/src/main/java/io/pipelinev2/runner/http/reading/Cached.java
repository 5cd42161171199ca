package io.pipelinev2.runner.http.reading;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.runner.logging.RunnerLogCode;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest of something that may be slow or fail to read. It is read on demand, on a thread of its own, by one reader
 * at a time and not more often than once in a while, however many ask. Who asks waits a moment for it, then takes the
 * one before: a locked database delays the news, not the answer.
 */
public final class Cached<T> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Cached.class);

    private static final Duration LONGEST_REST = Duration.ofMinutes(1);

    /** A reading that takes longer than this is trouble. */
    private static final Duration PATIENCE_OF_USERS = Duration.ofSeconds(5);

    private final String name;
    private final Supplier<T> source;
    private final Clock clock;
    private final Pace pace;
    private final ExecutorService reader;

    private @Nullable T value;
    private @Nullable Instant takenAt;
    private long takenNanos;
    private @Nullable String trouble;
    private boolean tried;
    private long triedNanos;
    private long tookNanos;
    private @Nullable CompletableFuture<Void> reading;
    private long begunNanos;

    /**
     * How often to read and how long to wait.
     *
     * @param renewal how old a value must be to be read again
     * @param first how long to wait for the very first value
     * @param next how long to wait for a new value while there is an old one
     * @param rests how many times as long as the last reading took there is to be none after it, up to a minute
     */
    public record Pace(Duration renewal, Duration first, Duration next, int rests) {

        public Pace(Duration renewal, Duration first, Duration next) {
            this(renewal, first, next, 0);
        }

        /** For what may take long to read because it is much: nine tenths of the time nobody reads it. */
        public Pace resting() {
            return new Pace(renewal, first, next, 9);
        }
    }

    /**
     * @param name what is read, in messages
     */
    public Cached(String name, Supplier<T> source, Clock clock, Pace pace) {
        this.name = name;
        this.source = source;
        this.clock = clock;
        this.pace = pace;
        this.reader = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "dashboard-" + name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The latest, read anew if it is due and that does not take long. */
    public Snapshot<T> get() {
        CompletableFuture<Void> awaited;
        long nanos;
        synchronized (this) {
            if (reading == null && isDue()) {
                begin();
            }
            awaited = reading;
            Duration patience = value == null ? pace.first() : pace.next();
            nanos = patience.toNanos() - (clock.nanoTime() - begunNanos);
        }
        if (awaited != null && nanos > 0) {
            await(awaited, nanos);
        }
        return latest();
    }

    private boolean isDue() {
        long rest = Math.min(pace.rests() * tookNanos, LONGEST_REST.toNanos());
        return !tried
                || clock.nanoTime() - triedNanos >= Math.max(pace.renewal().toNanos(), rest);
    }

    private void begin() {
        begunNanos = clock.nanoTime();
        CompletableFuture<Void> begun = new CompletableFuture<>();
        try {
            reader.execute(() -> {
                try {
                    T read = source.get();
                    succeeded(read);
                } catch (RuntimeException | Error e) {
                    failed(e);
                } finally {
                    begun.complete(null);
                }
            });
            reading = begun;
        } catch (RejectedExecutionException e) {
            log.debug("closed while {} was asked for", name);
        }
    }

    private synchronized void succeeded(T read) {
        if (trouble != null) {
            log.info("{} can be read again", name);
        }
        value = read;
        takenAt = clock.now();
        takenNanos = clock.nanoTime();
        trouble = null;
        ended();
    }

    private synchronized void failed(Throwable failure) {
        if (trouble == null) {
            log.warn(
                    RunnerLogCode.VIEW_UNREADABLE,
                    "{} cannot be read; the dashboard shows the last state that could",
                    name,
                    failure);
        }
        // What others throw was not written for people, and may tell more than it should.
        trouble = failure instanceof PipelineException && failure.getMessage() != null
                ? failure.getMessage()
                : "The " + name + " cannot be read; the log says why.";
        ended();
    }

    private void ended() {
        tried = true;
        triedNanos = clock.nanoTime();
        tookNanos = triedNanos - begunNanos;
        reading = null;
    }

    private synchronized Snapshot<T> latest() {
        long now = clock.nanoTime();
        String known = trouble;
        if (known == null && reading != null && now - begunNanos >= PATIENCE_OF_USERS.toNanos()) {
            known = "The " + name + " has not answered for " + TimeUnit.NANOSECONDS.toSeconds(now - begunNanos) + " s.";
        }
        if (known == null && value == null) {
            known = "The " + name + " has not been read yet.";
        }
        return new Snapshot<>(
                value, takenAt, takenAt == null ? Duration.ZERO : Duration.ofNanos(now - takenNanos), known);
    }

    private static void await(CompletableFuture<Void> reading, long nanos) {
        try {
            reading.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // The one before will do.
        } catch (ExecutionException e) {
            throw new IllegalStateException("the reader never completes exceptionally", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}
