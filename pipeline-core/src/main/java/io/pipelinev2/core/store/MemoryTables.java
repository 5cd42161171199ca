package io.pipelinev2.core.store;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of an in-memory store, and how to undo what was last done to them. Its owner's lock guards it. */
final class MemoryTables implements StoreWriter {

    private static final Comparator<StageRun> IN_ORDER = Comparator.comparingInt(StageRun::position);

    private final Map<Long, Study> studies = new TreeMap<>();
    private final Map<Long, Trial> trials = new TreeMap<>();
    private final Map<Long, StageRun> stages = new TreeMap<>();
    private final Map<Long, Attempt> attempts = new TreeMap<>();
    private final Map<Measured, Measurement> series = new HashMap<>();
    private final Map<Long, Map<String, Finding>> findings = new TreeMap<>();
    private final Map<Long, Deployment> deployments = new TreeMap<>();
    private final Map<Long, ProcessRun> processRuns = new TreeMap<>();
    private final Map<Long, Preference> preferences = new TreeMap<>();
    private final Map<Long, List<LedgerEntry>> ledgers = new HashMap<>();
    private final Map<Long, Event> events = new TreeMap<>();
    private final Map<Long, HealthReport> health = new TreeMap<>();
    private final Map<Long, Alert> alerts = new TreeMap<>();
    private final Map<Addressed, Alert.Delivery> deliveries = new HashMap<>();
    private final Map<String, Alert.Channel> alertChannels = new TreeMap<>();
    private final Map<String, StageHold> holds = new TreeMap<>();
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, HandledRequest> requests = new HashMap<>();
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private long lastId;

    /** Whose stage has measured. */
    private record Measured(long trialId, String stage) {}

    /** What a channel is told of an alert. */
    private record Addressed(long alertId, String channel) {}

    private record Measurement(long id, List<Series> series) {}

    void keep() {
        undo.clear();
    }

    void undo() {
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }

    private <K, V> void set(Map<K, V> table, K key, @Nullable V value) {
        V before = table.get(key);
        undo.push(() -> {
            if (before == null) {
                table.remove(key);
            } else {
                table.put(key, before);
            }
        });
        if (value == null) {
            table.remove(key);
        } else {
            table.put(key, value);
        }
    }

    private long nextId() {
        return ++lastId;
    }

    private static <V> V existing(Map<Long, V> table, long id, String kind) {
        V row = table.get(id);
        if (row == null) {
            throw new StaleStateException("There is no " + kind + " " + id + " any more.");
        }
        return row;
    }

    @Override
    public Optional<Study> study(String storage, String name) {
        return studies.values().stream()
                .filter(study -> study.storage().equals(storage) && study.name().equals(name))
                .max(Comparator.comparingInt(Study::incarnation));
    }

    @Override
    public List<Study> studies() {
        return List.copyOf(studies.values());
    }

    @Override
    public Optional<Trial> trial(long id) {
        return Optional.ofNullable(trials.get(id));
    }

    @Override
    public Optional<Trial> trial(TrialKey key) {
        return trials.values().stream().filter(trial -> trial.key().equals(key)).findFirst();
    }

    private Stream<Trial> ordered() {
        return trials.values().stream().sorted(Comparator.comparing(Trial::key));
    }

    @Override
    public List<Trial> trials() {
        return ordered().toList();
    }

    @Override
    public List<Trial> trialsOf(long studyId) {
        return ordered().filter(trial -> trial.studyId() == studyId).toList();
    }

    @Override
    public List<Trial> trialsIn(Collection<TrialStatus> statuses) {
        return ordered().filter(trial -> statuses.contains(trial.status())).toList();
    }

    @Override
    public Map<TrialStatus, Long> countByStatus() {
        Map<TrialStatus, Long> counts = new EnumMap<>(TrialStatus.class);
        trials.values().forEach(trial -> counts.merge(trial.status(), 1L, Long::sum));
        return counts;
    }

    @Override
    public long latestBatch() {
        return trials.values().stream().mapToLong(Trial::batch).max().orElse(0);
    }

    @Override
    public List<StageRun> stages(long trialId) {
        return stages.values().stream()
                .filter(stage -> stage.trialId() == trialId)
                .sorted(IN_ORDER)
                .toList();
    }

    @Override
    public Map<Long, List<StageRun>> stagesByTrial() {
        Map<Long, List<StageRun>> byTrial = new HashMap<>();
        stages.values().stream()
                .sorted(IN_ORDER)
                .forEach(stage -> byTrial.computeIfAbsent(stage.trialId(), id -> new ArrayList<>())
                        .add(stage));
        return byTrial;
    }

    @Override
    public Optional<StageRun> stage(long trialId, String name) {
        return stages(trialId).stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst();
    }

    private Stream<StageRun> queued() {
        return stages.values().stream().filter(stage -> stage.status() == StageStatus.PENDING && stage.dueAt() != null);
    }

    private Stream<StageRun> queued(Collection<String> names) {
        return queued().filter(stage -> names.contains(stage.name())
                && !existing(trials, stage.trialId(), "trial").parked());
    }

    private static Instant due(StageRun stage) {
        Instant due = stage.dueAt();
        return due == null ? Instant.MAX : due;
    }

    @Override
    public List<StageRun> due(Collection<String> names, Instant now, int limit) {
        return queued(names)
                .filter(stage -> !due(stage).isAfter(now))
                .sorted(Comparator.<StageRun, Instant>comparing(MemoryTables::due)
                        .thenComparing(StageRun::id))
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<Instant> nextDue(Collection<String> names) {
        return queued(names).map(MemoryTables::due).min(Comparator.naturalOrder());
    }

    @Override
    public Set<String> awaited() {
        return queued().map(StageRun::name).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public List<StageRun> running() {
        return stages.values().stream()
                .filter(stage -> stage.status() == StageStatus.RUNNING)
                .toList();
    }

    @Override
    public List<Attempt> attempts(long trialId) {
        return attempts.values().stream()
                .filter(attempt -> attempt.trialId() == trialId)
                .toList();
    }

    @Override
    public Optional<Attempt> attempt(long stageId, long token) {
        return attempts.values().stream()
                .filter(attempt -> attempt.stageId() == stageId && attempt.token() == token)
                .findFirst();
    }

    @Override
    public List<Attempt> unendedAttempts() {
        return attempts.values().stream()
                .filter(attempt -> attempt.outcome() == Attempt.Outcome.RUNNING || attempt.endedAt() == null)
                .toList();
    }

    @Override
    public Map<Long, Long> latestTokens() {
        Map<Long, Long> latest = new HashMap<>();
        attempts.values().forEach(attempt -> latest.merge(attempt.stageId(), attempt.token(), Math::max));
        return latest;
    }

    @Override
    public Map<Long, Series> series(String stage, String name, String basis) {
        Map<Long, Series> found = new TreeMap<>();
        series.forEach((of, measured) -> measured.series().stream()
                .filter(one -> of.stage().equals(stage)
                        && one.name().equals(name)
                        && one.basis().equals(basis))
                .forEach(one -> found.put(of.trialId(), one)));
        return found;
    }

    @Override
    public List<Series> seriesOf(long trialId, String stage) {
        Measurement measured = series.get(new Measured(trialId, stage));
        return measured == null
                ? List.of()
                : measured.series().stream()
                        .sorted(Comparator.comparing(Series::name))
                        .toList();
    }

    @Override
    public List<SeriesBasis> bases(String stage, String name) {
        Map<String, SeriesBasis> bases = new TreeMap<>();
        series.forEach((of, measured) -> measured.series().stream()
                .filter(one -> of.stage().equals(stage) && one.name().equals(name))
                .forEach(one -> bases.merge(
                        one.basis(),
                        new SeriesBasis(one.basis(), 1, measured.id(), measured.id()),
                        (a, b) -> new SeriesBasis(
                                a.basis(), a.count() + 1, Math.max(a.latest(), b.latest()), a.sum() + b.sum()))));
        return List.copyOf(bases.values());
    }

    @Override
    public long latestSeries() {
        return series.values().stream().mapToLong(Measurement::id).max().orElse(0);
    }

    @Override
    public List<Finding> findings(long trialId) {
        return List.copyOf(new TreeMap<>(findings.getOrDefault(trialId, Map.of())).values());
    }

    @Override
    public Map<Long, String> objections(String name) {
        Map<Long, String> objections = new TreeMap<>();
        findings.forEach((trialId, byName) -> {
            Finding finding = byName.get(name);
            if (finding != null) {
                objections.put(trialId, finding.objection() == null ? "" : finding.objection());
            }
        });
        return objections;
    }

    @Override
    public List<Deployment> deployments() {
        return List.copyOf(deployments.values());
    }

    @Override
    public Optional<Deployment> deployment(long id) {
        return Optional.ofNullable(deployments.get(id));
    }

    @Override
    public Optional<Deployment> deploymentOf(long trialId) {
        return deployments.values().stream()
                .filter(deployment -> deployment.trialId() == trialId)
                .max(Comparator.comparingLong(Deployment::id));
    }

    @Override
    public List<ProcessRun> processRuns(long deploymentId) {
        return processRuns.values().stream()
                .filter(run -> run.deploymentId() == deploymentId)
                .toList();
    }

    @Override
    public List<Event> events(@Nullable Long trialId, int limit) {
        return events.values().stream()
                .filter(event -> trialId == null || trialId.equals(event.trialId()))
                .sorted(Comparator.comparingLong(Event::id).reversed())
                .limit(limit)
                .toList();
    }

    @Override
    public List<HealthReport> latestHealth() {
        Map<String, HealthReport> latest = new TreeMap<>();
        health.values().forEach(report -> latest.put(report.component(), report));
        return List.copyOf(latest.values());
    }

    @Override
    public List<StageHold> holds() {
        return List.copyOf(holds.values());
    }

    @Override
    public Optional<String> setting(String key) {
        return Optional.ofNullable(settings.get(key));
    }

    @Override
    public Study insert(Study study) {
        requireFree(study.label());
        Study stored = study.withId(nextId());
        set(studies, stored.id(), stored);
        return stored;
    }

    @Override
    public void relabel(Study study, String label) {
        Study row = existing(studies, study.id(), "study");
        if (!row.label().equals(study.label())) {
            throw new StaleStateException(
                    "Study %d is labelled '%s' by now, not '%s'.".formatted(row.id(), row.label(), study.label()));
        }
        requireFree(label);
        set(studies, row.id(), row.withLabel(label));
        for (Trial trial : trialsOf(row.id())) {
            TrialKey key = new TrialKey(label, trial.key().number());
            set(trials, trial.id(), trial.withKey(key));
            for (Deployment deployment : deployments()) {
                if (deployment.trialId() == trial.id()) {
                    set(deployments, deployment.id(), deployment.withKey(key));
                }
            }
        }
    }

    @Override
    public void update(Study study, @Nullable TrialCounts counts) {
        set(studies, study.id(), existing(studies, study.id(), "study").withCounts(counts));
    }

    private void requireFree(String label) {
        if (studies.values().stream().anyMatch(study -> study.label().equals(label))) {
            throw new StaleStateException("A study labelled '" + label + "' is there already.");
        }
    }

    @Override
    public Trial insert(Trial trial) {
        if (trial(trial.key()).isPresent()) {
            throw new StaleStateException("Trial " + trial.key() + " is there already.");
        }
        Trial stored = trial.withId(nextId());
        set(trials, stored.id(), stored);
        return stored;
    }

    @Override
    public void update(Trial before, Trial after) {
        Transitions.check(before, after);
        Trial row = existing(trials, before.id(), "trial");
        if (row.status() != before.status() || row.parked() != before.parked()) {
            throw new StaleStateException("Trial %s is %s%s by now, not %s%s."
                    .formatted(
                            row.key(),
                            row.parked() ? "parked, " : "",
                            row.status().label(),
                            before.parked() ? "parked, " : "",
                            before.status().label()));
        }
        set(trials, after.id(), after);
    }

    @Override
    public StageRun insert(StageRun stage) {
        if (stage(stage.trialId(), stage.name()).isPresent()) {
            throw new StaleStateException(
                    "Stage " + stage.name() + " of trial " + stage.trialId() + " is there already.");
        }
        StageRun stored = stage.withId(nextId());
        set(stages, stored.id(), stored);
        return stored;
    }

    @Override
    public void update(StageRun before, StageRun after) {
        Transitions.check(before, after);
        StageRun row = existing(stages, before.id(), "stage");
        if (row.status() != before.status() || row.token() != before.token()) {
            throw new StaleStateException("Stage %s of trial %d is %s with token %d by now, not %s with token %d."
                    .formatted(
                            row.name(),
                            row.trialId(),
                            row.status().label(),
                            row.token(),
                            before.status().label(),
                            before.token()));
        }
        set(stages, after.id(), after);
    }

    @Override
    public Attempt insert(Attempt attempt) {
        if (attempt(attempt.stageId(), attempt.token()).isPresent()) {
            throw new StaleStateException(
                    "Claim " + attempt.token() + " of stage " + attempt.stageId() + " has an attempt already.");
        }
        Attempt stored = attempt.withId(nextId());
        set(attempts, stored.id(), stored);
        return stored;
    }

    @Override
    public void update(Attempt attempt) {
        existing(attempts, attempt.id(), "attempt");
        set(attempts, attempt.id(), attempt);
    }

    @Override
    public void delete(Attempt attempt) {
        set(attempts, attempt.id(), null);
    }

    @Override
    public void put(long trialId, String stage, List<Series> measured) {
        existing(trials, trialId, "trial");
        set(
                series,
                new Measured(trialId, stage),
                measured.isEmpty() ? null : new Measurement(nextId(), List.copyOf(measured)));
    }

    @Override
    public void put(Finding finding) {
        existing(trials, finding.trialId(), "trial");
        Map<String, Finding> byName = new HashMap<>(findings.getOrDefault(finding.trialId(), Map.of()));
        byName.put(finding.name(), finding);
        set(findings, finding.trialId(), byName);
    }

    @Override
    public Deployment insert(Deployment deployment) {
        Deployment stored = deployment.stored(nextId(), 1);
        set(deployments, stored.id(), stored);
        return stored;
    }

    @Override
    public Deployment update(Deployment before, Deployment after) {
        Transitions.check(before, after);
        Deployment row = existing(deployments, before.id(), "deployment");
        if (row.version() != before.version()) {
            throw new StaleStateException("Deployment %d was changed since it was read (version %d, not %d)."
                    .formatted(row.id(), row.version(), before.version()));
        }
        Deployment stored = after.stored(row.id(), row.version() + 1);
        set(deployments, stored.id(), stored);
        return stored;
    }

    @Override
    public ProcessRun insert(ProcessRun run) {
        ProcessRun stored = run.withId(nextId());
        set(processRuns, stored.id(), stored);
        return stored;
    }

    @Override
    public void update(ProcessRun run) {
        existing(processRuns, run.id(), "process run");
        set(processRuns, run.id(), run);
    }

    @Override
    public Map<Long, Preference> preferences() {
        return Map.copyOf(preferences);
    }

    @Override
    public void put(Preference preference) {
        existing(trials, preference.trialId(), "trial");
        set(preferences, preference.trialId(), preference);
    }

    @Override
    public void deletePreference(long trialId) {
        set(preferences, trialId, null);
    }

    @Override
    public List<LedgerEntry> ledger(long deploymentId, long afterSequence, int limit) {
        return ledgers.getOrDefault(deploymentId, List.of()).stream()
                .filter(entry -> entry.sequence() > afterSequence)
                .limit(limit)
                .toList();
    }

    @Override
    public long lastLedgerSequence(long deploymentId) {
        return ledgers.getOrDefault(deploymentId, List.of()).size();
    }

    @Override
    public void append(List<LedgerEntry> entries) {
        for (LedgerEntry entry : entries) {
            existing(deployments, entry.deploymentId(), "deployment");
            entry.requireAfter(lastLedgerSequence(entry.deploymentId()));
            List<LedgerEntry> ledger = new ArrayList<>(ledgers.getOrDefault(entry.deploymentId(), List.of()));
            ledger.add(entry);
            set(ledgers, entry.deploymentId(), ledger);
        }
    }

    @Override
    public void append(Event event) {
        Event stored = event.withId(nextId());
        set(events, stored.id(), stored);
    }

    @Override
    public void record(HealthReport report) {
        set(health, nextId(), report);
    }

    @Override
    public void put(String key, String value) {
        set(settings, key, value);
    }

    @Override
    public List<HealthReport> health(@Nullable String component, int limit) {
        List<HealthReport> newestFirst = new ArrayList<>(health.values());
        Collections.reverse(newestFirst);
        return newestFirst.stream()
                .filter(report -> component == null || report.component().equals(component))
                .limit(limit)
                .toList();
    }

    @Override
    public List<Alert> openAlerts() {
        return alerts.values().stream().filter(Alert::isOpen).toList();
    }

    @Override
    public List<Alert> alerts(int limit) {
        return newestAlerts().limit(limit).toList();
    }

    private Stream<Alert> newestAlerts() {
        return alerts.values().stream()
                .sorted(Comparator.comparingLong(Alert::id).reversed());
    }

    @Override
    public Optional<Alert> alert(long id) {
        return Optional.ofNullable(alerts.get(id));
    }

    @Override
    public Optional<Alert> alert(String rule, String subject) {
        return newestAlerts()
                .filter(alert -> alert.rule().equals(rule) && alert.subject().equals(subject))
                .findFirst();
    }

    @Override
    public List<Alert.Delivery> deliveries(long alertId) {
        return deliveries.values().stream()
                .filter(delivery -> delivery.alertId() == alertId)
                .sorted(Comparator.comparing(Alert.Delivery::channel))
                .toList();
    }

    @Override
    public List<Alert.Delivery> undelivered(String channel, int limit) {
        return deliveries.values().stream()
                .filter(delivery -> delivery.channel().equals(channel) && delivery.dueAt() != null)
                .sorted(Comparator.comparing(Alert.Delivery::dueAt).thenComparing(Alert.Delivery::alertId))
                .limit(limit)
                .toList();
    }

    @Override
    public List<Alert.Channel> alertChannels() {
        return List.copyOf(alertChannels.values());
    }

    @Override
    public Alert insert(Alert alert) {
        Alert stored = alert.withId(nextId());
        set(alerts, stored.id(), stored);
        return stored;
    }

    @Override
    public void update(Alert alert) {
        existing(alerts, alert.id(), "alert");
        set(alerts, alert.id(), alert);
    }

    @Override
    public void put(Alert.Delivery delivery) {
        existing(alerts, delivery.alertId(), "alert");
        set(deliveries, new Addressed(delivery.alertId(), delivery.channel()), delivery);
    }

    @Override
    public void put(Alert.Channel channel) {
        set(alertChannels, channel.name(), channel);
    }

    @Override
    public void put(StageHold hold) {
        set(holds, hold.stage(), hold);
    }

    @Override
    public void delete(StageHold hold) {
        set(holds, hold.stage(), null);
    }

    @Override
    public int prune(Instant before, int limit) {
        return forget(
                        attempts,
                        attempt -> attempt.endedAt() != null
                                && attempt.endedAt().isBefore(before)
                                && isOver(attempt.trialId()),
                        limit)
                + forget(events, event -> event.at().isBefore(before) && isForgettable(event), limit)
                + forget(
                        health,
                        report ->
                                report.at().isBefore(before) && !latestHealth().contains(report),
                        limit)
                + forgetAlerts(before, limit);
    }

    private int forgetAlerts(Instant before, int limit) {
        int count = forget(
                alerts,
                alert -> alert.resolvedAt() != null && alert.resolvedAt().isBefore(before),
                limit);
        List.copyOf(deliveries.keySet()).stream()
                .filter(key -> !alerts.containsKey(key.alertId()))
                .forEach(key -> set(deliveries, key, null));
        return count;
    }

    private boolean isOver(long trialId) {
        TrialStatus status = existing(trials, trialId, "trial").status();
        return status == TrialStatus.COMPLETED || status == TrialStatus.FAILED;
    }

    private boolean isForgettable(Event event) {
        Long trialId = event.trialId();
        return trialId == null || !event.type().steersRanking() && isOver(trialId);
    }

    private <V> int forget(Map<Long, V> table, Predicate<V> old, int limit) {
        List<Long> ids = table.entrySet().stream()
                .filter(row -> old.test(row.getValue()))
                .map(Map.Entry::getKey)
                .limit(limit)
                .toList();
        ids.forEach(id -> set(table, id, null));
        return ids.size();
    }

    @Override
    public Optional<HandledRequest> handled(String key) {
        return Optional.ofNullable(requests.get(key));
    }

    @Override
    public void put(HandledRequest request) {
        if (requests.containsKey(request.key())) {
            throw new StaleStateException("The request " + request.key() + " was carried out already.");
        }
        Instant oldest = request.at().minus(Duration.ofHours(HandledRequest.HOURS));
        requests.values().stream()
                .filter(each -> each.at().isBefore(oldest))
                .toList()
                .forEach(each -> set(requests, each.key(), null));
        set(requests, request.key(), request);
    }
}
