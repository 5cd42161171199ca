package io.pipelinev2.backtest.market;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * The regular grid that bars lie on: the step is the most frequent distance between neighbours (the smallest of equally
 * frequent ones).
 *
 * @param step milliseconds from bar to bar; 0 for fewer than two bars
 * @param missing how many bars of the grid are not there
 * @param irregular how many bars lie beside the grid: their distance from the one before is no multiple of the step
 * @param firstGap epoch milliseconds of the bar before the first missing or irregular one
 */
record BarGrid(long step, long missing, long irregular, long firstGap) {

    /** @param times strictly ascending */
    static BarGrid of(long[] times) {
        if (times.length < 2) {
            return new BarGrid(0, 0, 0, 0);
        }
        long step = mostFrequentDistance(times);
        long missing = 0;
        long irregular = 0;
        long first = 0;
        for (int i = 1; i < times.length; i++) {
            long distance = times[i] - times[i - 1];
            if (distance == step) {
                continue;
            }
            if (missing + irregular == 0) {
                first = times[i - 1];
            }
            if (distance % step == 0) {
                missing += distance / step - 1;
            } else {
                irregular++;
            }
        }
        return new BarGrid(step, missing, irregular, first);
    }

    /** The gaps in words, to stand in a sentence; empty if there are none. */
    Optional<String> gaps() {
        if (missing + irregular == 0) {
            return Optional.empty();
        }
        return Optional.of(missing + " bars of " + Duration.ofMillis(step) + " are missing"
                + (irregular == 0 ? "" : " and " + irregular + " lie beside the regular grid") + ", first after "
                + Instant.ofEpochMilli(firstGap));
    }

    private static long mostFrequentDistance(long[] times) {
        long[] distances = new long[times.length - 1];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = times[i + 1] - times[i];
        }
        Arrays.sort(distances);
        long best = distances[0];
        int most = 0;
        for (int from = 0; from < distances.length; ) {
            int to = from;
            while (to < distances.length && distances[to] == distances[from]) {
                to++;
            }
            if (to - from > most) {
                most = to - from;
                best = distances[from];
            }
            from = to;
        }
        return best;
    }
}
