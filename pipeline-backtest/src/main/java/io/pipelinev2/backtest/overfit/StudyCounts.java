package io.pipelinev2.backtest.overfit;

/**
 * How often somebody tried: the trials of <em>all</em> studies that trained on this data, because a study that is run
 * again does not reset the count.
 *
 * @param complete trials that ended with a value, at least 0
 * @param pruned trials that were given up early, at least 0; they were tries too
 */
public record StudyCounts(long complete, long pruned) {

    /** Checks the counts. */
    public StudyCounts {
        if (complete < 0 || pruned < 0) {
            throw new IllegalArgumentException(
                    "trial counts must be at least 0, were complete=" + complete + " and pruned=" + pruned);
        }
    }

    /** Number of tries. */
    public long raw() {
        return Math.addExact(complete, pruned);
    }
}
