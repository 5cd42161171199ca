package io.pipelinev2.backtest.gate;

/**
 * What a {@link CustomGate} decides.
 *
 * @param passed whether the trial passes this gate
 * @param reason why, in words; only a pass may leave it blank
 */
public record GateDecision(boolean passed, String reason) {

    /** @throws IllegalArgumentException if a rejection has no reason */
    public GateDecision {
        if (!passed && reason.isBlank()) {
            throw new IllegalArgumentException("a gate that rejects needs a reason in words");
        }
    }

    /** The trial passes. */
    public static GateDecision passed(String reason) {
        return new GateDecision(true, reason);
    }

    /** The trial is rejected, for good. */
    public static GateDecision rejected(String reason) {
        return new GateDecision(false, reason);
    }
}
