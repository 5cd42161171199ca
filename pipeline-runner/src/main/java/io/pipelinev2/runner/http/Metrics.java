package io.pipelinev2.runner.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.PipelineGauge;
import io.pipelinev2.runner.http.reading.Cached;
import io.pipelinev2.runner.http.reading.Glance;
import io.pipelinev2.runner.http.reading.StatusAnswer;
import io.pipelinev2.runner.view.DeploymentsView;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The figures of {@code /metrics}, in the text form of Prometheus. They come from the snapshots of {@code /status}, so a
 * scrape waits for no database; what is not known is left out, as NaN.
 */
final class Metrics implements AutoCloseable {

    static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    Metrics(Cached<Glance> status, Cached<DeploymentsView> deployments) {
        new JvmMemoryMetrics().bindTo(registry);
        collections.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        add(PipelineGauge.HEALTH, "", () -> {
            HealthStatus health = new StatusAnswer(status.get()).health();
            return health == HealthStatus.HEALTHY ? 1 : health == HealthStatus.DEGRADED ? 0.5 : 0;
        });
        add(PipelineGauge.STAGES_HELD, "", () -> {
            PipelineStatus known = new StatusAnswer(status.get()).status();
            return known == null ? null : known.holds().size();
        });
        for (TrialStatus each : TrialStatus.values()) {
            add(PipelineGauge.TRIALS, each.label(), () -> {
                PipelineStatus known = new StatusAnswer(status.get()).status();
                return known == null ? null : known.count(each);
            });
        }
        for (DeploymentHealth each : DeploymentHealth.values()) {
            add(PipelineGauge.DEPLOYMENTS, each.label(), () -> {
                DeploymentsView known = deployments.get().value();
                return known == null
                        ? null
                        : known.rows().stream()
                                .filter(row -> row.deployment().health() == each)
                                .count();
            });
        }
        Gauge.builder("pipeline.status.age", () -> status.get().age().toMillis() / 1000.0)
                .description("how old what is told of the pipeline is")
                .baseUnit("seconds")
                .register(registry);
    }

    private void add(PipelineGauge gauge, String value, Supplier<@Nullable Number> reading) {
        Gauge.Builder<Supplier<Number>> builder = Gauge.builder(gauge.id(), () -> {
                    Number known = reading.get();
                    return known == null ? Double.NaN : known;
                })
                .description(gauge.description());
        (gauge.tag().isEmpty() ? builder : builder.tag(gauge.tag(), value)).register(registry);
    }

    String text() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
