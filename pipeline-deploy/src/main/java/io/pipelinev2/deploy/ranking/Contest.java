package io.pipelinev2.deploy.ranking;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which slots are given.
 *
 * @param slots how many trials may be deployed
 * @param rankBy what they are ranked by
 * @param margin by how much a trial must be better than one whose slot it takes
 * @param minTenure how long a deployed trial cannot be replaced
 */
public record Contest(int slots, RankBy rankBy, double margin, Duration minTenure) {

    public Contest {
        if (slots < 0) {
            throw new IllegalArgumentException("stages.deploy.max_deployed must be 0 or more, was " + slots);
        }
        if (!(margin >= 0) || Double.isInfinite(margin)) {
            throw new IllegalArgumentException("stages.deploy.margin must be 0 or more and finite, was " + margin);
        }
        if (minTenure.isNegative()) {
            throw new IllegalArgumentException("stages.deploy.min_tenure must not be negative, was " + minTenure);
        }
    }

    /**
     * The same contest, in which trials that have traded for so long are ranked by their paper record.
     *
     * @param after how long; null for never
     */
    public Contest rankingPaperAfter(@Nullable Duration after) {
        return new Contest(slots, new RankBy(rankBy.name(), after), margin, minTenure);
    }
}
