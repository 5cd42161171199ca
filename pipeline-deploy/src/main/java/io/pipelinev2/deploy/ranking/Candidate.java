package io.pipelinev2.deploy.ranking;

import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.trial.TrialKey;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A trial as the leaderboard sees it.
 *
 * @param trialId the trial
 * @param key how people name it
 * @param batch the discovery pass that brought it in
 * @param createdAt when it was discovered
 * @param standing where it stands
 * @param held whether nothing happens to it at present, so that nobody waits for it
 * @param result what it is ranked by
 * @param deployedAt since when it holds its slot, or null
 * @param keepsSlot whether nobody may take its slot by rank: it was given up, or its validation is repeated
 * @param refusal why it cannot be deployed at all, or null
 * @param objection why it may not be deployed by rank once its turn has come, in words, or null
 * @param awaitsReview whether it may be deployed or not once it has been reviewed
 * @param preference what an operator decided about it for good, or null
 */
public record Candidate(
        long trialId,
        TrialKey key,
        long batch,
        Instant createdAt,
        Standing standing,
        boolean held,
        Result result,
        @Nullable Instant deployedAt,
        boolean keepsSlot,
        @Nullable Refusal refusal,
        @Nullable String objection,
        boolean awaitsReview,
        @Nullable Preference preference) {

    /** Whether it gets a slot before all that are not, and keeps it whatever its rank. */
    boolean isPinned() {
        return preference != null && preference.kind() == Preference.Kind.PINNED;
    }

    /** Whether it is never deployed, whatever its rank. */
    boolean isBarred() {
        return preference != null && preference.kind() == Preference.Kind.NEVER;
    }

    /**
     * Why a trial cannot be deployed, whatever its rank.
     *
     * @param kind what is to be recorded
     * @param reason why, in words
     */
    public record Refusal(Ruling.Kind kind, String reason) {}

    /**
     * What a trial is ranked by.
     *
     * @param known whether its value is final, be it undefined; a trial in validation may not have it yet, and one whose
     *     validation is repeated has an earlier one
     * @param value the value, or null if it is undefined or not known
     * @param higherIsBetter whether higher values are better
     * @param basis what it was measured on, such as the hash of the market data; only equal ones are compared, unless one of them
     *     was earned on paper
     * @param paper what it says about the trial's paper record, or null if that plays no part
     */
    public record Result(
            boolean known,
            @Nullable Double value,
            boolean higherIsBetter,
            @Nullable String basis,
            @Nullable Paper paper) {

        /** One without regard to a paper record. */
        public Result(boolean known, @Nullable Double value, boolean higherIsBetter, @Nullable String basis) {
            this(known, value, higherIsBetter, basis, null);
        }

        /**
         * The part that a paper record plays.
         *
         * @param decides whether the value is that of the paper record; else it is that of the backtest
         * @param words what is to be said of it, to stand in brackets
         */
        public record Paper(boolean decides, String words) {}

        /** Whether the value was earned on paper: on bars that no backtest has seen, so that it compares with any. */
        boolean isOfPaper() {
            return paper != null && paper.decides();
        }

        /** The same result, measured on this. */
        Result on(@Nullable String newBasis) {
            return new Result(known, value, higherIsBetter, newBasis, paper);
        }

        /** The value so that higher is better; meaningless if it is undefined. */
        double score() {
            double defined = value == null ? Double.NaN : value;
            return higherIsBetter ? defined : -defined;
        }

        boolean isDefined() {
            return value != null;
        }

        boolean isComparableWith(Result other) {
            return higherIsBetter == other.higherIsBetter
                    && (Objects.equals(basis, other.basis) || isOfPaper() || other.isOfPaper());
        }
    }

    /** The same candidate with another result. */
    Candidate with(Result other) {
        return new Candidate(
                trialId,
                key,
                batch,
                createdAt,
                standing,
                held,
                other,
                deployedAt,
                keepsSlot,
                refusal,
                objection,
                awaitsReview,
                preference);
    }
}
