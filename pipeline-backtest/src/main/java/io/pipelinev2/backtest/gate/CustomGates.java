package io.pipelinev2.backtest.gate;

import io.pipelinev2.core.PipelineException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Gates of the user's own, in the order in which they are asked: only about what has passed all thresholds, and the first no
 * ends it.
 *
 * @param gates each with a name of its own
 */
public record CustomGates(List<CustomGate> gates) {

    /** There are none. */
    public static final CustomGates NONE = new CustomGates(List.of());

    /** @throws IllegalArgumentException if two have one name */
    public CustomGates {
        gates = List.copyOf(gates);
        Set<String> names = new HashSet<>();
        for (CustomGate gate : gates) {
            if (!names.add(gate.name())) {
                throw new IllegalArgumentException("two gates have the name '" + gate.name() + "'");
            }
        }
    }

    /** What all of them judge by. */
    public List<String> bases() {
        return gates.stream().map(CustomGate::basis).toList();
    }

    /**
     * Judges what thresholds have judged already.
     *
     * @param evidence made if any of these is asked
     * @return the verdict of all together
     * @throws PipelineException if one cannot judge: then there is no verdict
     */
    public Verdict judge(Verdict thresholds, Supplier<GateEvidence> evidence) {
        if (gates.isEmpty()) {
            return thresholds;
        }
        List<GateResult> results = new ArrayList<>(thresholds.results());
        if (thresholds.passed()) {
            GateEvidence shown = evidence.get();
            for (CustomGate gate : gates) {
                GateResult result = GateResult.of(gate, decision(gate, shown));
                results.add(result);
                if (!result.passed()) {
                    break;
                }
            }
        }
        String set = thresholds.gateSet().isEmpty() ? "own gates" : GateSet.changed(thresholds.gateSet());
        return new Verdict(set, thresholds.remark(), results);
    }

    private static GateDecision decision(CustomGate gate, GateEvidence evidence) {
        try {
            GateDecision decision = gate.judge(evidence);
            if (decision == null) {
                throw new IllegalStateException("it returned null, but must return a decision or throw");
            }
            return decision;
        } catch (PipelineException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unjudged(gate, evidence, e);
        } catch (Exception e) {
            throw unjudged(gate, evidence, e);
        }
    }

    private static PipelineException unjudged(CustomGate gate, GateEvidence evidence, Exception cause) {
        return new PipelineException(
                "Gate '%s' could not judge trial %s: %s. Nothing passes a gate that cannot judge: correct it, or remove it from gates."
                        .formatted(gate.name(), evidence.trial(), cause),
                cause);
    }
}
