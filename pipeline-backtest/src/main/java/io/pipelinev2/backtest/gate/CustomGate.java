package io.pipelinev2.backtest.gate;

/**
 * A gate that needs code: it looks at the figures and the equity curve of a backtest that has passed all thresholds, and says
 * yes or no.
 *
 * <p>It is called by several threads at a time, for different trials, and more than once for one trial. It should end soon
 * after its thread is interrupted. Nothing passes a gate that cannot judge: whatever it throws, the attempt has failed, is
 * tried again while attempts are left, and then the trial has failed.
 */
public interface CustomGate {

    /** What verdicts call it; some text of at most 80 characters, unlike the names of the other gates of a set. */
    String name();

    /**
     * Judges one backtest.
     *
     * @return the decision, never null
     * @throws io.pipelinev2.core.stage.PermanentStageException if it cannot judge and trying again would not help
     * @throws Exception if it could not judge this time
     */
    GateDecision judge(GateEvidence evidence) throws Exception;

    /**
     * What it judges by, on one line; another text once it judges differently. It is recorded with each verdict beside the
     * thresholds, and {@code revalidate} repeats backtests that were judged by something else.
     */
    default String basis() {
        return name();
    }

    /** A gate made of a name and a function. */
    static CustomGate of(String name, Judgement judgement) {
        return new CustomGate() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public GateDecision judge(GateEvidence evidence) throws Exception {
                return judgement.judge(evidence);
            }

            @Override
            public String toString() {
                return "CustomGate[" + name + "]";
            }
        };
    }

    /** What a gate does; see {@link CustomGate#judge}. */
    @FunctionalInterface
    interface Judgement {
        GateDecision judge(GateEvidence evidence) throws Exception;
    }
}
