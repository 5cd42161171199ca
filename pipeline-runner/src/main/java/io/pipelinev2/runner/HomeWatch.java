package io.pipelinev2.runner;

import io.pipelinev2.runner.alerts.Alerting;
import io.pipelinev2.runner.health.HealthWatch;

/**
 * Looks after a home beside its daemon: how the parts of the pipeline are, and who is told of what a human should look at.
 * Only the process that supervises the home may have one.
 */
public final class HomeWatch implements AutoCloseable {

    private final HealthWatch health;
    private final Alerting alerting;

    HomeWatch(HealthWatch health, Alerting alerting) {
        this.health = health;
        this.alerting = alerting;
    }

    /** Begins, on threads of its own. */
    public void start() {
        health.start();
        alerting.start();
    }

    /** Ends; to be called before the pipeline is closed, whose end is nothing to be alarmed about. */
    @Override
    public void close() {
        alerting.close();
        health.close();
    }
}
