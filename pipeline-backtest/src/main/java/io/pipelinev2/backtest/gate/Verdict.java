package io.pipelinev2.backtest.gate;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What all gates of a set said together.
 *
 * @param gateSet name of the set
 * @param remark why this set judged, or empty
 * @param results every gate, the passed ones too
 */
public record Verdict(String gateSet, String remark, List<GateResult> results) {

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
        String basis = remark.isEmpty() ? "" : " (" + gateSet + ", " + remark + ")";
        if (passed()) {
            return "passed all " + results.size() + " gates" + (basis.isEmpty() ? " of " + gateSet : basis);
        }
        return results.stream()
                        .filter(result -> !result.passed())
                        .map(GateResult::words)
                        .collect(Collectors.joining("; "))
                + basis;
    }
}
