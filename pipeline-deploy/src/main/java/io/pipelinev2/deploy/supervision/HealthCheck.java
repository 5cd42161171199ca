package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.deploy.papertrading.Heartbeat;
import io.pipelinev2.deploy.papertrading.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How well a process that runs is. For a command of a user's own, living past its start time is all that can be known; the
 * bundled trader reports, and silence, nonsense, or the voice of another process is never taken for health.
 */
final class HealthCheck {

    /** How long a bundled trader may take to its first report; a small machine loads slowly. */
    static final Duration FIRST_REPORT = Duration.ofSeconds(60);

    private static final Duration SILENCE = longer(Heartbeat.INTERVAL.multipliedBy(3), Duration.ofSeconds(60));

    private final Duration startTime;
    private final boolean reports;

    HealthCheck(Duration startTime, boolean reports) {
        this.startTime = startTime;
        this.reports = reports;
    }

    /**
     * A health with its reason.
     *
     * @param reason why, in words, or null if there is nothing to say
     */
    record Health(DeploymentHealth word, @Nullable String reason) {}

    Health of(Deployment deployment, Path stateDirectory, Instant now) {
        Instant startedAt = deployment.startedAt() == null ? now : deployment.startedAt();
        if (now.isBefore(startedAt.plus(startTime))) {
            return new Health(DeploymentHealth.STARTING, null);
        }
        if (!reports) {
            return new Health(DeploymentHealth.HEALTHY, null);
        }
        boolean mayBeLoading = now.isBefore(startedAt.plus(FIRST_REPORT));
        try {
            Optional<Heartbeat> heartbeat = Heartbeat.read(stateDirectory);
            if (heartbeat.isPresent() && heartbeat.get().nonce().equals(deployment.nonce())) {
                return of(heartbeat.get(), now);
            }
            if (mayBeLoading) {
                return new Health(DeploymentHealth.STARTING, null);
            }
            return new Health(
                    DeploymentHealth.DEGRADED,
                    heartbeat.isPresent()
                            ? "its heartbeat is that of another start"
                            : "it has not reported within " + FIRST_REPORT.toSeconds() + " s of its start");
        } catch (PipelineException e) {
            return mayBeLoading
                    ? new Health(DeploymentHealth.STARTING, null)
                    : new Health(DeploymentHealth.DEGRADED, "its heartbeat cannot be read: " + e.getMessage());
        }
    }

    private static Health of(Heartbeat heartbeat, Instant now) {
        if (now.isAfter(heartbeat.at().plus(SILENCE))) {
            // Without its age: that would be another reason, and another write, at every look.
            return new Health(DeploymentHealth.STALE, "silent since " + heartbeat.at());
        }
        return new Health(
                DeploymentHealth.HEALTHY,
                heartbeat.phase() == Phase.IDLE ? "at the end of its data; waiting for more" : null);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
