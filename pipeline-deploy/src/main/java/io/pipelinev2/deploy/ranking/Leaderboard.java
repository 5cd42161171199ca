package io.pipelinev2.deploy.ranking;

import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.ranking.Candidate.Refusal;
import io.pipelinev2.deploy.ranking.Candidate.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Ranks trials and decides who gets a slot. A pure function: the same field at the same time gives the same decisions.
 *
 * <p>The order: defined results before undefined ones; results on the newest market data before others; better values
 * first; equal ones by key, the lower first. Nobody is started while a member of its batch that could rank higher is still
 * being validated, unless that one is held or was discovered more than ten minutes ago. A slot is taken from somebody only
 * by a result that is better by more than the margin and was measured on the same data.
 *
 * <p>What an operator decided outlasts the order, and does not change it. A pinned trial waits for nobody and for no review,
 * gets a slot before all that are not pinned, and keeps it; among pinned ones the rules above hold. One that is never to be
 * deployed gets none, and nobody waits for it.
 */
public final class Leaderboard {

    /** How long after their discovery trials are waited for. */
    public static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Contest contest;
    private final List<Candidate> candidates;
    private final List<Candidate> order;
    private final Map<Long, Integer> ranks = new LinkedHashMap<>();
    private final int slotsTaken;
    private final List<Reservation> reservations;
    private final Comparator<Candidate> best;
    private final Instant now;

    public Leaderboard(Contest contest, Field field, Instant now) {
        this.contest = contest;
        this.candidates = field.candidates();
        this.slotsTaken = field.slotsTaken();
        this.reservations = new ArrayList<>(field.reservations());
        this.now = now;
        this.best = best(field.newestBasis());
        this.order = candidates.stream()
                .filter(candidate -> candidate.standing() != Standing.UNFINISHED)
                .sorted(best)
                .toList();
        for (Candidate candidate : order) {
            ranks.put(candidate.trialId(), ranks.size() + 1);
        }
    }

    private static Comparator<Candidate> best(@Nullable String newestBasis) {
        return Comparator.<Candidate, Boolean>comparing(
                        candidate -> !candidate.result().isDefined())
                .thenComparing(candidate -> !Objects.equals(candidate.result().basis(), newestBasis))
                .thenComparing(candidate -> candidate.result().score(), Comparator.reverseOrder())
                .thenComparing(Candidate::key);
    }

    /** The rank of each validated trial by its id, 1 for the best; in order of ranks. */
    public Map<Long, Integer> ranks() {
        return Collections.unmodifiableMap(ranks);
    }

    /** What should happen, in the order in which it should. */
    public List<Decision> decisions() {
        return new Round().decide();
    }

    /** One round of decisions, with what it has given and taken so far. */
    private final class Round {

        private final List<Decision> decisions = new ArrayList<>();
        private final List<Candidate> holders = new ArrayList<>(
                order.stream().filter(c -> c.standing() == Standing.DEPLOYED).toList());
        private final List<Candidate> newcomers = new ArrayList<>();
        private final List<Candidate> contenders = new ArrayList<>();
        private int free = contest.slots() - slotsTaken;

        List<Decision> decide() {
            retireBarred();
            retireSurplus();
            for (Candidate candidate : order) {
                if (candidate.standing() == Standing.WAITING) {
                    enter(candidate);
                } else if (candidate.standing() == Standing.RANKED_OUT && competes(candidate)) {
                    contenders.add(candidate);
                }
            }
            // a stable sort: among pinned ones, and among the others, the order stays
            contenders.sort(Comparator.comparing(contender -> !contender.isPinned()));
            contenders.removeIf(this::gotFreeSlot);
            contenders.removeIf(this::gotSomeonesSlot);
            for (Candidate loser : contenders) {
                if (loser.standing() == Standing.WAITING) {
                    decisions.add(new Decision.RankOut(loser.trialId(), whyNot(loser), Ruling.Kind.RANKED_OUT));
                }
            }
            return decisions;
        }

        private boolean competes(Candidate candidate) {
            return candidate.refusal() == null
                    && !candidate.isBarred()
                    && (candidate.objection() == null || candidate.isPinned());
        }

        private void retireBarred() {
            List<Candidate> barred =
                    holders.stream().filter(Candidate::isBarred).toList();
            for (Candidate holder : barred) {
                holders.remove(holder);
                decisions.add(new Decision.Retire(holder.trialId(), place(holder)));
                free++;
            }
        }

        private void retireSurplus() {
            while (free < 0 && !holders.isEmpty()) {
                Candidate worst = worstHolder();
                holders.remove(worst);
                decisions.add(new Decision.Retire(
                        worst.trialId(), "%s; max_deployed is %d now".formatted(place(worst), contest.slots())));
                free++;
            }
        }

        /** Pinned ones go last, and before them those whose place is not known because their validation is repeated. */
        private Candidate worstHolder() {
            List<Candidate> worstFirst = new ArrayList<>(holders);
            Collections.reverse(worstFirst);
            return Collections.min(
                    worstFirst,
                    Comparator.comparing(Candidate::isPinned)
                            .thenComparing(holder -> !holder.result().known()));
        }

        private void enter(Candidate candidate) {
            if (candidate.isBarred()) {
                decisions.add(
                        new Decision.RankOut(candidate.trialId(), place(candidate), Ruling.Kind.BARRED_BY_OPERATOR));
                return;
            }
            Refusal refusal = candidate.refusal();
            if (refusal != null) {
                decisions.add(new Decision.RankOut(candidate.trialId(), refusal.reason(), refusal.kind()));
                return;
            }
            if (candidate.isPinned()) {
                contenders.add(candidate);
                return;
            }
            if (candidate.awaitsReview()) {
                decisions.add(new Decision.AwaitReview(candidate.trialId(), "waits to be reviewed"));
                return;
            }
            List<TrialKey> awaited = awaitedBy(candidate);
            if (awaited.isEmpty() && candidate.objection() != null) {
                decisions.add(new Decision.RankOut(
                        candidate.trialId(),
                        "%s, but not deployed: %s".formatted(place(candidate), candidate.objection()),
                        Ruling.Kind.RANKED_OUT));
            } else if (awaited.isEmpty()) {
                contenders.add(candidate);
            } else {
                decisions.add(new Decision.Wait(
                        candidate.trialId(),
                        "waits for %d of its batch that may rank higher, such as %s"
                                .formatted(awaited.size(), awaited.get(0))));
            }
        }

        private boolean gotFreeSlot(Candidate candidate) {
            if (free <= 0) {
                return false;
            }
            Optional<Reservation> reserved = reservations.stream()
                    .filter(reservation -> reservation.batch() < candidate.batch())
                    .findFirst();
            if (reserved.isEmpty() && free <= reservations.size()) {
                if (!candidate.isPinned()) {
                    return false;
                }
                reserved = reservations.stream().findFirst();
            }
            reserved.ifPresent(reservations::remove);
            free--;
            newcomers.add(candidate);
            decisions.add(new Decision.Deploy(
                    candidate.trialId(),
                    place(candidate),
                    reserved.map(Reservation::trialId).orElse(null)));
            return true;
        }

        private boolean gotSomeonesSlot(Candidate candidate) {
            // First whoever is not pinned: taken from a pinned one, the slot would go round in a circle, for that
            // one takes precedence in the next round.
            Candidate holder = worstHolder(each -> takesPrecedence(candidate, each))
                    .or(() -> worstHolder(
                            each -> mayReplace(candidate, each) && isBetter(candidate.result(), each.result())))
                    .orElse(null);
            if (holder == null) {
                return false;
            }
            holders.remove(holder);
            newcomers.add(candidate);
            decisions.add(new Decision.Replace(
                    candidate.trialId(),
                    "%s; replaces %s".formatted(place(candidate), name(holder)),
                    holder.trialId(),
                    "%s; replaced by %s%s"
                            .formatted(
                                    place(holder), name(candidate), candidate.isPinned() ? ", which is pinned" : "")));
            return true;
        }

        private Optional<Candidate> worstHolder(Predicate<Candidate> yields) {
            return holders.stream().filter(yields).reduce((better, worse) -> worse);
        }

        /** Rank, tenure and batch count among equals only. */
        private boolean takesPrecedence(Candidate candidate, Candidate holder) {
            return candidate.isPinned() && !holder.isPinned() && !holder.keepsSlot();
        }

        private boolean mayReplace(Candidate candidate, Candidate holder) {
            if (holder.isPinned() && !candidate.isPinned()) {
                return false;
            }
            boolean settled = holder.deployedAt() == null
                    || !holder.deployedAt().plus(contest.minTenure()).isAfter(now);
            // A slot that was given to a later batch on purpose is not taken back by an earlier one.
            boolean sameOrLater = candidate.standing() == Standing.WAITING
                    || candidate.isPinned()
                    || candidate.batch() >= holder.batch();
            return !holder.keepsSlot() && settled && sameOrLater;
        }

        private boolean isBetter(Result challenger, Result holder) {
            if (!challenger.isDefined()) {
                return false;
            }
            if (!holder.isDefined()) {
                return true;
            }
            return challenger.isComparableWith(holder) && challenger.score() > holder.score() + contest.margin();
        }

        private String whyNot(Candidate loser) {
            StringBuilder why = new StringBuilder(place(loser));
            if (!loser.result().isDefined()) {
                why.append(" (its value is undefined)");
            }
            List<Candidate> winners = new ArrayList<>(holders);
            winners.addAll(newcomers);
            winners.sort(best);
            if (contest.slots() == 0) {
                return why.append("; max_deployed is 0").toString();
            }
            if (free > 0 && !reservations.isEmpty()) {
                return why.append("; an operator stopped %s, and its slot is filled by later batches only"
                                .formatted(name(reservations.get(0).key())))
                        .toString();
            }
            why.append("; the %s went to %s"
                    .formatted(
                            contest.slots() == 1 ? "slot" : contest.slots() + " slots",
                            winners.isEmpty()
                                    ? "trials that are being ended"
                                    : String.join(
                                            ", ",
                                            winners.stream()
                                                    .map(Leaderboard.this::name)
                                                    .toList())));
            if (loser.result().isDefined()) {
                why.append(hindrance(loser, winners));
            }
            return why.toString();
        }

        /** What kept it from taking the slot of somebody that it outranks, if that is so. */
        private String hindrance(Candidate loser, List<Candidate> winners) {
            for (Candidate winner : winners) {
                Result theirs = winner.result();
                boolean outranks = best.compare(loser, winner) < 0;
                if (outranks && winner.isPinned() && !loser.isPinned()) {
                    return "; %s is pinned".formatted(name(winner));
                }
                if (theirs.isDefined() && !theirs.isComparableWith(loser.result())) {
                    return "; its result is not compared with that of %s, which was measured on other data"
                            .formatted(name(winner));
                }
                if (outranks) {
                    if (winner.keepsSlot()) {
                        return theirs.known()
                                ? "; %s keeps its slot until an operator acts".formatted(name(winner))
                                : "; %s keeps its slot while its validation is repeated".formatted(name(winner));
                    }
                    return isBetter(loser.result(), theirs)
                            ? "; %s cannot be replaced within %s of its deployment"
                                    .formatted(name(winner), contest.minTenure())
                            : "; it is not better than %s by more than %s".formatted(name(winner), contest.margin());
                }
            }
            return "";
        }
    }

    private List<TrialKey> awaitedBy(Candidate candidate) {
        return candidates.stream()
                .filter(other -> (other.standing() == Standing.UNFINISHED || other.awaitsReview())
                        && other.batch() == candidate.batch()
                        && !other.held()
                        && !other.isBarred()
                        && other.createdAt().plus(PATIENCE).isAfter(now)
                        && (!other.result().known() || other.isPinned() || best.compare(other, candidate) < 0))
                .map(Candidate::key)
                .toList();
    }

    private String place(Candidate candidate) {
        Result.Paper paper = candidate.result().paper();
        Preference preference = candidate.preference();
        return "rank %d of %d by %s%s%s"
                .formatted(
                        ranks.get(candidate.trialId()),
                        ranks.size(),
                        contest.rankBy().name(),
                        paper == null ? "" : " (" + paper.words() + ")",
                        preference == null ? "" : "; " + words(preference, candidate.key()));
    }

    private static String words(Preference preference, TrialKey key) {
        String by = preference.actor() + (preference.reason().isBlank() ? "" : ": " + preference.reason());
        return switch (preference.kind()) {
            case PINNED -> "pinned by " + by;
            case NEVER ->
                "never to be deployed, by decision of %s; `never %s --off` lets it in again".formatted(by, key);
        };
    }

    private String name(Candidate candidate) {
        return name(candidate.key());
    }

    /** The number alone where all are of one study. */
    private String name(TrialKey key) {
        boolean oneStudy =
                candidates.stream().map(other -> other.key().study()).distinct().count() <= 1;
        return oneStudy ? Integer.toString(key.number()) : key.toString();
    }
}
