package io.pipelinev2.core.testkit;

import org.assertj.core.api.Assertions;

/**
 * The assertions of AssertJ, and those on what a {@link PipelineTestKit} shows; one static import gives both.
 *
 * <pre>{@code
 * assertThat(kit.trial(42)).isFailed().becauseOf("backtest: Sharpe 0.1 is below 0.5");
 * assertThat(kit.stage(42, "backtest")).hasOutcomes(ERROR, REJECTED);
 * }</pre>
 */
public final class PipelineAssertions extends Assertions {

    private PipelineAssertions() {}

    public static TrialAssert assertThat(TrialSnapshot actual) {
        return new TrialAssert(actual);
    }

    public static StageAssert assertThat(StageSnapshot actual) {
        return new StageAssert(actual);
    }
}
