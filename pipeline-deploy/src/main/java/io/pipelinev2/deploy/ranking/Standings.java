package io.pipelinev2.deploy.ranking;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.ranking.Candidate.Refusal;
import io.pipelinev2.deploy.ranking.Candidate.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads out of the store how everybody stands in the contest for the slots. */
public final class Standings {

    private static final int EVENTS_LOOKED_AT = 1_000;

    private final StoreReader tx;
    private final String stage;
    private final RankBy rankBy;
    private final Instant now;
    private final Map<Long, List<StageRun>> stages;
    private final Map<Long, Deployment> active = new HashMap<>();
    private final Set<Long> deployedBefore = new HashSet<>();
    private final Set<String> metricNames = new TreeSet<>();
    private final Map<String, Map<Long, String>> objections = new LinkedHashMap<>();
    private final Map<Long, Preference> preferences;
    private final Set<Long> awaited;
    private @Nullable Instant newest;
    private @Nullable String newestBasis;

    private Standings(
            StoreReader tx, String stage, RankBy rankBy, Set<String> required, Set<Long> awaited, Instant now) {
        this.awaited = Set.copyOf(awaited);
        this.tx = tx;
        this.stage = stage;
        this.rankBy = rankBy;
        this.now = now;
        this.stages = tx.stagesByTrial();
        this.preferences = tx.preferences();
        for (Deployment deployment : tx.deployments()) {
            deployedBefore.add(deployment.trialId());
            if (deployment.desired() == DesiredState.RUNNING) {
                active.put(deployment.trialId(), deployment);
            }
        }
        required.forEach(finding -> objections.put(finding, tx.objections(finding)));
    }

    /**
     * The field as the leaderboard needs it.
     *
     * @param stage the name of the deploy stage
     * @param required the findings without which nobody is deployed by rank
     * @param awaited the trials that have been there at a review already: what it did not find then is not waited for
     * @param now the store's time
     * @throws PipelineException if trials are to be ranked by a metric that no backtest has
     */
    public static Field of(
            StoreReader tx, String stage, RankBy rankBy, Set<String> required, Set<Long> awaited, Instant now) {
        Standings standings = new Standings(tx, stage, rankBy, required, awaited, now);
        Field field = standings.field();
        standings.requireKnownMetric();
        return field;
    }

    /**
     * The rank of each validated trial by its id, 1 for the best; in order of ranks.
     *
     * @param stage the name of the deploy stage
     * @param now the store's time
     */
    public static Map<Long, Integer> ranks(StoreReader tx, String stage, RankBy rankBy, Instant now) {
        Field field = new Standings(tx, stage, rankBy, Set.of(), Set.of(), now).field();
        return new Leaderboard(new Contest(0, rankBy, 0, Duration.ZERO), field, now).ranks();
    }

    private Field field() {
        List<Candidate> candidates = new ArrayList<>();
        List<Reservation> reservations = new ArrayList<>();
        Set<Long> filled = new HashSet<>();
        for (Trial trial : tx.trials()) {
            List<StageRun> runs = stages.getOrDefault(trial.id(), List.of());
            StageRun row = runs.stream()
                    .filter(run -> run.name().equals(stage))
                    .findFirst()
                    .orElse(null);
            Ruling ruling = row == null ? null : Ruling.of(row);
            if (ruling != null && ruling.fillsSlotOf() != null) {
                filled.add(ruling.fillsSlotOf());
            }
            if (ruling != null && ruling.kind() == Ruling.Kind.STOPPED_BY_OPERATOR) {
                reservations.add(new Reservation(trial.id(), trial.key(), ruling.batch()));
            }
            Standing standing = standing(trial, row, ruling);
            if (standing != null) {
                candidates.add(candidate(trial, row, standing, ruling, Evidence.of(runs)));
            }
        }
        // what was earned on paper stands beside the newest backtests
        candidates.replaceAll(candidate -> candidate.result().isOfPaper()
                ? candidate.with(candidate.result().on(newestBasis))
                : candidate);
        reservations.removeIf(reservation -> filled.contains(reservation.trialId()));
        reservations.sort(Comparator.comparingLong(Reservation::batch).thenComparing(Reservation::key));
        return new Field(candidates, active.size(), reservations, newestBasis);
    }

    private @Nullable Standing standing(Trial trial, @Nullable StageRun row, @Nullable Ruling ruling) {
        if (active.containsKey(trial.id())) {
            // one that failed is about to be ended
            return trial.status() == TrialStatus.FAILED ? null : Standing.DEPLOYED;
        }
        return switch (trial.status()) {
            case FAILED -> null;
            case PENDING, PROCESSING -> {
                if (row == null || row.status() != StageStatus.PENDING) {
                    yield null;
                }
                boolean due = row.dueAt() != null && !row.dueAt().isAfter(now) && trial.heldReason() == null;
                yield due ? Standing.WAITING : Standing.UNFINISHED;
            }
            case DEPLOYED -> Standing.OUT;
            case COMPLETED ->
                ruling == null
                        // never decided about, because deploying was off then: a pin names it, a rank does not
                        ? isPinned(trial) ? Standing.RANKED_OUT : Standing.OUT
                        : switch (ruling.kind()) {
                            case RANKED_OUT, REPLACED, RETIRED, BARRED_BY_OPERATOR -> Standing.RANKED_OUT;
                            case DEPLOYED, DEPLOYED_BY_OPERATOR, STOPPED_BY_OPERATOR, NOT_DEPLOYABLE -> Standing.OUT;
                        };
        };
    }

    private Candidate candidate(
            Trial trial, @Nullable StageRun row, Standing standing, @Nullable Ruling ruling, Evidence evidence) {
        Deployment deployment = active.get(trial.id());
        boolean down = deployment != null
                && (deployment.health().givenUp()
                        || (deployment.status() == DeploymentStatus.CRASHED && deployment.restartDue() == null));
        boolean validating = standing == Standing.DEPLOYED && trial.status() != TrialStatus.DEPLOYED;
        Result result = result(trial, evidence, standing == Standing.UNFINISHED ? evidence.isPresent() : !validating);
        if (standing != Standing.UNFINISHED) {
            remember(evidence, result);
        }
        return new Candidate(
                trial.id(),
                trial.key(),
                batch(trial, standing, ruling),
                trial.createdAt(),
                standing,
                trial.heldReason() != null,
                result,
                standing == Standing.DEPLOYED && row != null ? row.completedAt() : null,
                down || validating,
                refusal(trial, standing, evidence),
                standing == Standing.WAITING || standing == Standing.RANKED_OUT ? objection(trial) : null,
                standing == Standing.WAITING && !awaited.contains(trial.id()) && !isReviewed(trial),
                preferences.get(trial.id()));
    }

    private boolean isPinned(Trial trial) {
        Preference preference = preferences.get(trial.id());
        return preference != null && preference.kind() == Preference.Kind.PINNED;
    }

    private @Nullable String objection(Trial trial) {
        for (Map.Entry<String, Map<Long, String>> finding : objections.entrySet()) {
            String objection = finding.getValue().get(trial.id());
            if (objection == null) {
                return "it has not been reviewed (%s); run `revalidate %s`".formatted(finding.getKey(), trial.key());
            }
            if (!objection.isEmpty()) {
                return objection;
            }
        }
        return null;
    }

    private boolean isReviewed(Trial trial) {
        return objections.values().stream().allMatch(finding -> finding.containsKey(trial.id()));
    }

    /** Whom an operator has deployed counts as one that came after all who were there at the time. */
    private static long batch(Trial trial, Standing standing, @Nullable Ruling ruling) {
        return standing == Standing.DEPLOYED && ruling != null && ruling.kind() == Ruling.Kind.DEPLOYED_BY_OPERATOR
                ? ruling.batch() + 1
                : trial.batch();
    }

    private Result result(Trial trial, Evidence evidence, boolean known) {
        if (rankBy.isValue()) {
            Double value = trial.value();
            boolean defined = value != null && Double.isFinite(value) && trial.direction() != Direction.NOT_SET;
            return new Result(
                    true,
                    defined ? value : null,
                    trial.direction() != Direction.MINIMIZE,
                    trial.direction().label());
        }
        Result backtest =
                new Result(known, evidence.metric(rankBy.name()), rankBy.higherIsBetter(), evidence.dataSha256());
        Deployment deployment = active.get(trial.id());
        Duration after = rankBy.paperAfter();
        return after == null || deployment == null || !known ? backtest : onPaper(deployment, backtest, after);
    }

    /** Its paper record decides once it is old enough and says something. */
    private Result onPaper(Deployment deployment, Result backtest, Duration after) {
        PaperEvidence paper = PaperEvidence.of(deployment, tx.findings(deployment.trialId()));
        Double value = paper.metric(rankBy.name());
        boolean decides = value != null && paper.tested().compareTo(after) >= 0;
        String words;
        if (paper.tested().compareTo(after) < 0) {
            words = "by its backtest; its paper record is younger than " + days(after);
        } else if (value == null) {
            words = "by its backtest; on paper it is undefined: " + paper.reason(rankBy.name());
        } else {
            words = "by its paper record of " + days(paper.tested());
        }
        return new Result(
                true,
                decides ? value : backtest.value(),
                backtest.higherIsBetter(),
                backtest.basis(),
                new Result.Paper(decides, words));
    }

    private static String days(Duration duration) {
        return duration.toDays() > 1 ? duration.toDays() + " days" : duration.toHours() + " hours";
    }

    private void remember(Evidence evidence, Result result) {
        metricNames.addAll(evidence.metricNames());
        Instant at = evidence.at();
        if (at != null && (newest == null || at.isAfter(newest))) {
            newest = at;
            newestBasis = result.basis();
        }
    }

    private void requireKnownMetric() {
        if (!rankBy.isValue() && !metricNames.isEmpty() && !metricNames.contains(rankBy.name())) {
            throw new PipelineException("stages.deploy.rank_by is '" + rankBy.name()
                    + "', but no backtest has that metric, so nothing can be deployed. Use 'value' or one of "
                    + metricNames + ".");
        }
    }

    private @Nullable Refusal refusal(Trial trial, Standing standing, Evidence evidence) {
        if (standing != Standing.WAITING && standing != Standing.RANKED_OUT) {
            return null;
        }
        if (evidence.modelSha256() == null) {
            return new Refusal(
                    Ruling.Kind.NOT_DEPLOYABLE,
                    "cannot be deployed: no stage recorded which model was validated (model_sha256 in its results)");
        }
        if (standing == Standing.WAITING && deployedBefore.contains(trial.id()) && wasStopped(trial)) {
            return new Refusal(
                    Ruling.Kind.STOPPED_BY_OPERATOR,
                    "an operator stopped it; it stays out until `deploy " + trial.key() + "` names it");
        }
        return null;
    }

    private boolean wasStopped(Trial trial) {
        for (Event event : tx.events(trial.id(), EVENTS_LOOKED_AT)) {
            if (event.type() == EventType.OPERATOR_DEPLOY) {
                return false;
            }
            if (event.type() == EventType.OPERATOR_STOP) {
                return true;
            }
        }
        return false;
    }
}
