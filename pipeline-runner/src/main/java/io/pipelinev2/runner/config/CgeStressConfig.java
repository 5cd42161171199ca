package io.pipelinev2.runner.config;

/**
 * What is the stress stage's own: in the block {@code stages.cge_stress}. The stage itself is not available in this
 * version; its settings are checked all the same.
 *
 * @param scenarios how many scenarios a trial is put through
 * @param seed of the scenarios
 */
public record CgeStressConfig(int scenarios, long seed) {

    static final Rule<Boolean> AVAILABLE =
            Rule.exactly(false, "false: the stress stage is not available in this version, leave it disabled");

    private static final Rule<Integer> SCENARIOS = Rule.between(1, 1_000_000);
    private static final Rule<Long> SEED = new Rule<>(seed -> true, "a whole number");

    public CgeStressConfig {
        SCENARIOS.require("scenarios", scenarios);
    }

    static CgeStressConfig read(Options options) {
        return new CgeStressConfig(
                options.integer("scenarios", 200, SCENARIOS), options.value("seed", 1L, Kind.LONG, SEED));
    }
}
