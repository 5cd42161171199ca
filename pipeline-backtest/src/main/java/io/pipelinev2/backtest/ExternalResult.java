package io.pipelinev2.backtest;

import io.pipelinev2.backtest.gate.Verdict;
import io.pipelinev2.core.stage.StageOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What came out of an {@link ExternalBacktest}.
 *
 * @param outcome as it is recorded
 * @param verdict what the gates said, or null if there are none, or nothing to judge
 * @param run the equity curve and its figures, or null if none was returned
 */
public record ExternalResult(
        StageOutcome outcome,
        @Nullable Verdict verdict,
        @Nullable ExternalRun run) {

    /** Whether the trial passed: by the stage's own verdict, and by the gates. */
    public boolean passed() {
        return outcome instanceof StageOutcome.Passed;
    }
}
