package io.pipelinev2.runner.health;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** How fast file systems fill up, by what was seen within a day. */
final class DiskTrend {

    private static final Duration WINDOW = Duration.ofDays(1);
    private static final Duration LEAST = Duration.ofHours(1);
    private static final double DAY = Duration.ofDays(1).toNanos();

    private record Sample(long at, long free) {}

    private final Map<String, Deque<Sample>> samples = new HashMap<>();

    /** @param now monotonic nanoseconds */
    void add(Volume volume, long now) {
        Deque<Sample> seen = samples.computeIfAbsent(volume.path(), path -> new ArrayDeque<>());
        seen.addLast(new Sample(now, volume.free()));
        while (now - seen.getFirst().at() > WINDOW.toNanos()) {
            seen.removeFirst();
        }
    }

    /** In how many days it is full if it goes on so; empty if it does not fill up, or was not seen for long enough. */
    OptionalDouble daysToFull(Volume volume) {
        Deque<Sample> seen = samples.get(volume.path());
        if (seen == null || seen.size() < 2) {
            return OptionalDouble.empty();
        }
        long elapsed = seen.getLast().at() - seen.getFirst().at();
        long used = seen.getFirst().free() - seen.getLast().free();
        return elapsed < LEAST.toNanos() || used <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(seen.getLast().free() / (used / (elapsed / DAY)));
    }
}
