package io.pipelinev2.core.trial;

/**
 * How many trials of a study were tried in earnest: the more there were, the more luck the best of them may owe.
 *
 * @param complete trials that ran to their end
 * @param pruned trials that the optimiser stopped early because they did badly
 */
public record TrialCounts(long complete, long pruned) {

    /**
     * Checks them.
     *
     * @param complete 0 or more
     * @param pruned 0 or more; 0 if the source does not know
     * @throws IllegalArgumentException if one is negative
     */
    public TrialCounts {
        if (complete < 0 || pruned < 0) {
            throw new IllegalArgumentException(
                    "counts of trials must not be negative, were " + complete + " and " + pruned);
        }
    }

    /** {@return both together} */
    public long tried() {
        return complete + pruned;
    }
}
