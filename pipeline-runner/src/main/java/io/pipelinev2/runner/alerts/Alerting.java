package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.runner.logging.RunnerLogCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the state at intervals, and tells channels what a human should look at. The look has a thread of its own, and so
 * has every channel: whatever hangs, hangs alone.
 */
public final class Alerting implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Alerting.class);
    private static final Duration LOOK = Duration.ofSeconds(15);
    private static final Duration POST = Duration.ofSeconds(1);
    private static final long PATIENCE_SECONDS = 5;

    private final AlertBook book;
    private final StoreOutage outage;
    private final List<ChannelLine> lines = new ArrayList<>();
    private final List<DeadManPing> pings;
    private final Monitor monitor;
    private final List<AutoCloseable> resources;
    private final Duration interval;
    private final ThreadFactory threads;
    private final List<Thread> running = new ArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * @param channels whom to tell
     * @param pings what to ask for while the pipeline is well
     * @param source what is said of where the alerts come from
     * @param resources what is closed with this
     */
    public Alerting(
            PipelineStore store,
            Clock clock,
            AlertSettings settings,
            List<OpenChannel> channels,
            List<DeadManPing> pings,
            String source,
            List<AutoCloseable> resources,
            ThreadFactory threads) {
        Conditions conditions = new Conditions(settings, clock.now());
        this.book = new AlertBook(store, conditions::in, channels);
        for (OpenChannel channel : channels) {
            lines.add(new ChannelLine(channel, store, clock, threads, source));
        }
        Instant began = clock.now();
        this.outage = new StoreOutage(clock, source, notice -> {
            for (int i = 0; i < channels.size(); i++) {
                if (channels.get(i).wants(StoreOutage.alert(began))) {
                    lines.get(i).tell(notice);
                }
            }
        });
        this.pings = List.copyOf(pings);
        this.monitor = new Monitor(store, settings.healthInterval());
        this.resources = List.copyOf(resources);
        this.interval = settings.healthInterval().compareTo(LOOK) < 0 ? settings.healthInterval() : LOOK;
        this.threads = threads;
    }

    /** Begins to look and to tell, on threads of its own. */
    public synchronized void start() {
        run("alerts", interval, this::look);
        for (ChannelLine line : lines) {
            run("alerts-" + line.name(), POST, () -> deliver(line));
        }
        for (DeadManPing ping : pings) {
            run("alerts-" + ping.name(), POST, () -> ping(ping));
        }
    }

    private void run(String name, Duration pause, Runnable pass) {
        Thread thread = threads.newThread(() -> {
            try {
                do {
                    pass.run();
                } while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setName(name);
        thread.setDaemon(true);
        running.add(thread);
        thread.start();
    }

    /** One look at the state. */
    void look() {
        try {
            book.look();
            outage.over();
        } catch (RuntimeException e) {
            // an alert about what keeps alerts from being found must not end the looking for them
            outage.failed(e);
        }
    }

    private void deliver(ChannelLine line) {
        try {
            line.deliverDue();
        } catch (RuntimeException e) {
            LOG.debug("What is in the post for {} cannot be read now", line.name(), e);
        }
    }

    private void ping(DeadManPing ping) {
        try {
            ping.pass(() -> monitor.status().pipeline() != HealthStatus.DOWN);
        } catch (RuntimeException e) {
            LOG.debug("No ping by {}: it cannot be told whether the pipeline is well", ping.name(), e);
        }
    }

    /** Everything that is due now, on the calling thread; for tests. */
    void pass() {
        look();
        lines.forEach(this::deliver);
        pings.forEach(this::ping);
    }

    /** Ends looking and telling. What is in the post is told after the next start. */
    @Override
    public synchronized void close() {
        closing.countDown();
        running.forEach(Thread::interrupt);
        try {
            for (Thread thread : running) {
                thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.clear();
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                LOG.warn(RunnerLogCode.NOT_CLOSED, "An alert channel was closed with an error", e);
            }
        }
    }
}
