package io.pipelinev2.backtest.gate;

import java.util.List;
import java.util.OptionalLong;

/**
 * Gates that become stricter as a study grows: its first trials are judged leniently, a grown study's severely.
 *
 * @param name as in the configuration
 * @param tiers from the first and most lenient, which begins at 0 complete trials, to the strictest
 */
public record AdaptiveGates(String name, List<Tier> tiers) implements GatePolicy {

    /**
     * The gates from so many complete trials on.
     *
     * @param name what people call it
     * @param from number of complete trials
     */
    public record Tier(String name, long from, List<Gate> gates) {

        /** Takes its own copy. */
        public Tier {
            gates = List.copyOf(gates);
        }
    }

    /** Checks that tiers begin at 0 and rise, and that each could be passed. */
    public AdaptiveGates {
        tiers = List.copyOf(tiers);
        if (tiers.isEmpty() || tiers.get(0).from() != 0) {
            throw new IllegalArgumentException("the first tier of '" + name + "' must begin at 0 complete trials");
        }
        for (int i = 1; i < tiers.size(); i++) {
            if (tiers.get(i).from() <= tiers.get(i - 1).from()) {
                throw new IllegalArgumentException("the tiers of '" + name
                        + "' must begin at rising numbers of trials, "
                        + tiers.get(i).name() + " begins at " + tiers.get(i).from());
            }
        }
        for (Tier tier : tiers) {
            set(name, tier, "");
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>The original took the most lenient tier when counting failed; here nobody gains by a fault.
     */
    @Override
    public GateSet gatesFor(OptionalLong completeTrials) {
        Tier strictest = tiers.get(tiers.size() - 1);
        if (completeTrials.isEmpty()) {
            return set(
                    name,
                    strictest,
                    "tier " + strictest.name() + ", the strictest, because the number of complete trials is unknown");
        }
        long count = completeTrials.getAsLong();
        if (count < 0) {
            throw new IllegalArgumentException("the number of complete trials must not be negative, was " + count);
        }
        Tier tier = tiers.get(0);
        for (Tier next : tiers) {
            tier = count >= next.from() ? next : tier;
        }
        return set(name, tier, "tier " + tier.name() + " at " + count + " complete trials");
    }

    @Override
    public List<GateSet> sets() {
        return tiers.stream()
                .map(tier -> set(name, tier, "tier " + tier.name() + " from " + tier.from() + " complete trials"))
                .toList();
    }

    @Override
    public AdaptiveGates with(List<Gate> own) {
        return own.isEmpty()
                ? this
                : new AdaptiveGates(
                        GateSet.changed(name),
                        tiers.stream()
                                .map(tier -> new Tier(tier.name(), tier.from(), GateSet.merged(tier.gates(), own)))
                                .toList());
    }

    private static GateSet set(String name, Tier tier, String remark) {
        return new GateSet(name, tier.gates(), remark);
    }
}
