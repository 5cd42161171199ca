package io.pipelinev2.deploy.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.ranking.Candidate.Refusal;
import io.pipelinev2.deploy.ranking.Candidate.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an operator decided about a trial for good, against what its rank would come to. */
class PreferredTrialsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final List<Candidate> candidates = new ArrayList<>();
    private final List<Reservation> reservations = new ArrayList<>();
    private int slots = 1;
    private double margin;
    private Duration minTenure = Duration.ZERO;

    /** A candidate under construction: most of what can be said of one is the same in most tests. */
    private final class Entry {
        private final int number;
        private final Standing standing;
        private final @Nullable Double value;
        private long batch = 1;
        private boolean keepsSlot;
        private @Nullable Refusal refusal;
        private @Nullable String objection;
        private boolean awaitsReview;
        private Preference.@Nullable Kind preference;
        private @Nullable String basis = "data";

        Entry(Standing standing, int number, @Nullable Double value) {
            this.number = number;
            this.standing = standing;
            this.value = value;
        }

        Entry pinned() {
            preference = Preference.Kind.PINNED;
            return this;
        }

        Entry never() {
            preference = Preference.Kind.NEVER;
            return this;
        }

        Entry batch(long value) {
            batch = value;
            return this;
        }

        Entry keepsSlot() {
            keepsSlot = true;
            return this;
        }

        Entry objectedTo() {
            objection = "luck would do as well";
            return this;
        }

        Entry notReviewed() {
            awaitsReview = true;
            return this;
        }

        Entry withoutModel() {
            refusal = new Refusal(Ruling.Kind.NOT_DEPLOYABLE, "no model");
            return this;
        }

        Entry measuredOn(String other) {
            basis = other;
            return this;
        }

        void enters() {
            candidates.add(new Candidate(
                    number,
                    new TrialKey("ppo", number),
                    batch,
                    NOW.minusSeconds(60),
                    standing,
                    false,
                    new Result(standing != Standing.UNFINISHED || value != null, value, true, basis),
                    standing == Standing.DEPLOYED ? NOW.minusSeconds(30) : null,
                    keepsSlot,
                    refusal,
                    objection,
                    awaitsReview,
                    preference == null
                            ? null
                            : new Preference(number, preference, "because", "ana", "cli", NOW.minusSeconds(10))));
        }
    }

    private Entry deployed(int number, @Nullable Double value) {
        return new Entry(Standing.DEPLOYED, number, value);
    }

    private Entry waiting(int number, @Nullable Double value) {
        return new Entry(Standing.WAITING, number, value);
    }

    private Entry rankedOut(int number, @Nullable Double value) {
        return new Entry(Standing.RANKED_OUT, number, value);
    }

    private Leaderboard board() {
        int taken = (int) candidates.stream()
                .filter(candidate -> candidate.standing() == Standing.DEPLOYED)
                .count();
        return new Leaderboard(
                new Contest(slots, new RankBy("sharpe"), margin, minTenure),
                new Field(candidates, taken, reservations, "data"),
                NOW);
    }

    private List<String> verdicts() {
        return board().decisions().stream()
                .map(decision -> decision.getClass().getSimpleName() + " " + decision.trialId())
                .toList();
    }

    private List<String> reasons() {
        return board().decisions().stream().map(Decision::reason).toList();
    }

    @Test
    void a_pinned_trial_takes_the_slot_of_one_that_is_not_pinned_and_not_that_of_a_worse_pinned_one() {
        slots = 2;
        deployed(1, 2.0).enters();
        deployed(0, 0.5).pinned().enters();
        waiting(2, 1.0).pinned().enters();

        assertThat(board().decisions()).singleElement().isInstanceOfSatisfying(Decision.Replace.class, replace -> {
            assertThat(replace.trialId()).isEqualTo(2);
            assertThat(replace.outgoing()).isEqualTo(1);
        });
    }

    @Test
    void a_pinned_trial_gets_the_slot_before_better_ones_and_ranks_stay_honest() {
        waiting(1, 0.1).pinned().enters();
        waiting(2, 2.0).enters();

        assertThat(board().ranks()).containsExactly(entry(2L, 1), entry(1L, 2));
        assertThat(verdicts()).containsExactly("Deploy 1", "RankOut 2");
        assertThat(reasons())
                .containsExactly(
                        "rank 2 of 2 by sharpe; pinned by ana: because",
                        "rank 1 of 2 by sharpe; the slot went to 1; 1 is pinned");
    }

    @Test
    void a_pinned_trial_takes_the_slot_of_the_worst_one_whatever_margin_tenure_and_batch() {
        slots = 2;
        margin = 1;
        minTenure = Duration.ofDays(1);
        deployed(1, 3.0).batch(7).enters();
        deployed(2, 2.0).batch(7).enters();
        rankedOut(3, 0.1).pinned().enters();

        assertThat(board().decisions())
                .containsExactly(new Decision.Replace(
                        3,
                        "rank 3 of 3 by sharpe; pinned by ana: because; replaces 2",
                        2,
                        "rank 2 of 3 by sharpe; replaced by 3, which is pinned"));
    }

    @Test
    void it_does_not_take_a_slot_that_is_kept_until_an_operator_acts() {
        deployed(1, 3.0).keepsSlot().enters();
        waiting(2, 4.0).pinned().enters();

        assertThat(reasons())
                .containsExactly("rank 1 of 2 by sharpe; pinned by ana: because; the slot went to 1;"
                        + " 1 keeps its slot until an operator acts");
    }

    @Test
    void a_pinned_trial_is_not_replaced_by_a_better_one() {
        deployed(1, 0.1).pinned().enters();
        waiting(2, 2.0).batch(2).enters();

        assertThat(verdicts()).containsExactly("RankOut 2");
        assertThat(reasons()).containsExactly("rank 1 of 2 by sharpe; the slot went to 1; 1 is pinned");
    }

    @Test
    void not_even_one_whose_value_is_undefined_or_of_other_data() {
        deployed(1, null).pinned().enters();
        waiting(2, 2.0).enters();
        assertThat(verdicts()).containsExactly("RankOut 2");

        candidates.clear();
        deployed(1, 0.1).pinned().measuredOn("old data").enters();
        waiting(2, 2.0).enters();
        assertThat(reasons()).containsExactly("rank 1 of 2 by sharpe; the slot went to 1; 1 is pinned");
    }

    @Test
    void fewer_slots_retire_pinned_ones_last_and_by_rank() {
        slots = 2;
        deployed(1, 0.1).pinned().enters();
        deployed(2, 0.2).pinned().enters();
        deployed(3, 5.0).enters();
        assertThat(verdicts()).containsExactly("Retire 3");

        slots = 1;
        assertThat(verdicts()).containsExactly("Retire 3", "Retire 1");
    }

    @Test
    void more_pinned_ones_than_slots_go_by_rank_margin_and_tenure_among_them() {
        waiting(1, 0.1).pinned().enters();
        waiting(2, 0.2).pinned().enters();
        assertThat(verdicts()).containsExactly("Deploy 2", "RankOut 1");
        assertThat(reasons()).last().isEqualTo("rank 2 of 2 by sharpe; pinned by ana: because; the slot went to 2");

        candidates.clear();
        deployed(1, 0.1).pinned().batch(9).enters();
        rankedOut(2, 0.2).pinned().enters();
        assertThat(verdicts()).containsExactly("Replace 2");

        margin = 0.5;
        assertThat(verdicts()).isEmpty();
        margin = 0;
        minTenure = Duration.ofMinutes(1);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void it_waits_neither_for_its_batch_nor_for_a_review_nor_for_an_objection() {
        slots = 3;
        waiting(1, 0.1).pinned().enters();
        waiting(2, 0.1).pinned().notReviewed().enters();
        waiting(3, 0.1).pinned().objectedTo().enters();
        new Entry(Standing.UNFINISHED, 4, null).enters();

        assertThat(verdicts()).containsExactly("Deploy 1", "Deploy 2", "Deploy 3");

        candidates.clear();
        rankedOut(3, 0.1).pinned().objectedTo().enters();
        assertThat(verdicts()).containsExactly("Deploy 3");
    }

    @Test
    void others_of_its_batch_wait_for_a_pinned_one_that_ranks_below_them() {
        waiting(1, 2.0).enters();
        new Entry(Standing.UNFINISHED, 2, 1.0).pinned().enters();

        assertThat(verdicts()).containsExactly("Wait 1");
    }

    @Test
    void a_pinned_trial_without_a_recorded_model_is_not_deployed() {
        waiting(1, 2.0).pinned().withoutModel().enters();
        assertThat(board().decisions())
                .containsExactly(new Decision.RankOut(1, "no model", Ruling.Kind.NOT_DEPLOYABLE));
    }

    @Test
    void a_pinned_trial_that_an_operator_stopped_stays_out() {
        new Entry(Standing.OUT, 1, 2.0).pinned().enters();
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void a_pinned_trial_may_fill_the_slot_of_one_that_was_stopped() {
        reservations.add(new Reservation(7, new TrialKey("ppo", 7), 3));
        new Entry(Standing.OUT, 7, 8.0).enters();
        rankedOut(2, 0.9).pinned().enters();

        assertThat(board().decisions())
                .containsExactly(new Decision.Deploy(2, "rank 2 of 2 by sharpe; pinned by ana: because", 7L));
    }

    @Test
    void one_that_is_never_to_be_deployed_is_not_and_has_its_rank_all_the_same() {
        waiting(1, 9.0).never().enters();
        rankedOut(2, 8.0).never().enters();
        waiting(3, 0.1).enters();

        assertThat(board().ranks()).containsExactly(entry(1L, 1), entry(2L, 2), entry(3L, 3));
        assertThat(board().decisions())
                .containsExactly(
                        new Decision.RankOut(
                                1,
                                "rank 1 of 3 by sharpe; never to be deployed, by decision of ana: because;"
                                        + " `never ppo/1 --off` lets it in again",
                                Ruling.Kind.BARRED_BY_OPERATOR),
                        new Decision.Deploy(3, "rank 3 of 3 by sharpe", null));
    }

    @Test
    void one_that_is_never_to_be_deployed_loses_its_slot_to_the_next() {
        deployed(1, 9.0).never().keepsSlot().enters();
        rankedOut(2, 8.0).enters();

        assertThat(verdicts()).containsExactly("Retire 1", "Deploy 2");
    }

    @Test
    void nobody_waits_for_one_that_is_never_to_be_deployed() {
        waiting(1, 0.1).enters();
        new Entry(Standing.UNFINISHED, 2, null).never().enters();

        assertThat(verdicts()).containsExactly("Deploy 1");
    }
}
