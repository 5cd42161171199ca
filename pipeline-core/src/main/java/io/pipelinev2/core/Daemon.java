package io.pipelinev2.core;

import io.pipelinev2.core.deployment.Deployer;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loops of a running pipeline: discovery, deployment and health each on their own thread, execution on the caller's, so
 * that a slow storage never delays supervision. A loop that fails says so in the health table and goes on.
 */
final class Daemon {

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    private static final Duration RECONCILE_INTERVAL = Duration.ofSeconds(1);

    private final Pipeline pipeline;
    private final Clock clock;
    private final Duration checkInterval;
    private final Duration healthInterval;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean started;

    Daemon(Pipeline pipeline, Clock clock, Duration checkInterval, Duration healthInterval) {
        this.pipeline = pipeline;
        this.clock = clock;
        this.checkInterval = checkInterval;
        this.healthInterval = healthInterval;
    }

    void run() {
        synchronized (this) {
            if (started) {
                throw new IllegalStateException("This pipeline runs as a daemon already.");
            }
            started = true;
        }
        try {
            pipeline.monitor().report(HealthReport.MANAGER, HealthStatus.HEALTHY, "started");
            Thread discovery = loop("discovery", HealthReport.DISCOVERY, checkInterval, pipeline::discoverTrials);
            Thread health = loop(
                    "health",
                    HealthReport.MANAGER,
                    healthInterval,
                    () -> pipeline.monitor().report(HealthReport.MANAGER, HealthStatus.HEALTHY, "running"));
            Deployer deployer = pipeline.deployer();
            Thread deployment = deployer == null
                    ? null
                    : loop("deployment", HealthReport.DEPLOY, RECONCILE_INTERVAL, deployer::reconcile);
            execute();
            stopping.countDown();
            discovery.join();
            health.join();
            if (deployment != null) {
                deployment.join();
            }
        } catch (InterruptedException e) {
            stopping.countDown();
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private void execute() throws InterruptedException {
        Trouble trouble = new Trouble("execution");
        while (stopping.getCount() > 0) {
            long seen = pipeline.executor().changes();
            try {
                pipeline.executor().tick();
                trouble.over();
                pipeline.executor().await(seen);
            } catch (RuntimeException e) {
                trouble.met(e);
                stopping.await(1, TimeUnit.SECONDS);
            }
        }
    }

    private Thread loop(String name, String component, Duration interval, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    Trouble trouble = new Trouble(component);
                    try {
                        do {
                            try {
                                work.run();
                                trouble.over();
                            } catch (RuntimeException e) {
                                trouble.met(e);
                            }
                        } while (!stopping.await(interval.toNanos(), TimeUnit.NANOSECONDS));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    void stop() {
        stopping.countDown();
    }

    boolean hasRun() {
        return started;
    }

    /** Waits until the loops have ended, unless called from one of them. */
    void awaitEnd() {
        if (!started) {
            return;
        }
        try {
            if (!ended.await(30, TimeUnit.SECONDS)) {
                LOG.warn("The daemon's loops have not ended within 30 s; going on without them.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reports the first failure of a loop and its end, not every one in between. */
    private final class Trouble {
        private final String component;
        private boolean present;
        private long lastReport = clock.nanoTime();

        Trouble(String component) {
            this.component = component;
        }

        void met(RuntimeException e) {
            boolean due = clock.nanoTime() - lastReport >= healthInterval.toNanos();
            if (!present || due) {
                LOG.error("{} failed; it is tried again.", component, e);
                report(HealthStatus.DEGRADED, String.valueOf(e.getMessage()));
            }
            present = true;
        }

        void over() {
            boolean due = clock.nanoTime() - lastReport >= healthInterval.toNanos();
            if ((present || due) && !component.equals(HealthReport.MANAGER)) {
                report(HealthStatus.HEALTHY, present ? "recovered" : "running");
            }
            present = false;
        }

        private void report(HealthStatus status, String message) {
            lastReport = clock.nanoTime();
            try {
                pipeline.monitor().report(component, status, message);
            } catch (RuntimeException e) {
                LOG.error("The health of {} could not be recorded: {}", component, e.getMessage());
            }
        }
    }
}
