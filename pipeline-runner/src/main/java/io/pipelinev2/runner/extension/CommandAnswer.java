package io.pipelinev2.runner.extension;

import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageOutcome.Passed;
import io.pipelinev2.core.stage.StageOutcome.Rejected;
import io.pipelinev2.core.stage.StageOutcome.Skipped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command answered, checked: nothing of a malformed answer is used.
 *
 * @param verdict the verdict
 * @param reason why, in words; never blank
 * @param results the evidence
 * @param series the evidence that is too long for results
 * @param model the file of the model that was validated, as the command wrote it, or null
 * @param retryAfter when to look again, of {@link Verdict#NOT_READY}
 */
record CommandAnswer(
        Verdict verdict,
        String reason,
        Map<String, @Nullable Object> results,
        List<Series> series,
        @Nullable String model,
        Duration retryAfter) {

    private static final int LONGEST_REASON = 10_000;
    private static final long LONGEST_WAIT_SECONDS = 86_400;
    private static final Duration USUAL_WAIT = Duration.ofMinutes(1);
    private static final List<String> KEYS =
            List.of("verdict", "reason", "results", "series", "model", "retry_after_seconds");

    /** What a command may come to. */
    enum Verdict {
        PASSED,
        REJECTED,
        SKIPPED,
        NOT_READY
    }

    /**
     * Reads an answer.
     *
     * @param output all that the command wrote to its standard output
     * @throws MalformedAnswerException saying what was found and what it must be
     */
    static CommandAnswer read(byte[] output) throws MalformedAnswerException {
        Map<String, @Nullable Object> answer = JsonAnswer.object(output);
        for (String key : answer.keySet()) {
            if (!KEYS.contains(key)) {
                throw new MalformedAnswerException(
                        "it has the key %s, which is not known; known are %s; what else was measured belongs into results"
                                .formatted(JsonAnswer.shown(key), String.join(", ", KEYS)));
            }
        }
        Verdict verdict = verdict(answer.get("verdict"));
        for (String key : List.of("results", "series", "model")) {
            if (verdict == Verdict.NOT_READY && answer.get(key) != null) {
                throw new MalformedAnswerException(
                        key + " belongs to a verdict, and not_ready is none: leave it out until there is one");
            }
        }
        return new CommandAnswer(
                verdict,
                reason(answer.get("reason"), verdict),
                results(answer.get("results")),
                series(answer.get("series")),
                model(answer.get("model"), verdict),
                retryAfter(answer.get("retry_after_seconds"), verdict));
    }

    private static Verdict verdict(@Nullable Object value) throws MalformedAnswerException {
        return switch (value instanceof String text ? text : "") {
            case "passed" -> Verdict.PASSED;
            case "rejected" -> Verdict.REJECTED;
            case "skipped" -> Verdict.SKIPPED;
            case "not_ready" -> Verdict.NOT_READY;
            default -> throw JsonAnswer.unlike("verdict", value, "one of passed, rejected, skipped, not_ready");
        };
    }

    private static String reason(@Nullable Object value, Verdict verdict) throws MalformedAnswerException {
        if (value == null && verdict == Verdict.PASSED) {
            return "passed";
        }
        if (!(value instanceof String text) || text.isBlank()) {
            throw JsonAnswer.unlike("reason", value, "text that says why, which only passed may leave out");
        }
        if (text.length() > LONGEST_REASON) {
            throw new MalformedAnswerException(
                    "reason was %d characters long but must be at most %d".formatted(text.length(), LONGEST_REASON));
        }
        return text;
    }

    private static Map<String, @Nullable Object> results(@Nullable Object value) throws MalformedAnswerException {
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw JsonAnswer.unlike("results", value, "an object { … }");
        }
        Map<String, @Nullable Object> results = new LinkedHashMap<>();
        map.forEach((key, element) -> results.put(String.valueOf(key), element));
        try {
            return StageOutcome.plain(results);
        } catch (IllegalArgumentException e) {
            throw new MalformedAnswerException(String.valueOf(e.getMessage()));
        }
    }

    private static List<Series> series(@Nullable Object value) throws MalformedAnswerException {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw JsonAnswer.unlike("series", value, "a list [ … ] of objects with name, basis and values");
        }
        List<Series> all = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            Series read = series(list.get(i), "series[" + i + "]");
            if (all.stream().anyMatch(before -> before.name().equals(read.name()))) {
                throw new MalformedAnswerException("series[%d].name was %s, as another's is, but must be its own"
                        .formatted(i, JsonAnswer.shown(read.name())));
            }
            all.add(read);
        }
        return all;
    }

    private static Series series(@Nullable Object value, String path) throws MalformedAnswerException {
        if (!(value instanceof Map<?, ?> map)) {
            throw JsonAnswer.unlike(path, value, "an object with name, basis and values");
        }
        if (!(map.get("name") instanceof String name) || name.isBlank()) {
            throw JsonAnswer.unlike(path + ".name", map.get("name"), "text, such as \"equity\"");
        }
        if (!(map.get("basis") instanceof String basis) || basis.isBlank()) {
            throw JsonAnswer.unlike(
                    path + ".basis",
                    map.get("basis"),
                    "text that is the same for all that was measured on the same data, such as the data's SHA-256");
        }
        if (!(map.get("values") instanceof List<?> list)) {
            throw JsonAnswer.unlike(path + ".values", map.get("values"), "a list [ … ] of numbers");
        }
        if (map.size() > 3) {
            throw new MalformedAnswerException(path + " has more keys than name, basis and values");
        }
        double[] values = new double[list.size()];
        for (int i = 0; i < values.length; i++) {
            if (!(list.get(i) instanceof Number number) || !Double.isFinite(number.doubleValue())) {
                throw JsonAnswer.unlike(path + ".values[" + i + "]", list.get(i), "a number that a double can hold");
            }
            values[i] = number.doubleValue();
        }
        return new Series(name, basis, values);
    }

    private static @Nullable String model(@Nullable Object value, Verdict verdict) throws MalformedAnswerException {
        if (value == null) {
            return null;
        }
        if (verdict != Verdict.PASSED) {
            throw new MalformedAnswerException("model belongs to passed alone: no copy is kept of another's");
        }
        if (!(value instanceof String text) || text.isBlank()) {
            throw JsonAnswer.unlike("model", value, "the path of a file, absolute or relative to the home");
        }
        return text;
    }

    private static Duration retryAfter(@Nullable Object value, Verdict verdict) throws MalformedAnswerException {
        if (value == null) {
            return USUAL_WAIT;
        }
        if (verdict != Verdict.NOT_READY) {
            throw new MalformedAnswerException("retry_after_seconds belongs to not_ready alone; a verdict is final");
        }
        if (!(value instanceof Number number)
                || !(number.doubleValue() >= 1 && number.doubleValue() <= LONGEST_WAIT_SECONDS)) {
            throw JsonAnswer.unlike("retry_after_seconds", value, "a number from 1 to " + LONGEST_WAIT_SECONDS);
        }
        return Duration.ofMillis((long) (number.doubleValue() * 1000));
    }

    /** The verdict as a stage gives it. */
    StageOutcome outcome() {
        return switch (verdict) {
            case PASSED -> new Passed(reason, results, series);
            case REJECTED -> new Rejected(reason, results, series);
            case SKIPPED -> new Skipped(reason, results, series);
            case NOT_READY -> throw new IllegalStateException("not_ready is no verdict");
        };
    }

    /** The same answer with another result. */
    CommandAnswer with(String key, Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(results);
        more.put(key, value);
        return new CommandAnswer(verdict, reason, more, series, model, retryAfter);
    }
}
