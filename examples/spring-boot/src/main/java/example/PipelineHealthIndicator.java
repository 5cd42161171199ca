package example;

import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.EmbeddedPipeline;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/** The part {@code pipeline} of {@code /actuator/health}. What {@code status()} throws makes it DOWN, with the message. */
@Component
class PipelineHealthIndicator extends AbstractHealthIndicator {

    private final EmbeddedPipeline pipeline;

    PipelineHealthIndicator(EmbeddedPipeline pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        PipelineStatus status = pipeline.status();
        if (!pipeline.isRunning()) {
            health.down().withDetail("reason", "The pipeline was asked to drain. Restart the application to go on.");
            return;
        }
        switch (status.pipeline()) {
            case HEALTHY -> health.up();
            case DEGRADED -> health.status(new Status("DEGRADED"));
            case DOWN -> health.down();
        }
        for (TrialStatus each : TrialStatus.values()) {
            health.withDetail(each.label(), status.count(each));
        }
        for (HealthReport each : status.components()) {
            String words = each.status() == HealthStatus.HEALTHY ? "" : ": " + each.message();
            health.withDetail(each.component(), each.status().label() + words);
        }
    }
}
