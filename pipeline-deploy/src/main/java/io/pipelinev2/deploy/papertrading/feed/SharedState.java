package io.pipelinev2.deploy.papertrading.feed;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the traders of a home that ask one endpoint know of each other's requests.
 *
 * @param generation of the file with the bars
 * @param length how many bytes of that file count; what is behind them was being written when its writer died
 * @param from since when all bars are in it, empty if none are
 * @param until up to when
 * @param notBefore when the endpoint may be asked again
 * @param failures how many requests have failed since the last that did not
 * @param trouble why the last one failed, or null
 * @param lasting whether that does not pass by itself as a rule
 * @param ahead by how much the endpoint's clock is ahead of this machine's; zero while they agree
 */
record SharedState(
        long generation,
        long length,
        Optional<Instant> from,
        Instant until,
        Instant notBefore,
        int failures,
        @Nullable String trouble,
        boolean lasting,
        Duration ahead) {

    static final SharedState NONE =
            new SharedState(0, 0, Optional.empty(), Instant.EPOCH, Instant.EPOCH, 0, null, false, Duration.ZERO);

    SharedState asking(Instant next) {
        return new SharedState(generation, length, from, until, next, failures, trouble, lasting, ahead);
    }

    SharedState answered(Duration clockAhead) {
        return new SharedState(generation, length, from, until, notBefore, 0, null, false, clockAhead);
    }

    SharedState failed(String why, boolean lastingly, Instant next) {
        return new SharedState(generation, length, from, until, next, failures + 1, why, lastingly, ahead);
    }

    SharedState holding(long newGeneration, long newLength, Instant since, Instant upTo) {
        return new SharedState(
                newGeneration, newLength, Optional.of(since), upTo, notBefore, failures, trouble, lasting, ahead);
    }

    Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("generation", generation);
        values.put("length", length);
        values.put("from", from.map(Instant::toString).orElse(null));
        values.put("until", until.toString());
        values.put("not_before", notBefore.toString());
        values.put("failures", failures);
        values.put("trouble", trouble);
        values.put("lasting", lasting);
        values.put("ahead_millis", ahead.toMillis());
        return values;
    }

    /** What {@link #toMap} gave; {@link #NONE} for anything else, since all of it can be asked for again. */
    static SharedState of(Map<String, ? extends @Nullable Object> values) {
        try {
            return new SharedState(
                    whole(values, "generation"),
                    whole(values, "length"),
                    Optional.ofNullable(values.get("from")).map(text -> Instant.parse(text.toString())),
                    Instant.parse(String.valueOf(values.get("until"))),
                    Instant.parse(String.valueOf(values.get("not_before"))),
                    (int) whole(values, "failures"),
                    values.get("trouble") instanceof String text ? text : null,
                    Boolean.TRUE.equals(values.get("lasting")),
                    Duration.ofMillis(whole(values, "ahead_millis")));
        } catch (DateTimeException | IllegalArgumentException e) {
            return NONE;
        }
    }

    private static long whole(Map<String, ? extends @Nullable Object> values, String name) {
        if (values.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("no " + name);
    }
}
