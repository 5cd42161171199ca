package io.pipelinev2.backtest.gate;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What all gates of a set said together.
 *
 * @param gateSet name of the set
 * @param results every gate, the passed ones too
 */
public record Verdict(String gateSet, List<GateResult> results) {

    /** Takes its own copy of the results. */
    public Verdict {
        results = List.copyOf(results);
    }

    /** Whether every gate passed. */
    public boolean passed() {
        return results.stream().allMatch(GateResult::passed);
    }

    /** The gates that failed, in words; or that all passed. */
    public String reason() {
        if (passed()) {
            return "passed all " + results.size() + " gates of " + gateSet;
        }
        return results.stream()
                .filter(result -> !result.passed())
                .map(GateResult::words)
                .collect(Collectors.joining("; "));
    }
}
