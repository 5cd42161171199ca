package io.pipelinev2.backtest.gate;

import java.util.List;
import java.util.OptionalLong;

/** Chooses the gates that judge a trial, by how far its study has come. Most policies have one set for all. */
public sealed interface GatePolicy permits GateSet, AdaptiveGates {

    /** As in the configuration. */
    String name();

    /**
     * The gates for a trial.
     *
     * @param completeTrials how many trials of the study, or of all studies that are followed, are complete; empty when
     *     that could not be found out, and then the strictest set judges
     */
    GateSet gatesFor(OptionalLong completeTrials);

    /** Every set that may judge. */
    List<GateSet> sets();

    /**
     * The same policy with thresholds of the user's own: each takes the place of the gate on the same metric and side, or
     * is added.
     *
     * @throws IllegalArgumentException when no number could pass, naming each contradiction
     */
    GatePolicy with(List<Gate> own);

    /** The names of the policies that come with the program. */
    static List<String> presets() {
        return Presets.ALL.stream().map(GatePolicy::name).toList();
    }

    /**
     * A policy that comes with the program.
     *
     * @throws IllegalArgumentException listing the known names
     */
    static GatePolicy preset(String name) {
        return Presets.ALL.stream()
                .filter(policy -> policy.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "gates was '" + name + "' but must be one of: " + String.join(", ", presets())));
    }
}
