package io.pipelinev2.core;

import io.pipelinev2.core.deployment.Deployer;
import io.pipelinev2.core.logging.CoreLogCode;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loops of a running pipeline: discovery, deployment, supervision and health each on their own thread, execution on the
 * caller's, so that neither a slow storage nor a long look at all trials ever delays supervision. A loop that fails says so in the health table and goes on.
 */
final class Daemon {

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    private static final String EXECUTION = "execution";
    private static final String RETENTION = "retention";
    private static final Duration RETENTION_INTERVAL = Duration.ofHours(1);
    private static final Duration RECONCILE_INTERVAL = Duration.ofSeconds(1);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
    private static final String STOPPED = "stopped";
    private static final int MISSED_BEATS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Pipeline pipeline;
    private final Clock clock;
    private final Duration checkInterval;
    private final Duration healthInterval;
    private final ThreadFactory threads;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Pulse> pulses = new CopyOnWriteArrayList<>();
    private volatile boolean started;
    private volatile boolean reports;

    Daemon(Pipeline pipeline, Clock clock, Duration checkInterval, Duration healthInterval, ThreadFactory threads) {
        this.pipeline = pipeline;
        this.clock = clock;
        this.checkInterval = checkInterval;
        this.healthInterval = healthInterval;
        this.threads = threads;
    }

    /** @param begun called once all loops have begun */
    void run(Runnable begun) {
        begin();
        reports = true;
        try {
            Deployer deployer = pipeline.deployer();
            List<String> components =
                    new ArrayList<>(List.of(HealthReport.MANAGER, HealthReport.DISCOVERY, EXECUTION, RETENTION));
            if (deployer != null) {
                components.addAll(List.of(HealthReport.DEPLOY, HealthReport.SUPERVISION));
            }
            pipeline.monitor().begin(components, pipeline.stageNames());
            List<Thread> loops = new ArrayList<>();
            loops.add(loop(HealthReport.DISCOVERY, checkInterval, pipeline::discoverUnlessHeld));
            if (deployer != null) {
                loops.add(loop(HealthReport.DEPLOY, RECONCILE_INTERVAL, deployer::choose));
                loops.add(supervision(deployer));
            }
            Pulse execution = pulse(EXECUTION, POLL_INTERVAL);
            loops.add(loop(RETENTION, RETENTION_INTERVAL, pipeline::prune));
            loops.add(start("health", () -> repeat(healthInterval, this::reportHealth)));
            begun.run();
            execute(execution);
            stop();
            for (Thread each : loops) {
                each.join();
            }
        } catch (InterruptedException e) {
            stopping.countDown();
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    /** Only executes, and leaves it to the daemon to report. */
    void runWorker() {
        begin();
        try {
            execute(new Pulse(EXECUTION, POLL_INTERVAL));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stopping.countDown();
            ended.countDown();
        }
    }

    private synchronized void begin() {
        if (started) {
            throw new IllegalStateException("This pipeline runs already.");
        }
        started = true;
    }

    private void execute(Pulse pulse) throws InterruptedException {
        while (stopping.getCount() > 0 && !pipeline.executor().isDrainRequested()) {
            long seen = pipeline.executor().changes();
            try {
                pipeline.executor().tick();
                pulse.beat();
                pipeline.executor().await(seen);
            } catch (RuntimeException | Error e) {
                pulse.missed(e);
                stopping.await(1, TimeUnit.SECONDS);
            }
        }
    }

    private Thread loop(String component, Duration interval, Runnable work) {
        Pulse pulse = pulse(component, interval);
        return start(component, () -> repeat(interval, () -> pulse.pass(work)));
    }

    /** The one loop that something else than time wakes: the death of a process. */
    private Thread supervision(Deployer deployer) {
        Pulse pulse = pulse(HealthReport.SUPERVISION, RECONCILE_INTERVAL);
        return start(HealthReport.SUPERVISION, () -> {
            try {
                while (stopping.getCount() > 0) {
                    boolean failed = !pulse.pass(deployer::supervise);
                    if (failed) {
                        // whatever woke it would wake it again at once
                        stopping.await(RECONCILE_INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
                    } else {
                        deployer.await(RECONCILE_INTERVAL);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void repeat(Duration interval, Runnable pass) {
        try {
            do {
                pass.run();
            } while (!stopping.await(interval.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Thread start(String name, Runnable body) {
        Thread thread = threads.newThread(body);
        thread.setName(name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private Pulse pulse(String component, Duration interval) {
        Pulse pulse = new Pulse(component, interval);
        pulses.add(pulse);
        record(component, HealthStatus.HEALTHY, "started");
        return pulse;
    }

    private void reportHealth() {
        record(HealthReport.MANAGER, HealthStatus.HEALTHY, "running");
        pulses.forEach(Pulse::report);
    }

    private void record(String component, HealthStatus status, String message) {
        if (!reports) {
            return;
        }
        try {
            pipeline.monitor().report(component, status, message);
        } catch (RuntimeException e) {
            LOG.error(
                    CoreLogCode.HEALTH_UNRECORDED,
                    "The health of {} could not be recorded: {}",
                    component,
                    e.getMessage());
        }
    }

    /** Says of each loop that it has ended. */
    void reportTheEnd() {
        record(HealthReport.MANAGER, HealthStatus.DOWN, STOPPED);
        pulses.forEach(pulse -> record(pulse.component, HealthStatus.DOWN, STOPPED));
    }

    void stop() {
        stopping.countDown();
        Deployer deployer = pipeline.deployer();
        if (deployer != null) {
            deployer.wake();
        }
    }

    boolean hasReported() {
        return reports;
    }

    /** Waits until the loops have ended, unless called from one of them. */
    void awaitEnd() {
        if (!started) {
            return;
        }
        try {
            if (!ended.await(30, TimeUnit.SECONDS)) {
                LOG.warn(
                        CoreLogCode.LOOPS_GO_ON,
                        "The daemon's loops have not ended within 30 s; going on without them.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How a loop is doing, judged from outside it: a loop that hangs says nothing itself. */
    private final class Pulse {
        private final String component;
        private final Duration interval;
        private long lastBeat = clock.nanoTime();
        private @Nullable String trouble;

        Pulse(String component, Duration interval) {
            this.component = component;
            this.interval = interval;
        }

        /** @return whether the work was done */
        boolean pass(Runnable work) {
            try {
                work.run();
                beat();
                return true;
            } catch (RuntimeException | Error e) {
                // an Error, too, is one pass that failed: a loop that died of it would be missed by nobody
                missed(e);
                return false;
            }
        }

        synchronized void beat() {
            lastBeat = clock.nanoTime();
            if (trouble != null) {
                trouble = null;
                record(component, HealthStatus.HEALTHY, "recovered");
            }
        }

        synchronized void missed(Throwable e) {
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            boolean first = trouble == null;
            trouble = message;
            if (first) {
                LOG.error(CoreLogCode.LOOP_FAILED, "{} failed; it is tried again.", component, e);
                record(component, HealthStatus.DEGRADED, message);
            }
        }

        synchronized void report() {
            Duration silence = Duration.ofNanos(clock.nanoTime() - lastBeat);
            if (trouble != null) {
                record(component, HealthStatus.DEGRADED, trouble);
            } else if (silence.compareTo(interval.multipliedBy(MISSED_BEATS).plus(PATIENCE)) > 0) {
                record(component, HealthStatus.DEGRADED, "nothing heard of it for " + silence.toSeconds() + " s");
            } else {
                record(component, HealthStatus.HEALTHY, "running");
            }
        }
    }
}
