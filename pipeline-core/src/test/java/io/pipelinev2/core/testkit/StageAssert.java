package io.pipelinev2.core.testkit;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Attempt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on a stage of a trial; each fails with all that is known of the stage and its attempts. */
public final class StageAssert extends AbstractAssert<StageAssert, StageSnapshot> {

    StageAssert(StageSnapshot actual) {
        super(actual, StageAssert.class);
    }

    public StageAssert isPending() {
        return is(StageStatus.PENDING);
    }

    public StageAssert isRunning() {
        return is(StageStatus.RUNNING);
    }

    public StageAssert isPassed() {
        return is(StageStatus.PASSED);
    }

    public StageAssert isFailed() {
        return is(StageStatus.FAILED);
    }

    public StageAssert isSkipped() {
        return is(StageStatus.SKIPPED);
    }

    private StageAssert is(StageStatus status) {
        return require(row().status() == status, "it to be " + status.label());
    }

    /** It stands where it stands for exactly this reason. */
    public StageAssert becauseOf(String reason) {
        return require(Objects.equals(row().reason(), reason), "it to be so because: " + reason);
    }

    /** What went wrong last, or the reason of a verdict against the trial, is exactly this. */
    public StageAssert hasError(String message) {
        return require(Objects.equals(row().errorMessage(), message), "the error: " + message);
    }

    /** It may be claimed now. */
    public StageAssert isDue() {
        Duration wait = dueIn();
        return require(wait != null && wait.compareTo(Duration.ZERO) <= 0, "it to be due");
    }

    /** It may be claimed after exactly this time. */
    public StageAssert isDueIn(Duration time) {
        return require(time.equals(dueIn()), "it to be due in " + time);
    }

    /** It is not its turn, however long one waits. */
    public StageAssert isNotDue() {
        return require(dueIn() == null, "it not to be due");
    }

    private @Nullable Duration dueIn() {
        isNotNull();
        return actual.dueIn();
    }

    /** It counts so many attempts since it was last reset. */
    public StageAssert hasAttempts(int count) {
        return require(row().attempts() == count, count + " attempts");
    }

    /** So many of its attempts ended because their runner died. */
    public StageAssert hasCrashes(int count) {
        return require(row().crashes() == count, count + " crashes");
    }

    /** Its attempts, earlier rounds included, ended exactly so, in this order. */
    public StageAssert hasOutcomes(Attempt.Outcome... outcomes) {
        isNotNull();
        List<Attempt.Outcome> expected = List.of(outcomes);
        return require(
                actual.outcomes().equals(expected),
                "the outcomes " + expected.stream().map(Attempt.Outcome::label).toList());
    }

    /** Its results hold this value under this name; whole numbers are {@code long}, others {@code double}. */
    public StageAssert hasResult(String name, @Nullable Object value) {
        Map<String, @Nullable Object> results = row().results();
        boolean holds = results != null && results.containsKey(name) && Objects.equals(results.get(name), value);
        return require(holds, "the result %s = %s among %s".formatted(name, value, results));
    }

    private StageRun row() {
        isNotNull();
        return actual.row();
    }

    private StageAssert require(boolean holds, String expected) {
        if (!holds) {
            failWithMessage("Expected of stage %s %s, but%n%s", actual.row().name(), expected, actual);
        }
        return this;
    }
}
