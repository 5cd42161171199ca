package io.pipelinev2.runner.health;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.runner.config.DiskConfig;
import io.pipelinev2.runner.view.DisksView;
import io.pipelinev2.runner.view.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How much room there is on every file system in use, and for how long. */
final class DiskCheck implements Check {

    /** The store's setting that holds what was seen last, as JSON. */
    static final String SETTING = DisksView.SETTING;

    private static final double SOON_DAYS = 2;

    private final DiskGuard.Reading reading;
    private final DiskConfig config;
    private final Supplier<Optional<String>> refusal;
    private final PipelineStore store;
    private final Clock clock;
    private @Nullable DiskTrend trend;

    /** @param refusal why nothing new may be begun */
    DiskCheck(
            DiskGuard.Reading reading,
            DiskConfig config,
            Supplier<Optional<String>> refusal,
            PipelineStore store,
            Clock clock) {
        this.reading = reading;
        this.config = config;
        this.refusal = refusal;
        this.store = store;
        this.clock = clock;
    }

    @Override
    public String component() {
        return HealthComponent.DISK;
    }

    @Override
    public Result look() throws IOException {
        List<Volume> volumes = reading.volumes();
        DiskTrend seen = trend();
        volumes.forEach(volume -> seen.add(volume, clock.now()));
        record(volumes, seen);
        List<String> all = new ArrayList<>();
        List<String> scarce = new ArrayList<>();
        for (Volume volume : volumes) {
            all.add(words(volume, seen));
            boolean soon = seen.daysToFull(volume).orElse(Double.MAX_VALUE) < SOON_DAYS;
            if (volume.written() && (volume.free() < config.warn() || soon)) {
                scarce.add(words(volume, seen));
            }
        }
        Optional<String> held = refusal.get();
        if (held.isPresent()) {
            return Result.down("nothing new is begun: " + held.get());
        }
        return scarce.isEmpty()
                ? Result.healthy(String.join("; ", all))
                : Result.degraded(
                        "nearly full: %s; below %s nothing new is begun. Make room, or see docs/operating.md for what may be removed"
                                .formatted(String.join("; ", scarce), Bytes.shown(config.stop())));
    }

    /** Read when it is first asked for, because the store may not answer before. */
    private DiskTrend trend() {
        DiskTrend known = trend;
        if (known == null) {
            known = DiskTrend.of(store.read(tx -> tx.setting(DiskTrend.SETTING)).orElse("{}"));
            trend = known;
        }
        return known;
    }

    private static String words(Volume volume, DiskTrend seen) {
        OptionalDouble days = seen.daysToFull(volume);
        return "%s of %s free at %s%s"
                .formatted(
                        Bytes.shown(volume.free()),
                        Bytes.shown(volume.total()),
                        volume.path(),
                        days.isPresent() ? String.format(Locale.ROOT, ", full in %.1f days", days.getAsDouble()) : "");
    }

    private void record(List<Volume> volumes, DiskTrend seen) {
        List<Map<String, @Nullable Object>> disks = new ArrayList<>();
        for (Volume volume : volumes) {
            OptionalDouble days = seen.daysToFull(volume);
            Map<String, @Nullable Object> disk = new LinkedHashMap<>();
            disk.put("path", volume.path());
            disk.put("total_bytes", volume.total());
            disk.put("free_bytes", volume.free());
            disk.put("days_to_full", days.isPresent() ? days.getAsDouble() : null);
            disk.put("written", volume.written());
            disks.add(disk);
        }
        String json = Json.compact(Map.of("disks", disks));
        store.write(tx -> {
            tx.put(SETTING, json);
            tx.put(DiskTrend.SETTING, seen.json());
            return null;
        });
    }
}
