package io.pipelinev2.runner.health;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.logging.CoreLogCode;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.config.PipelineConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has every component looked at once in an interval, and reports what was found. Each look has a thread of its own, so that
 * one that hangs is what is reported of its component, and of no other.
 */
public final class HealthWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthWatch.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What has not worked for so long is not merely degraded. */
    static final Duration DOWN_AFTER = Duration.ofMinutes(15);

    private final Monitor monitor;
    private final List<Watched> components;
    private final Duration interval;
    private final Duration patience;
    private final Clock clock;
    private final ThreadFactory threads;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread running;
    private boolean joined;

    HealthWatch(
            Monitor monitor,
            List<Check> checks,
            Duration interval,
            Duration patience,
            Clock clock,
            ThreadFactory threads) {
        this.monitor = monitor;
        this.components = checks.stream().map(Watched::new).toList();
        this.interval = interval;
        this.patience = patience;
        this.clock = clock;
        this.threads = threads;
    }

    /**
     * Watches a home.
     *
     * @param source opens its trial source
     * @param refusal why nothing new may be begun
     */
    public static HealthWatch of(
            PipelineConfig config,
            PipelineStore store,
            Supplier<TrialSource> source,
            Supplier<Optional<String>> refusal,
            Clock clock,
            ThreadFactory threads) {
        Duration interval = config.daemon().healthCheckInterval();
        return new HealthWatch(
                new Monitor(store, interval),
                Checks.of(config, store, source, refusal, clock),
                interval,
                PATIENCE,
                clock,
                threads);
    }

    /** Begins to watch, on a thread of its own. */
    public synchronized void start() {
        Thread thread = threads.newThread(() -> {
            try {
                do {
                    round();
                } while (!closing.await(interval.toNanos(), TimeUnit.NANOSECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setName("checks");
        thread.setDaemon(true);
        running = thread;
        thread.start();
    }

    /** Has each looked at once. */
    void round() throws InterruptedException {
        join();
        List<Watched> asked = new ArrayList<>(components);
        asked.forEach(Watched::ask);
        long end = clock.nanoTime() + patience.toNanos();
        for (Watched each : asked) {
            each.report(each.answer(end));
        }
    }

    /** Once it was written down whom this reports on, their silence is noticed, too. */
    private void join() {
        if (joined) {
            return;
        }
        try {
            monitor.join(components.stream().map(each -> each.check.component()).toList());
            joined = true;
        } catch (RuntimeException e) {
            LOG.error(
                    CoreLogCode.HEALTH_UNRECORDED,
                    "Which components are watched could not be recorded: {}",
                    e.getMessage());
        }
    }

    /** Ends watching, and says so of each component. */
    @Override
    public synchronized void close() {
        closing.countDown();
        Thread thread = running;
        if (thread == null) {
            return;
        }
        running = null;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        components.forEach(each -> each.record(Check.Result.down("stopped")));
    }

    /** One component, and how it did before. */
    private final class Watched {
        private final Check check;
        private @Nullable FutureTask<Check.Result> asked;
        private long askedAt;
        private @Nullable Long failingSince;
        private @Nullable HealthStatus recorded;
        private int unrecorded;
        private Instant recordedAt = Instant.MIN;

        Watched(Check check) {
            this.check = check;
        }

        void ask() {
            if (asked != null && !asked.isDone()) {
                return;
            }
            FutureTask<Check.Result> task = new FutureTask<>(check::look);
            asked = task;
            askedAt = clock.nanoTime();
            Thread thread = threads.newThread(task);
            thread.setName("check-" + check.component());
            thread.setDaemon(true);
            thread.start();
        }

        Check.Result answer(long end) throws InterruptedException {
            FutureTask<Check.Result> task = asked;
            if (task == null) {
                throw new IllegalStateException("not asked");
            }
            try {
                Check.Result result = task.get(Math.max(0, end - clock.nanoTime()), TimeUnit.NANOSECONDS);
                failingSince = null;
                return result;
            } catch (TimeoutException e) {
                return failing("no answer for %d s".formatted((clock.nanoTime() - askedAt) / 1_000_000_000));
            } catch (ExecutionException e) {
                Throwable cause = e.getCause();
                if (cause instanceof OutOfMemoryError fatal) {
                    throw fatal;
                }
                String words =
                        cause instanceof PipelineException ? String.valueOf(cause.getMessage()) : String.valueOf(cause);
                return failing(InertText.of(words));
            }
        }

        private Check.Result failing(String words) {
            long now = clock.nanoTime();
            Long since = failingSince;
            if (since == null) {
                failingSince = now;
                return Check.Result.degraded(words);
            }
            return now - since < DOWN_AFTER.toNanos() ? Check.Result.degraded(words) : Check.Result.down(words);
        }

        void report(Check.Result result) {
            boolean isGoodOldNews = result.status() == HealthStatus.HEALTHY && recorded == HealthStatus.HEALTHY;
            unrecorded++;
            // by time as well: after a machine's sleep what was said before is old
            boolean isDue = unrecorded >= Monitor.GOOD_NEWS_EVERY
                    || recordedAt
                            .plus(interval.multipliedBy(Monitor.GOOD_NEWS_EVERY))
                            .isBefore(clock.now());
            if (!isGoodOldNews || isDue) {
                record(result);
            }
        }

        void record(Check.Result result) {
            try {
                monitor.report(check.component(), result.status(), result.message());
                recorded = result.status();
                unrecorded = 0;
                recordedAt = clock.now();
            } catch (RuntimeException e) {
                LOG.error(
                        CoreLogCode.HEALTH_UNRECORDED,
                        "The health of {} could not be recorded: {}",
                        check.component(),
                        e.getMessage());
            }
        }
    }
}
