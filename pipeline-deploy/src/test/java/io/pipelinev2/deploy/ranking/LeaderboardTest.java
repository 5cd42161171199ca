package io.pipelinev2.deploy.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.ranking.Candidate.Refusal;
import io.pipelinev2.deploy.ranking.Candidate.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaderboardTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final List<Candidate> candidates = new ArrayList<>();
    private final List<Reservation> reservations = new ArrayList<>();
    private int slots = 3;
    private double margin;
    private Duration minTenure = Duration.ZERO;

    private Candidate add(Standing standing, int number, @Nullable Double value, long batch) {
        Candidate candidate = new Candidate(
                number,
                new TrialKey("ppo", number),
                batch,
                NOW.minusSeconds(60),
                standing,
                false,
                new Result(standing != Standing.UNFINISHED || value != null, value, true, "data"),
                standing == Standing.DEPLOYED ? NOW.minusSeconds(30) : null,
                false,
                null,
                null,
                false,
                null);
        candidates.add(candidate);
        return candidate;
    }

    private void change(Candidate before, Candidate after) {
        candidates.set(candidates.indexOf(before), after);
    }

    private static Candidate with(Candidate c, Result result, boolean held, Instant createdAt, boolean keepsSlot) {
        return new Candidate(
                c.trialId(),
                c.key(),
                c.batch(),
                createdAt,
                c.standing(),
                held,
                result,
                c.deployedAt(),
                keepsSlot,
                null,
                null,
                false,
                null);
    }

    private Leaderboard board() {
        int taken = (int) candidates.stream()
                .filter(c -> c.standing() == Standing.DEPLOYED)
                .count();
        return new Leaderboard(
                new Contest(slots, new RankBy("sharpe"), margin, minTenure),
                new Field(candidates, taken, reservations, "data"),
                NOW);
    }

    private List<Decision> decisions() {
        return board().decisions();
    }

    private static List<String> words(List<Decision> decisions) {
        return decisions.stream()
                .map(decision -> decision.getClass().getSimpleName() + " " + decision.trialId())
                .toList();
    }

    private List<String> verdicts() {
        return words(decisions());
    }

    @Test
    void the_best_get_the_free_slots_and_the_others_are_told_why_not() {
        add(Standing.WAITING, 1, 0.5, 1);
        add(Standing.WAITING, 6, 1.5, 1);
        add(Standing.WAITING, 31, 2.5, 1);
        add(Standing.WAITING, 8, 0.4, 1);

        List<Decision> decisions = decisions();

        assertThat(words(decisions)).containsExactly("Deploy 31", "Deploy 6", "Deploy 1", "RankOut 8");
        assertThat(decisions.get(0).reason()).isEqualTo("rank 1 of 4 by sharpe");
        assertThat(decisions.get(3).reason()).isEqualTo("rank 4 of 4 by sharpe; the 3 slots went to 31, 6, 1");
    }

    @Test
    void ranks_count_everybody_who_is_validated() {
        add(Standing.DEPLOYED, 1, 0.5, 1);
        add(Standing.WAITING, 2, null, 1);
        add(Standing.RANKED_OUT, 3, 0.7, 1);
        add(Standing.OUT, 4, 0.9, 1);
        add(Standing.UNFINISHED, 5, null, 1);

        assertThat(board().ranks()).containsExactly(entry(4L, 1), entry(3L, 2), entry(1L, 3), entry(2L, 4));
    }

    @Test
    void equal_values_are_ordered_by_key_and_do_not_replace_each_other() {
        slots = 1;
        add(Standing.WAITING, 9, 1.0, 1);
        add(Standing.WAITING, 2, 1.0, 1);
        assertThat(verdicts()).containsExactly("Deploy 2", "RankOut 9");

        candidates.clear();
        add(Standing.DEPLOYED, 9, 1.0, 1);
        add(Standing.WAITING, 2, 1.0, 2);
        assertThat(verdicts()).containsExactly("RankOut 2");
    }

    @Test
    void nobody_is_started_while_a_member_of_the_batch_is_unfinished() {
        add(Standing.WAITING, 1, 9.0, 1);
        add(Standing.UNFINISHED, 2, null, 1);

        List<Decision> decisions = decisions();

        assertThat(words(decisions)).containsExactly("Wait 1");
        assertThat(decisions.get(0).reason()).isEqualTo("waits for 1 of its batch that may rank higher, such as ppo/2");
    }

    @Test
    void a_member_that_cannot_rank_higher_is_not_waited_for() {
        add(Standing.WAITING, 1, 2.0, 1);
        add(Standing.UNFINISHED, 2, 1.0, 1);
        assertThat(verdicts()).containsExactly("Deploy 1");
    }

    @Test
    void an_unfinished_trial_of_another_batch_is_not_waited_for() {
        add(Standing.WAITING, 1, 2.0, 1);
        add(Standing.UNFINISHED, 2, null, 2);
        assertThat(verdicts()).containsExactly("Deploy 1");
    }

    @Test
    void held_and_old_members_are_not_waited_for() {
        add(Standing.WAITING, 1, 2.0, 1);
        Candidate held = add(Standing.UNFINISHED, 2, null, 1);
        change(held, with(held, held.result(), true, held.createdAt(), false));
        Candidate old = add(Standing.UNFINISHED, 3, null, 1);
        change(old, with(old, old.result(), false, NOW.minus(Leaderboard.PATIENCE), false));

        assertThat(verdicts()).containsExactly("Deploy 1");
    }

    @Test
    void a_better_one_replaces_the_worst() {
        add(Standing.DEPLOYED, 1, 1.0, 1);
        add(Standing.DEPLOYED, 2, 2.0, 1);
        add(Standing.DEPLOYED, 3, 3.0, 1);
        add(Standing.WAITING, 4, 2.5, 2);

        List<Decision> decisions = decisions();

        assertThat(decisions)
                .containsExactly(new Decision.Replace(
                        4, "rank 2 of 4 by sharpe; replaces 1", 1, "rank 4 of 4 by sharpe; replaced by 4"));
    }

    @Test
    void it_must_be_better_by_more_than_the_margin() {
        slots = 1;
        margin = 0.5;
        add(Standing.DEPLOYED, 1, 1.0, 1);
        add(Standing.WAITING, 2, 1.5, 2);

        assertThat(decisions())
                .extracting(Decision::reason)
                .containsExactly("rank 1 of 2 by sharpe; the slot went to 1; it is not better than 1 by more than 0.5");
    }

    @Test
    void nobody_is_replaced_before_its_minimum_tenure_and_the_loser_comes_back_after_it() {
        slots = 1;
        minTenure = Duration.ofMinutes(1);
        add(Standing.DEPLOYED, 1, 1.0, 1);
        Candidate better = add(Standing.WAITING, 2, 2.0, 2);
        assertThat(verdicts()).containsExactly("RankOut 2");

        minTenure = Duration.ofSeconds(30);
        candidates.remove(better);
        add(Standing.RANKED_OUT, 2, 2.0, 2);
        assertThat(verdicts()).containsExactly("Replace 2");
    }

    @Test
    void one_that_was_given_up_keeps_its_slot() {
        slots = 1;
        Candidate down = add(Standing.DEPLOYED, 1, 1.0, 1);
        change(down, with(down, down.result(), false, down.createdAt(), true));
        add(Standing.WAITING, 2, 2.0, 2);

        assertThat(decisions())
                .extracting(Decision::reason)
                .containsExactly("rank 1 of 2 by sharpe; the slot went to 1; 1 keeps its slot until an operator acts");
    }

    @Test
    void results_on_other_data_are_ranked_below_and_never_replace_or_are_replaced() {
        slots = 1;
        Candidate old = add(Standing.DEPLOYED, 1, 9.0, 1);
        change(old, with(old, new Result(true, 9.0, true, "old data"), false, old.createdAt(), false));
        add(Standing.WAITING, 2, 1.0, 2);

        assertThat(board().ranks()).containsEntry(2L, 1).containsEntry(1L, 2);
        assertThat(decisions())
                .extracting(Decision::reason)
                .containsExactly(
                        "rank 1 of 2 by sharpe; the slot went to 1; its result is not compared with that of 1, which was measured on other data");
    }

    @Test
    void an_undefined_value_fills_an_empty_slot_but_replaces_nobody() {
        slots = 2;
        add(Standing.DEPLOYED, 1, -5.0, 1);
        add(Standing.WAITING, 2, null, 2);
        assertThat(verdicts()).containsExactly("Deploy 2");

        slots = 1;
        assertThat(decisions())
                .extracting(Decision::reason)
                .containsExactly("rank 2 of 2 by sharpe (its value is undefined); the slot went to 1");
    }

    @Test
    void a_defined_value_replaces_an_undefined_one() {
        slots = 1;
        add(Standing.DEPLOYED, 1, null, 1);
        add(Standing.WAITING, 2, -3.0, 2);
        assertThat(verdicts()).containsExactly("Replace 2");
    }

    @Test
    void lower_is_better_where_it_is() {
        slots = 1;
        Candidate high = add(Standing.WAITING, 1, 0.4, 1);
        change(high, with(high, new Result(true, 0.4, false, "data"), false, high.createdAt(), false));
        Candidate low = add(Standing.WAITING, 2, 0.1, 1);
        change(low, with(low, new Result(true, 0.1, false, "data"), false, low.createdAt(), false));

        assertThat(verdicts()).containsExactly("Deploy 2", "RankOut 1");
        assertThat(new RankBy("max_drawdown").higherIsBetter()).isFalse();
        assertThat(new RankBy("sharpe").higherIsBetter()).isTrue();
    }

    @Test
    void the_slot_of_a_stopped_trial_goes_to_later_batches_only() {
        slots = 2;
        reservations.add(new Reservation(7, new TrialKey("ppo", 7), 3));
        add(Standing.DEPLOYED, 1, 1.0, 1);
        add(Standing.OUT, 7, 8.0, 1);
        add(Standing.RANKED_OUT, 2, 0.9, 3);
        Candidate same = add(Standing.WAITING, 3, 0.8, 3);

        assertThat(decisions())
                .extracting(Decision::reason)
                .containsExactly(
                        "rank 4 of 4 by sharpe; an operator stopped 7, and its slot is filled by later batches only");

        candidates.remove(same);
        add(Standing.WAITING, 4, 0.1, 4);
        assertThat(decisions()).containsExactly(new Decision.Deploy(4, "rank 4 of 4 by sharpe", 7L));
    }

    @Test
    void a_slot_given_to_a_later_batch_is_not_taken_back_by_an_earlier_one() {
        slots = 1;
        add(Standing.DEPLOYED, 4, 0.1, 4);
        add(Standing.RANKED_OUT, 2, 0.9, 3);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void more_slots_go_to_those_who_were_ranked_out() {
        slots = 2;
        add(Standing.DEPLOYED, 1, 1.0, 1);
        add(Standing.RANKED_OUT, 2, 0.5, 1);
        add(Standing.RANKED_OUT, 3, 0.9, 1);
        add(Standing.OUT, 4, 5.0, 1);
        assertThat(verdicts()).containsExactly("Deploy 3");
    }

    @Test
    void fewer_slots_retire_the_worst() {
        slots = 1;
        add(Standing.DEPLOYED, 1, 1.0, 1);
        add(Standing.DEPLOYED, 2, 2.0, 1);
        assertThat(decisions()).containsExactly(new Decision.Retire(1, "rank 2 of 2 by sharpe; max_deployed is 1 now"));
    }

    @Test
    void fewer_slots_retire_one_whose_validation_is_repeated_last() {
        slots = 1;
        add(Standing.DEPLOYED, 1, 1.0, 1);
        Candidate repeating = add(Standing.DEPLOYED, 2, 2.0, 1);
        change(repeating, with(repeating, new Result(false, 2.0, true, "old"), false, repeating.createdAt(), true));
        assertThat(decisions()).containsExactly(new Decision.Retire(1, "rank 1 of 2 by sharpe; max_deployed is 1 now"));

        slots = 0;
        assertThat(verdicts()).containsExactly("Retire 1", "Retire 2");
    }

    @Test
    void one_that_was_given_up_is_not_spared() {
        slots = 1;
        Candidate down = add(Standing.DEPLOYED, 1, 1.0, 1);
        change(down, with(down, down.result(), false, down.createdAt(), true));
        add(Standing.DEPLOYED, 2, 2.0, 1);
        assertThat(verdicts()).containsExactly("Retire 1");
    }

    @Test
    void one_that_cannot_be_deployed_takes_no_slot() {
        Candidate c = add(Standing.WAITING, 1, 1.0, 1);
        change(
                c,
                new Candidate(
                        c.trialId(),
                        c.key(),
                        c.batch(),
                        c.createdAt(),
                        c.standing(),
                        false,
                        c.result(),
                        null,
                        false,
                        new Refusal(Ruling.Kind.NOT_DEPLOYABLE, "no model"),
                        null,
                        false,
                        null));
        assertThat(decisions()).containsExactly(new Decision.RankOut(1, "no model", Ruling.Kind.NOT_DEPLOYABLE));
    }

    @Test
    void a_decided_field_has_nothing_to_decide() {
        add(Standing.DEPLOYED, 1, 1.0, 1);
        add(Standing.DEPLOYED, 2, 2.0, 1);
        add(Standing.DEPLOYED, 3, 3.0, 1);
        add(Standing.RANKED_OUT, 4, 0.5, 1);
        assertThat(verdicts()).isEmpty();
    }
}
