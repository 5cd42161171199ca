package io.pipelinev2.runner;

import io.micrometer.core.instrument.MeterRegistry;
import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.extension.Extensions;
import io.pipelinev2.runner.logging.RunnerLogCode;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon of a home within another application: it discovers, processes, deploys and supervises from {@link
 * Builder#start} until {@link #close}. Several may run in one JVM, each for a home of its own. It is safe for use by several
 * threads.
 *
 * <pre>{@code
 * EmbeddedPipeline pipeline = EmbeddedPipeline.builder()
 *         .configuration(Path.of("/srv/pipeline/pipeline.json"))
 *         .dataSource(dataSource)
 *         .meters(registry)
 *         .start();
 * }</pre>
 *
 * <p>Its threads are daemon threads, so they keep no JVM alive, and it has no shutdown hook: the application closes it. A
 * JVM that ends without does no harm that the next start would not mend.
 */
public final class EmbeddedPipeline implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPipeline.class);

    /** What a home is held by, for people. */
    static final String WHAT = "application";

    private static final long LAST_INSTRUCTIONS_SECONDS = 5;

    private final PipelineHome home;
    private final Pipeline pipeline;
    private final Thread daemon;
    private final Deque<AutoCloseable> opened;

    private EmbeddedPipeline(PipelineHome home, Pipeline pipeline, Thread daemon, Deque<AutoCloseable> opened) {
        this.home = home;
        this.pipeline = pipeline;
        this.daemon = daemon;
        this.opened = opened;
    }

    /** A builder that lacks its {@linkplain Builder#configuration configuration} only. */
    public static Builder builder() {
        return new Builder();
    }

    private static EmbeddedPipeline start(Builder builder, Path file) {
        PipelineConfig config = ConfigLoader.ofThisProcess().load(file, null);
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            HomeLock lock = HomeLock.take(config.home(), WHAT);
            opened.push(lock);
            PipelineHome home = PipelineHome.open(config, builder.extensions, builder.dataSource);
            opened.push(home);
            Pipeline pipeline = home.pipeline(lock, builder.threads);
            CompletableFuture<Void> running = new CompletableFuture<>();
            Thread daemon = builder.threads.newThread(() -> run(pipeline, config.home(), running));
            daemon.setName("daemon");
            daemon.setDaemon(true);
            opened.push(() -> daemon.join(TimeUnit.SECONDS.toMillis(LAST_INSTRUCTIONS_SECONDS)));
            opened.push(pipeline);
            HomeWatch watch = home.watch(builder.threads);
            opened.push(watch);
            opened.push(home::endSource);
            daemon.start();
            await(running);
            watch.start();
            if (builder.meters != null) {
                opened.push(PipelineMeters.bind(builder.meters, home));
            }
            return new EmbeddedPipeline(home, pipeline, daemon, opened);
        } catch (RuntimeException | Error e) {
            closeAll(opened);
            throw e;
        }
    }

    private static void run(Pipeline pipeline, Path home, CompletableFuture<Void> running) {
        try {
            pipeline.runDaemon(() -> running.complete(null));
            running.completeExceptionally(new PipelineException(
                    "The pipeline of %s ended before it ran: its thread was interrupted.".formatted(home)));
        } catch (RuntimeException | Error e) {
            if (!running.completeExceptionally(e)) {
                LOG.error(
                        RunnerLogCode.PIPELINE_ENDED,
                        "The pipeline of {} has ended. Close it and start it again.",
                        home,
                        e);
            }
        }
    }

    private static void await(CompletableFuture<Void> running) {
        try {
            running.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /**
     * A snapshot of how the pipeline stands.
     *
     * @throws io.pipelinev2.core.store.StoreException if the store cannot be read, or this is closed
     */
    public PipelineStatus status() {
        return pipeline.status();
    }

    /** Whether it still works: not once it is closed, nor after an operator asked the home's runners to drain. */
    public boolean isRunning() {
        return daemon.isAlive();
    }

    /**
     * The home, for what an operator does and sees: {@link PipelineHome#operations}, {@link PipelineHome#deployments}, {@link
     * PipelineHome#server}. It is closed with this, not by whoever asks for it.
     */
    public PipelineHome home() {
        return home;
    }

    /** Makes the daemon look at once at what was changed from elsewhere. */
    public void wake() {
        pipeline.wake();
    }

    /**
     * Stops claiming work, waits up to half a minute for attempts to end and gives back what has not, ends all threads, and lets go
     * of the store and of the home. Paper traders live on; the next start takes them over. What was handed over, a data source for
     * instance, stays open. Closing again does nothing.
     */
    @Override
    public void close() {
        synchronized (opened) {
            closeAll(opened);
        }
    }

    private static void closeAll(Deque<AutoCloseable> opened) {
        while (!opened.isEmpty()) {
            AutoCloseable each = opened.pop();
            try {
                each.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warn(RunnerLogCode.NOT_CLOSED, "{} was closed with an error", each, e);
            }
        }
    }

    /** What the application brings. */
    public static final class Builder {
        private @Nullable Path configuration;
        private @Nullable DataSource dataSource;
        private @Nullable MeterRegistry meters;
        private Extensions extensions = Extensions.none();
        private ThreadFactory threads = Thread::new;

        private Builder() {}

        /** The home's {@code pipeline.json}. Needed. */
        public Builder configuration(Path value) {
            configuration = value;
            return this;
        }

        /**
         * The database of the state, in place of {@code database} in the configuration: see {@link
         * io.pipelinev2.store.DataSourceStore} for which. Commands on the home's command line look at the database that the configuration
         * names, so it had better name the same.
         */
        public Builder dataSource(DataSource value) {
            dataSource = value;
            return this;
        }

        /** Stages, gates, trial sources and alert channels of the application; none if left out. */
        public Builder extensions(Extensions value) {
            extensions = value;
            return this;
        }

        /**
         * Makes the threads that the pipeline runs on, as {@link Pipeline.Builder#threads} says; plain ones if left out. Not an
         * executor: an attempt that does not end is abandoned together with its thread, which no pool would survive.
         */
        public Builder threads(ThreadFactory value) {
            threads = value;
            return this;
        }

        /** Where {@link PipelineGauge}s are registered until this is closed. Needs {@code micrometer-core} on the class path. */
        public Builder meters(MeterRegistry value) {
            meters = value;
            return this;
        }

        /**
         * Starts the pipeline. Returns when it runs; if it cannot, nothing of it is left.
         *
         * @throws IllegalArgumentException if no configuration was given
         * @throws io.pipelinev2.runner.config.ConfigException if the configuration, a plugin or a stage of the user's own cannot be used
         * @throws HomeLock.HomeHeldException if the home is supervised already, be it in this JVM
         * @throws HomeLock.HomeUnavailableException if the home cannot be written to, or its state belongs to another database
         * @throws io.pipelinev2.core.store.StoreException if the database cannot be opened
         * @throws io.pipelinev2.core.RefusedException if a restore of the home was begun and is not finished
         * @throws io.pipelinev2.core.trial.TrialSourceException if the trial source is of a kind that cannot be read
         */
        public EmbeddedPipeline start() {
            if (configuration == null) {
                throw new IllegalArgumentException("An embedded pipeline needs a home: call configuration(...) first.");
            }
            return EmbeddedPipeline.start(this, configuration);
        }
    }
}
