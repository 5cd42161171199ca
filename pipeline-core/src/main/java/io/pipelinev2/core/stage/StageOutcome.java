package io.pipelinev2.core.stage;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The verdict of a stage that could do its work. A verdict is final and never retried; a stage that could <em>not</em>
 * do its work throws instead.
 *
 * <p>Results are plain JSON-like values ({@link JsonValues}): what a user may doubt later belongs in there.
 */
public sealed interface StageOutcome {

    /** Why, in words. */
    String reason();

    /** The evidence. */
    Map<String, @Nullable Object> results();

    /** The trial goes on to its next stage. */
    record Passed(String reason, Map<String, @Nullable Object> results) implements StageOutcome {
        public Passed {
            results = JsonValues.checked(results);
        }
    }

    /** A gate said no. The trial ends here as failed, with this reason. */
    record Rejected(String reason, Map<String, @Nullable Object> results) implements StageOutcome {
        public Rejected {
            requireReason(reason);
            results = JsonValues.checked(results);
        }
    }

    /** The stage does not apply to this trial, which goes on to its next stage. */
    record Skipped(String reason, Map<String, @Nullable Object> results) implements StageOutcome {
        public Skipped {
            requireReason(reason);
            results = JsonValues.checked(results);
        }
    }

    static StageOutcome passed(String reason) {
        return new Passed(reason, Map.of());
    }

    static StageOutcome passed(String reason, Map<String, ? extends @Nullable Object> results) {
        return new Passed(reason, JsonValues.checked(results));
    }

    static StageOutcome rejected(String reason) {
        return new Rejected(reason, Map.of());
    }

    static StageOutcome rejected(String reason, Map<String, ? extends @Nullable Object> results) {
        return new Rejected(reason, JsonValues.checked(results));
    }

    static StageOutcome skipped(String reason) {
        return new Skipped(reason, Map.of());
    }

    private static void requireReason(String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("a verdict other than passed needs a reason in words");
        }
    }
}
