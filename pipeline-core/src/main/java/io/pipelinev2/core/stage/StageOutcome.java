package io.pipelinev2.core.stage;

import io.pipelinev2.core.stage.internal.JsonValues;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The verdict of a stage that could do its work. A verdict is final and never retried; a stage that could <em>not</em>
 * do its work throws instead.
 *
 * <p>Results are plain values, which any store, process or language can carry: null, booleans, finite numbers, text, lists, and
 * maps with text keys, nested at most 32 levels deep. NaN and infinities have no JSON form: what is undefined is null, with a
 * reason beside it. What a user may doubt later belongs in there; what is too long for them is a {@link Series}.
 */
public sealed interface StageOutcome {

    /** {@return why, in words; empty only of one that passed} */
    String reason();

    /** {@return the evidence, as {@link #plain} makes it; empty if there is none} */
    Map<String, @Nullable Object> results();

    /** {@return the evidence that is too long for results; it takes the place of what this stage measured of the trial before} */
    List<Series> series();

    /**
     * {@return the same verdict with other series}
     *
     * @param series each of a name of its own; they replace those that it has
     * @throws IllegalArgumentException if two have one name
     */
    StageOutcome with(List<Series> series);

    /**
     * The trial goes on to its next stage.
     *
     * @param reason why, in words; may be empty
     * @param results the evidence, as {@link #plain} makes it
     * @param series the evidence that is too long for results
     */
    record Passed(String reason, Map<String, @Nullable Object> results, List<Series> series) implements StageOutcome {
        /**
         * Takes its own copies, which cannot be changed.
         *
         * @param reason why, in words; may be empty
         * @param results plain values
         * @param series each of a name of its own
         * @throws IllegalArgumentException if a result is no plain value, or two series have one name
         */
        public Passed {
            results = JsonValues.checked(results);
            series = named(series);
        }

        @Override
        public Passed with(List<Series> newSeries) {
            return new Passed(reason, results, newSeries);
        }
    }

    /**
     * A gate said no. The trial ends here as failed, with this reason.
     *
     * @param reason why, in words
     * @param results the evidence, as {@link #plain} makes it
     * @param series the evidence that is too long for results
     */
    record Rejected(String reason, Map<String, @Nullable Object> results, List<Series> series) implements StageOutcome {
        /**
         * Takes its own copies, which cannot be changed.
         *
         * @param reason why, in words; not blank
         * @param results plain values
         * @param series each of a name of its own
         * @throws IllegalArgumentException if there is no reason, a result is no plain value, or two series have one name
         */
        public Rejected {
            requireReason(reason);
            results = JsonValues.checked(results);
            series = named(series);
        }

        @Override
        public Rejected with(List<Series> newSeries) {
            return new Rejected(reason, results, newSeries);
        }
    }

    /**
     * The stage does not apply to this trial, which goes on to its next stage.
     *
     * @param reason why, in words
     * @param results the evidence, as {@link #plain} makes it
     * @param series the evidence that is too long for results
     */
    record Skipped(String reason, Map<String, @Nullable Object> results, List<Series> series) implements StageOutcome {
        /**
         * Takes its own copies, which cannot be changed.
         *
         * @param reason why, in words; not blank
         * @param results plain values
         * @param series each of a name of its own
         * @throws IllegalArgumentException if there is no reason, a result is no plain value, or two series have one name
         */
        public Skipped {
            requireReason(reason);
            results = JsonValues.checked(results);
            series = named(series);
        }

        @Override
        public Skipped with(List<Series> newSeries) {
            return new Skipped(reason, results, newSeries);
        }
    }

    /**
     * The trial goes on to its next stage; nothing is kept but the reason.
     *
     * @param reason why, in words; may be empty
     * @return the verdict
     */
    static StageOutcome passed(String reason) {
        return passed(reason, Map.of());
    }

    /**
     * The trial goes on to its next stage.
     *
     * @param reason why, in words; may be empty
     * @param results the evidence, plain values
     * @return the verdict
     * @throws IllegalArgumentException if a result is no plain value; the message names its path
     */
    static StageOutcome passed(String reason, Map<String, ? extends @Nullable Object> results) {
        return new Passed(reason, JsonValues.checked(results), List.of());
    }

    /**
     * A gate said no; nothing is kept but the reason.
     *
     * @param reason why, in words
     * @return the verdict
     * @throws IllegalArgumentException if there is no reason
     */
    static StageOutcome rejected(String reason) {
        return rejected(reason, Map.of());
    }

    /**
     * A gate said no.
     *
     * @param reason why, in words
     * @param results the evidence, plain values
     * @return the verdict
     * @throws IllegalArgumentException if there is no reason, or a result is no plain value; the message names its path
     */
    static StageOutcome rejected(String reason, Map<String, ? extends @Nullable Object> results) {
        return new Rejected(reason, JsonValues.checked(results), List.of());
    }

    /**
     * The stage does not apply to this trial.
     *
     * @param reason why, in words
     * @return the verdict
     * @throws IllegalArgumentException if there is no reason
     */
    static StageOutcome skipped(String reason) {
        return new Skipped(reason, Map.of(), List.of());
    }

    /**
     * The values as they are kept with a verdict, and so as {@link StageContext#resultsOf} gives them back: whole numbers are
     * {@link Long}, others {@link Double}.
     *
     * @param values plain values
     * @return an unmodifiable deep copy
     * @throws IllegalArgumentException if one is no plain value; the message names its path
     */
    static Map<String, @Nullable Object> plain(Map<String, ? extends @Nullable Object> values) {
        return JsonValues.checked(values);
    }

    private static void requireReason(String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("a verdict other than passed needs a reason in words");
        }
    }

    private static List<Series> named(List<Series> series) {
        if (series.stream().map(Series::name).distinct().count() < series.size()) {
            throw new IllegalArgumentException("each series of a stage needs a name of its own: " + series);
        }
        return List.copyOf(series);
    }
}
