package io.pipelinev2.deploy.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.ranking.Candidate.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** What holds whatever happens, in whatever order: each story is gone through with its decisions carried out. */
class LeaderboardPropertiesTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final int TRIALS = 8;

    /** Something that happens between two rounds. */
    enum Happening {
        ENTERS,
        IS_VALIDATED,
        IS_STOPPED,
        IS_DEPLOYED_BY_NAME,
        IS_PINNED,
        IS_BARRED,
        IS_NEITHER,
        IS_GIVEN_UP,
        IS_RESET,
        IS_REPEATED,
        IS_OBJECTED_TO,
        SLOTS_CHANGE,
        TIME_PASSES,
        NEW_DATA
    }

    /**
     * @param number which trial, or which number of slots
     * @param value the result, if there is one; an undefined one is null
     */
    record Step(Happening what, int number, @Nullable Double value) {}

    @Provide
    Arbitrary<List<Step>> stories() {
        Arbitrary<Happening> what = Arbitraries.of(Happening.values());
        // few values, so that there are ties
        Arbitrary<Double> value = Arbitraries.of(-1.0, 0.0, 0.5, 1.0, 1.25, 2.0).injectNull(0.15);
        return Combinators.combine(what, Arbitraries.integers().between(0, TRIALS - 1), value)
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    @Provide
    Arbitrary<Contest> contests() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(0.0, 0.4),
                        Arbitraries.of(Duration.ZERO, Duration.ofMinutes(1)))
                .as((slots, margin, tenure) -> new Contest(slots, new RankBy("sharpe"), margin, tenure));
    }

    @Property(tries = 2_000)
    void no_sequence_of_decisions_exceeds_the_capacity(
            @ForAll("stories") List<Step> story, @ForAll("contests") Contest contest) {
        Play play = new Play(contest);
        for (Step step : story) {
            play.happens(step);
            int before = play.deployed().size();
            int slots = play.contest.slots();
            for (Decision decision : play.decisions()) {
                play.carryOut(decision);
                // fewer slots than before are emptied one by one, and nobody comes in meanwhile
                assertThat(play.deployed().size()).isLessThanOrEqualTo(Math.max(before, slots));
            }
            assertThat(play.deployed().size()).isLessThanOrEqualTo(slots);
        }
    }

    @Property(tries = 2_000)
    void a_round_right_after_a_round_decides_nothing(
            @ForAll("stories") List<Step> story, @ForAll("contests") Contest contest) {
        Play play = new Play(contest);
        for (Step step : story) {
            play.happens(step);
            play.decisions().forEach(play::carryOut);
            assertThat(play.decisions()).allMatch(decision -> decision instanceof Decision.Wait);
        }
    }

    @Property(tries = 1_000)
    void nobody_comes_in_twice_or_goes_and_comes_in_one_round(
            @ForAll("stories") List<Step> story, @ForAll("contests") Contest contest) {
        Play play = new Play(contest);
        for (Step step : story) {
            play.happens(step);
            Set<Long> touched = new HashSet<>();
            for (Decision decision : play.decisions()) {
                assertThat(touched.add(decision.trialId())).isTrue();
                if (decision instanceof Decision.Replace replace) {
                    assertThat(touched.add(replace.outgoing())).isTrue();
                }
                play.carryOut(decision);
            }
        }
    }

    @Property(tries = 1_000)
    void what_an_operator_decided_holds_against_every_rank(
            @ForAll("stories") List<Step> story, @ForAll("contests") Contest contest) {
        Play play = new Play(contest);
        for (Step step : story) {
            play.happens(step);
            Set<Long> before = play.deployed();
            List<Decision> decisions = play.decisions();
            decisions.forEach(play::carryOut);
            Set<Long> after = play.deployed();
            assertThat(after).noneMatch(play::isBarred);
            for (long trial : before) {
                if (play.isPinned(trial) && !after.contains(trial)) {
                    // only others that are pinned, or too few slots for them, can cost it its slot
                    assertThat(after)
                            .as("instead of the pinned %s", trial)
                            .allMatch(other -> play.isPinned(other) || play.keepsSlot(other));
                }
            }
            boolean unpinnedCameIn = after.stream().anyMatch(each -> !before.contains(each) && !play.isPinned(each));
            if (unpinnedCameIn) {
                assertThat(play.pinnedContenders())
                        .as("passed over for somebody who is not pinned")
                        .isEmpty();
            }
        }
    }

    /** A field that decisions and happenings change as the store's would be. */
    private static final class Play {

        private final Map<Long, Candidate> trials = new HashMap<>();
        private final List<Reservation> reservations = new ArrayList<>();
        private Contest contest;
        private Instant now = START;
        private long batch = 1;
        private String basis = "data 0";

        Play(Contest contest) {
            this.contest = contest;
        }

        List<Decision> decisions() {
            return new Leaderboard(
                            contest,
                            new Field(List.copyOf(trials.values()), deployed().size(), reservations, basis),
                            now)
                    .decisions();
        }

        Set<Long> deployed() {
            Set<Long> deployed = new HashSet<>();
            for (Candidate candidate : trials.values()) {
                if (candidate.standing() == Standing.DEPLOYED) {
                    deployed.add(candidate.trialId());
                }
            }
            return deployed;
        }

        boolean isPinned(long trial) {
            return trial(trial).isPinned();
        }

        boolean isBarred(long trial) {
            return trial(trial).isBarred();
        }

        boolean keepsSlot(long trial) {
            return trial(trial).keepsSlot();
        }

        List<Candidate> pinnedContenders() {
            return trials.values().stream()
                    .filter(each -> each.isPinned() && each.refusal() == null)
                    .filter(each -> each.standing() == Standing.WAITING || each.standing() == Standing.RANKED_OUT)
                    .toList();
        }

        private Candidate trial(long id) {
            Candidate trial = trials.get(id);
            assertThat(trial).isNotNull();
            return trial;
        }

        void happens(Step step) {
            switch (step.what()) {
                case SLOTS_CHANGE ->
                    contest = new Contest(step.number() % 4, contest.rankBy(), contest.margin(), contest.minTenure());
                case TIME_PASSES -> now = now.plusSeconds(45);
                case NEW_DATA -> basis = "data " + step.number();
                case ENTERS -> trials.computeIfAbsent((long) step.number(), this::newcomer);
                default -> {
                    Candidate trial = trials.get((long) step.number());
                    if (trial != null) {
                        happens(step, trial);
                    }
                }
            }
        }

        private Candidate newcomer(long id) {
            return new Candidate(
                    id,
                    new TrialKey("ppo", (int) id),
                    now.isAfter(START.plusSeconds(30 * batch)) ? ++batch : batch,
                    now,
                    Standing.UNFINISHED,
                    false,
                    new Result(false, null, true, basis),
                    null,
                    false,
                    null,
                    null,
                    false,
                    null);
        }

        private void happens(Step step, Candidate trial) {
            boolean deployed = trial.standing() == Standing.DEPLOYED;
            boolean through = trial.standing() != Standing.UNFINISHED;
            switch (step.what()) {
                case IS_VALIDATED -> {
                    Standing next = through ? trial.standing() : Standing.WAITING;
                    put(trial, next, new Result(true, step.value(), true, basis), trial.deployedAt(), false);
                }
                case IS_REPEATED -> {
                    if (deployed) {
                        Result old = trial.result();
                        Result unknown = new Result(false, old.value(), true, old.basis());
                        put(trial, Standing.DEPLOYED, unknown, trial.deployedAt(), true);
                    }
                }
                case IS_STOPPED -> {
                    if (deployed) {
                        put(trial, Standing.OUT, trial.result(), null, false);
                        reservations.add(new Reservation(trial.trialId(), trial.key(), batch));
                    }
                }
                case IS_DEPLOYED_BY_NAME -> {
                    if (through && !deployed && !trial.isBarred() && deployed().size() < contest.slots()) {
                        deploy(trial);
                        if (!reservations.removeIf(each -> each.trialId() == trial.trialId())
                                && !reservations.isEmpty()) {
                            reservations.remove(0);
                        }
                    }
                }
                case IS_PINNED -> prefer(trial, Preference.Kind.PINNED);
                case IS_BARRED -> prefer(trial, Preference.Kind.NEVER);
                case IS_NEITHER -> prefer(trial, null);
                case IS_GIVEN_UP, IS_RESET -> {
                    if (deployed) {
                        put(
                                trial,
                                Standing.DEPLOYED,
                                trial.result(),
                                trial.deployedAt(),
                                step.what() == Happening.IS_GIVEN_UP);
                    }
                }
                case IS_OBJECTED_TO ->
                    trials.put(
                            trial.trialId(),
                            copy(
                                    trial,
                                    trial.standing(),
                                    trial.result(),
                                    trial.deployedAt(),
                                    trial.keepsSlot(),
                                    step.value() == null ? null : "luck",
                                    trial.preference()));
                default -> throw new AssertionError(step);
            }
        }

        void carryOut(Decision decision) {
            Candidate trial = trial(decision.trialId());
            if (decision instanceof Decision.Deploy deploy) {
                if (deploy.fillsSlotOf() != null) {
                    assertThat(reservations.removeIf(each -> each.trialId() == deploy.fillsSlotOf()))
                            .isTrue();
                }
                deploy(trial);
            } else if (decision instanceof Decision.Replace replace) {
                rankOut(trial(replace.outgoing()));
                deploy(trial);
            } else if (decision instanceof Decision.Retire || decision instanceof Decision.RankOut) {
                rankOut(trial);
            }
        }

        private void deploy(Candidate trial) {
            assertThat(trial.standing()).isNotEqualTo(Standing.DEPLOYED);
            put(trial, Standing.DEPLOYED, trial.result(), now, false);
        }

        private void rankOut(Candidate trial) {
            put(trial, Standing.RANKED_OUT, trial.result(), null, false);
        }

        private void prefer(Candidate trial, Preference.@Nullable Kind kind) {
            Preference preference = kind == null ? null : new Preference(trial.trialId(), kind, "", "ana", "cli", now);
            trials.put(
                    trial.trialId(),
                    copy(
                            trial,
                            trial.standing(),
                            trial.result(),
                            trial.deployedAt(),
                            trial.keepsSlot(),
                            trial.objection(),
                            preference));
        }

        private void put(
                Candidate trial, Standing standing, Result result, @Nullable Instant deployedAt, boolean keepsSlot) {
            trials.put(
                    trial.trialId(),
                    copy(trial, standing, result, deployedAt, keepsSlot, trial.objection(), trial.preference()));
        }

        private static Candidate copy(
                Candidate trial,
                Standing standing,
                Result result,
                @Nullable Instant deployedAt,
                boolean keepsSlot,
                @Nullable String objection,
                @Nullable Preference preference) {
            return new Candidate(
                    trial.trialId(),
                    trial.key(),
                    trial.batch(),
                    trial.createdAt(),
                    standing,
                    trial.held(),
                    result,
                    deployedAt,
                    keepsSlot,
                    trial.refusal(),
                    objection,
                    trial.awaitsReview(),
                    preference);
        }
    }
}
