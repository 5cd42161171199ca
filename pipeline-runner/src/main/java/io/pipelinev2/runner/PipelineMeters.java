package io.pipelinev2.runner;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.TrialStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gauges of one embedded pipeline, from when it starts until it is closed. Apart from the builder that takes the registry, the only class that knows Micrometer. */
final class PipelineMeters implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineMeters.class);

    /** All gauges of a scrape are to come from one look at the store. */
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final MeterRegistry registry;
    private final Supplier<PipelineStatus> status;
    private final Supplier<List<Deployment>> deployments;
    private final Clock clock = Clock.system();
    private final List<Meter> meters = new ArrayList<>();
    private @Nullable Look last;
    private long lastLook;
    private boolean looked;

    private record Look(PipelineStatus status, Map<DeploymentHealth, Long> deployments) {}

    private PipelineMeters(MeterRegistry registry, PipelineHome home) {
        this.registry = registry;
        this.status = home.monitor()::status;
        this.deployments = () -> home.store().read(StoreReader::deployments);
    }

    static PipelineMeters bind(MeterRegistry registry, PipelineHome home) {
        PipelineMeters meters = new PipelineMeters(registry, home);
        Path directory = home.config().home();
        meters.add(
                directory,
                PipelineGauge.HEALTH,
                "",
                look -> health(look.status().pipeline()));
        meters.add(
                directory,
                PipelineGauge.STAGES_HELD,
                "",
                look -> look.status().holds().size());
        for (TrialStatus each : TrialStatus.values()) {
            meters.add(
                    directory,
                    PipelineGauge.TRIALS,
                    each.label(),
                    look -> look.status().count(each));
        }
        for (DeploymentHealth each : DeploymentHealth.values()) {
            meters.add(
                    directory,
                    PipelineGauge.DEPLOYMENTS,
                    each.label(),
                    look -> look.deployments().getOrDefault(each, 0L));
        }
        return meters;
    }

    private static double health(HealthStatus status) {
        return switch (status) {
            case HEALTHY -> 1;
            case DEGRADED -> 0.5;
            case DOWN -> 0;
        };
    }

    private void add(Path home, PipelineGauge gauge, String value, Function<Look, Number> reading) {
        Gauge.Builder<Supplier<Number>> builder = Gauge.builder(gauge.id(), () -> read(reading))
                .description(gauge.description())
                .tag("home", home.toString());
        meters.add((gauge.tag().isEmpty() ? builder : builder.tag(gauge.tag(), value)).register(registry));
    }

    private Number read(Function<Look, Number> reading) {
        Look look = look();
        return look == null ? Double.NaN : reading.apply(look);
    }

    /** @return null if the store cannot be read at present */
    private synchronized @Nullable Look look() {
        long now = clock.nanoTime();
        if (!looked || now - lastLook > FRESH_NANOS) {
            last = fresh();
            lastLook = now;
            looked = true;
        }
        return last;
    }

    private @Nullable Look fresh() {
        try {
            return new Look(
                    status.get(),
                    deployments.get().stream()
                            .map(Deployment::health)
                            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())));
        } catch (StoreException e) {
            LOG.debug("The gauges have no values at present", e);
            return null;
        }
    }

    @Override
    public void close() {
        meters.forEach(registry::remove);
    }
}
