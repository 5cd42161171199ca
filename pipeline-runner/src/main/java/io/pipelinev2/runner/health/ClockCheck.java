package io.pipelinev2.runner.health;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.PipelineStore;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether the machine's clock was set, and whether the database has another time. */
final class ClockCheck implements Check {

    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private final PipelineStore store;
    private final Clock clock;
    private @Nullable Instant lastWall;
    private long lastNanos;

    ClockCheck(PipelineStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public String component() {
        return HealthComponent.CLOCK;
    }

    @Override
    public Result look() {
        Instant wall = clock.now();
        long nanos = clock.nanoTime();
        Instant before = lastWall;
        Duration step =
                before == null ? Duration.ZERO : Duration.between(before, wall).minusNanos(nanos - lastNanos);
        lastWall = wall;
        lastNanos = nanos;
        Duration skew = Duration.between(clock.now(), store.now());
        if (skew.abs().compareTo(TOLERANCE) > 0) {
            return Result.degraded("the database's clock differs by %d s from this machine's: let both keep time by NTP"
                    .formatted(skew.toSeconds()));
        }
        if (step.abs().compareTo(TOLERANCE) > 0) {
            return Result.degraded(
                    "the machine's clock was set by %d s, or the machine slept: times before are not comparable"
                            .formatted(step.toSeconds()));
        }
        return Result.healthy("steady");
    }
}
