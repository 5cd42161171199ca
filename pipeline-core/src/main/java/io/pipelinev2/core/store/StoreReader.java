package io.pipelinev2.core.store;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.EquityPoint;
import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What can be read from a store within one consistent state. Lists are complete and unmodifiable. */
public interface StoreReader {

    /** The newest incarnation of the study of this name in this storage. */
    Optional<Study> study(String storage, String name);

    List<Study> studies();

    Optional<Trial> trial(long id);

    /** The trial of this key; the study's part is a label. */
    Optional<Trial> trial(TrialKey key);

    /** All trials, in order of their keys. */
    List<Trial> trials();

    /** The trials of one study, in order of their numbers. */
    List<Trial> trialsOf(long studyId);

    /** Some of the trials, in an order that is asked for. */
    default TrialQuery.Page trials(TrialQuery query) {
        return query.among(trials().stream(), trial -> stages(trial.id()));
    }

    /** The trials that stand in one of these statuses, in order of their keys. */
    List<Trial> trialsIn(Collection<TrialStatus> statuses);

    /** How many trials stand in each status; a status that none stands in may be left out. */
    Map<TrialStatus, Long> countByStatus();

    /** The number of the latest discovery pass that brought in trials, 0 if none did. */
    long latestBatch();

    /** The stages of a trial, in their order. */
    List<StageRun> stages(long trialId);

    /** The stages of all trials by trial id, each list in order of stages. */
    Map<Long, List<StageRun>> stagesByTrial();

    Optional<StageRun> stage(long trialId, String name);

    /** Pending stages of these names that are due, longest due first; those of parked trials are left out. */
    List<StageRun> due(Collection<String> names, Instant now, int limit);

    /** When the next pending stage of these names, of a trial that is not parked, becomes due, be it in the past. */
    Optional<Instant> nextDue(Collection<String> names);

    /** The names of the stages that trials wait for: those of pending stages that are due now or later. */
    Set<String> awaited();

    /** Stages that stand in running. */
    List<StageRun> running();

    /** The attempts of a trial, in order of their starts. */
    List<Attempt> attempts(long trialId);

    /** The attempt of a claim. */
    Optional<Attempt> attempt(long stageId, long token);

    /** The attempts of all trials that have not ended: that stand in running, or have no end. In order of their ids. */
    List<Attempt> unendedAttempts();

    /** The largest token that any attempt of a stage carries, by stage id; a stage without attempts is left out. */
    Map<Long, Long> latestTokens();

    /**
     * The series of this name that a stage has measured on this basis, by trial id.
     *
     * @param basis as in {@link Series#basis}
     */
    Map<Long, Series> series(String stage, String name, String basis);

    /** What a stage has measured of one trial, in order of names. */
    List<Series> seriesOf(long trialId, String stage);

    /** What a stage has measured series of this name on, in order of bases. */
    List<SeriesBasis> bases(String stage, String name);

    /**
     * The id of the series that was measured last, 0 if there is none. It is another one whenever something has been
     * measured.
     */
    long latestSeries();

    /** What was found about a trial, in order of names. */
    List<Finding> findings(long trialId);

    /** For each trial that has a finding of this name the objection in it; empty text if there is none. By trial id. */
    Map<Long, String> objections(String name);

    /** All deployments, in order of their ids. */
    List<Deployment> deployments();

    Optional<Deployment> deployment(long id);

    /** The newest deployment of a trial. */
    Optional<Deployment> deploymentOf(long trialId);

    /** The starts of a deployment's process, in order. */
    List<ProcessRun> processRuns(long deploymentId);

    /** What operators decided about trials for good, by trial id. */
    Map<Long, Preference> preferences();

    /** The entries of a paper account's ledger after a sequence, in order. */
    List<LedgerEntry> ledger(long deploymentId, long afterSequence, int limit);

    /** Passes on what a paper account was worth after each bar, in order. */
    default void equity(long deploymentId, Consumer<EquityPoint> each) {
        int chunk = 1000;
        long last = 0;
        for (List<LedgerEntry> next = ledger(deploymentId, last, chunk);
                !next.isEmpty();
                next = ledger(deploymentId, last, chunk)) {
            for (LedgerEntry entry : next) {
                if (entry.step() != null && entry.equity() != null) {
                    each.accept(new EquityPoint(entry.step(), entry.at(), entry.equity()));
                }
                last = entry.sequence();
            }
        }
    }

    /** The sequence of the last entry of a paper account's ledger, 0 if there is none. */
    long lastLedgerSequence(long deploymentId);

    /** The newest events of a trial, or of everything if null, newest first. */
    List<Event> events(@Nullable Long trialId, int limit);

    /** Some of the events, newest first. */
    default List<Event> events(EventQuery query) {
        Long before = query.before();
        return events(query.trialId(), Integer.MAX_VALUE).stream()
                .filter(event -> before == null || event.id() < before)
                .filter(event -> query.types().isEmpty() || query.types().contains(event.type()))
                .limit(query.limit())
                .toList();
    }

    /** The latest report of each component, in order of their names. */
    List<HealthReport> latestHealth();

    /** The newest reports of a component, or of all if null, newest first. */
    List<HealthReport> health(@Nullable String component, int limit);

    /** The alerts that are not resolved, in order of their ids. */
    List<Alert> openAlerts();

    /** The newest alerts, resolved ones included, newest first. */
    List<Alert> alerts(int limit);

    Optional<Alert> alert(long id);

    /** The newest alert of a rule on a subject, resolved or not. */
    Optional<Alert> alert(String rule, String subject);

    /** The latest notice of an alert for each channel, in order of the channels' names. */
    List<Alert.Delivery> deliveries(long alertId);

    /** The notices that a channel is still to be given, longest due first, those that are due later included. */
    List<Alert.Delivery> undelivered(String channel, int limit);

    /** How each channel has done, in order of their names. */
    List<Alert.Channel> alertChannels();

    /** The stages that are held, in order of their names. */
    List<StageHold> holds();

    Optional<String> setting(String key);

    /** A request of this key that was carried out, if it was within {@value HandledRequest#HOURS} hours. */
    Optional<HandledRequest> handled(String key);
}
