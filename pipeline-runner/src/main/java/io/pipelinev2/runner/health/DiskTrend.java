package io.pipelinev2.runner.health;

import io.pipelinev2.runner.view.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * How fast file systems fill up, by what was seen within a day. A few of the samples are kept by the store, so that a restart
 * does not forget what was seen before.
 */
final class DiskTrend {

    /** The store's setting that holds the samples, as JSON. */
    static final String SETTING = "disk_trend";

    private static final Duration WINDOW = Duration.ofDays(1);
    private static final Duration LEAST = Duration.ofHours(1);
    private static final Duration APART = Duration.ofMinutes(30);
    private static final double DAY = Duration.ofDays(1).toMillis();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Sample(long at, long free) {}

    private final Map<String, Deque<Sample>> samples = new HashMap<>();

    /** As it was kept; of what cannot be read nothing is known. */
    static DiskTrend of(String json) {
        DiskTrend trend = new DiskTrend();
        try {
            @Nullable Map<String, List<List<Long>>> kept = JSON.readValue(json, new TypeReference<>() {});
            if (kept != null) {
                kept.forEach((path, seen) -> seen.stream()
                        .filter(sample -> sample.size() == 2)
                        .forEach(sample -> trend.samples
                                .computeIfAbsent(path, each -> new ArrayDeque<>())
                                .addLast(new Sample(sample.get(0), sample.get(1)))));
            }
        } catch (JacksonException | ClassCastException e) {
            trend.samples.clear();
        }
        return trend;
    }

    /** To be read by {@link #of}. */
    String json() {
        Map<String, @Nullable Object> kept = new HashMap<>();
        samples.forEach((path, seen) -> {
            List<List<Long>> all = new ArrayList<>();
            seen.forEach(sample -> all.add(List.of(sample.at(), sample.free())));
            kept.put(path, all);
        });
        return Json.compact(kept);
    }

    /** What was seen now. Of what lies closely before it one sample is enough. */
    void add(Volume volume, Instant now) {
        long at = now.toEpochMilli();
        Deque<Sample> seen = samples.computeIfAbsent(volume.path(), path -> new ArrayDeque<>());
        // a clock that was set back would make time run twice
        seen.removeIf(sample -> sample.at() > at || at - sample.at() > WINDOW.toMillis());
        Sample last = seen.pollLast();
        if (last != null && (seen.isEmpty() || last.at() - seen.getLast().at() >= APART.toMillis())) {
            seen.addLast(last);
        }
        seen.addLast(new Sample(at, volume.free()));
    }

    /** In how many days it is full if it goes on so; empty if it does not fill up, or was not seen for long enough. */
    OptionalDouble daysToFull(Volume volume) {
        Deque<Sample> seen = samples.get(volume.path());
        if (seen == null || seen.size() < 2) {
            return OptionalDouble.empty();
        }
        long elapsed = seen.getLast().at() - seen.getFirst().at();
        long used = seen.getFirst().free() - seen.getLast().free();
        return elapsed < LEAST.toMillis() || used <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(seen.getLast().free() / (used / (elapsed / DAY)));
    }
}
