package io.pipelinev2.store;

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
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.EventQuery;
import io.pipelinev2.core.store.Finding;
import io.pipelinev2.core.store.HandledRequest;
import io.pipelinev2.core.store.SeriesBasis;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.store.TrialQuery;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.jooq.Record1;
import org.jooq.ResultQuery;
import org.jspecify.annotations.Nullable;

/** The reader or writer that a piece of work is given; good until that work ends. */
final class Transaction implements StoreWriter {

    private final Sql sql;
    private final boolean writes;
    private boolean ended;

    Transaction(Sql sql, boolean writes) {
        this.sql = sql;
        this.writes = writes;
    }

    boolean writes() {
        return writes;
    }

    void end() {
        ended = true;
    }

    long ask(ResultQuery<Record1<Long>> query) {
        return jooq().fetchSingle(query).value1();
    }

    private DSLContext jooq() {
        return open().jooq();
    }

    private Sql open() {
        if (ended) {
            throw new IllegalStateException(
                    "this reader or writer was used after its work had ended; use it only within the function given to read or write");
        }
        return sql;
    }

    @Override
    public Optional<Study> study(String storage, String name) {
        return new StudyRows(jooq()).newest(storage, name);
    }

    @Override
    public List<Study> studies() {
        return new StudyRows(jooq()).all();
    }

    @Override
    public Study insert(Study study) {
        return new StudyRows(jooq()).insert(study);
    }

    @Override
    public void relabel(Study study, String label) {
        new StudyRows(jooq()).relabel(study, label);
    }

    @Override
    public void update(Study study, @Nullable TrialCounts counts) {
        new StudyRows(jooq()).count(study, counts);
    }

    @Override
    public Map<Long, Series> series(String stage, String name, String basis) {
        return new SeriesRows(open()).measuredOn(stage, name, basis);
    }

    @Override
    public List<Series> seriesOf(long trialId, String stage) {
        return new SeriesRows(open()).of(trialId, stage);
    }

    @Override
    public List<SeriesBasis> bases(String stage, String name) {
        return new SeriesRows(open()).bases(stage, name);
    }

    @Override
    public long latestSeries() {
        return new SeriesRows(open()).latest();
    }

    @Override
    public void put(long trialId, String stage, List<Series> series) {
        new SeriesRows(open()).put(trialId, stage, series);
    }

    @Override
    public List<Finding> findings(long trialId) {
        return new FindingRows(jooq()).of(trialId);
    }

    @Override
    public Map<Long, String> objections(String name) {
        return new FindingRows(jooq()).objections(name);
    }

    @Override
    public void put(Finding finding) {
        new FindingRows(jooq()).put(finding);
    }

    @Override
    public Optional<Trial> trial(long id) {
        return new TrialRows(open()).find(id);
    }

    @Override
    public Optional<Trial> trial(TrialKey key) {
        return new TrialRows(open()).find(key);
    }

    @Override
    public List<Trial> trials() {
        return new TrialRows(open()).all();
    }

    @Override
    public TrialQuery.Page trials(TrialQuery query) {
        return new TrialPages(jooq(), query).fetch();
    }

    @Override
    public List<Trial> trialsOf(long studyId) {
        return new TrialRows(open()).of(studyId);
    }

    @Override
    public List<Trial> trialsIn(Collection<TrialStatus> statuses) {
        return new TrialRows(open()).in(statuses);
    }

    @Override
    public Map<TrialStatus, Long> countByStatus() {
        return new TrialRows(open()).countByStatus();
    }

    @Override
    public long latestBatch() {
        return new TrialRows(open()).latestBatch();
    }

    @Override
    public Trial insert(Trial trial) {
        return new TrialRows(open()).insert(trial);
    }

    @Override
    public void update(Trial before, Trial after) {
        new TrialRows(open()).update(before, after);
    }

    @Override
    public List<StageRun> stages(long trialId) {
        return new StageRows(open()).of(trialId);
    }

    @Override
    public Map<Long, List<StageRun>> stagesByTrial() {
        return new StageRows(open()).byTrial();
    }

    @Override
    public Optional<StageRun> stage(long trialId, String name) {
        return new StageRows(open()).find(trialId, name);
    }

    @Override
    public List<StageRun> due(Collection<String> names, Instant now, int limit) {
        return new StageRows(open()).due(names, now, limit);
    }

    @Override
    public List<StageRun> claimable(Collection<String> names, Instant now, int limit) {
        return new StageRows(open()).claimable(names, now, limit);
    }

    @Override
    public Set<String> awaited() {
        return new StageRows(open()).awaited();
    }

    @Override
    public Optional<Instant> nextDue(Collection<String> names) {
        return new StageRows(open()).nextDue(names);
    }

    @Override
    public List<StageRun> running() {
        return new StageRows(open()).running();
    }

    @Override
    public StageRun insert(StageRun stage) {
        StageRun inserted = new StageRows(open()).insert(stage);
        new FigureRows(open().jooq()).follow(null, inserted);
        return inserted;
    }

    @Override
    public void update(StageRun before, StageRun after) {
        new StageRows(open()).update(before, after);
        new FigureRows(open().jooq()).follow(before, after);
    }

    @Override
    public List<Attempt> attempts(long trialId) {
        return new AttemptRows(open()).of(trialId);
    }

    @Override
    public Optional<Attempt> attempt(long stageId, long token) {
        return new AttemptRows(open()).find(stageId, token);
    }

    @Override
    public List<Attempt> unendedAttempts() {
        return new AttemptRows(open()).unended();
    }

    @Override
    public Map<Long, Long> latestTokens() {
        return new AttemptRows(open()).latestTokens();
    }

    @Override
    public Attempt insert(Attempt attempt) {
        return new AttemptRows(open()).insert(attempt);
    }

    @Override
    public void update(Attempt attempt) {
        new AttemptRows(open()).update(attempt);
    }

    @Override
    public void delete(Attempt attempt) {
        new AttemptRows(open()).delete(attempt);
    }

    @Override
    public List<Deployment> deployments() {
        return new DeploymentRows(jooq()).all();
    }

    @Override
    public Optional<Deployment> deployment(long id) {
        return new DeploymentRows(jooq()).find(id);
    }

    @Override
    public Optional<Deployment> deploymentOf(long trialId) {
        return new DeploymentRows(jooq()).newestOf(trialId);
    }

    @Override
    public Deployment insert(Deployment deployment) {
        return new DeploymentRows(jooq()).insert(deployment);
    }

    @Override
    public Deployment update(Deployment before, Deployment after) {
        return new DeploymentRows(jooq()).update(before, after);
    }

    @Override
    public List<ProcessRun> processRuns(long deploymentId) {
        return new ProcessRunRows(jooq()).of(deploymentId);
    }

    @Override
    public ProcessRun insert(ProcessRun run) {
        return new ProcessRunRows(jooq()).insert(run);
    }

    @Override
    public void update(ProcessRun run) {
        new ProcessRunRows(jooq()).update(run);
    }

    @Override
    public Map<Long, Preference> preferences() {
        return new PreferenceRows(jooq()).all();
    }

    @Override
    public void put(Preference preference) {
        new PreferenceRows(jooq()).put(preference);
    }

    @Override
    public void deletePreference(long trialId) {
        new PreferenceRows(jooq()).delete(trialId);
    }

    @Override
    public List<LedgerEntry> ledger(long deploymentId, long afterSequence, int limit) {
        return new LedgerRows(jooq()).after(deploymentId, afterSequence, limit);
    }

    @Override
    public void equity(long deploymentId, Consumer<EquityPoint> each) {
        new LedgerRows(jooq()).equity(deploymentId, each);
    }

    @Override
    public long lastLedgerSequence(long deploymentId) {
        return new LedgerRows(jooq()).last(deploymentId);
    }

    @Override
    public void append(List<LedgerEntry> entries) {
        new LedgerRows(jooq()).append(entries);
    }

    @Override
    public List<Event> events(@Nullable Long trialId, int limit) {
        return new EventRows(open()).newest(trialId, limit);
    }

    @Override
    public List<Event> events(EventQuery query) {
        return new EventRows(open()).newest(query);
    }

    @Override
    public void append(Event event) {
        new EventRows(open()).append(event);
    }

    @Override
    public List<HealthReport> latestHealth() {
        return new HealthRows(jooq()).latest();
    }

    @Override
    public void record(HealthReport report) {
        new HealthRows(jooq()).append(report);
    }

    @Override
    public Optional<String> setting(String key) {
        return new SettingRows(jooq()).find(key);
    }

    @Override
    public void put(String key, String value) {
        new SettingRows(jooq()).put(key, value);
    }

    @Override
    public Optional<HandledRequest> handled(String key) {
        return new RequestRows(jooq()).find(key);
    }

    @Override
    public void put(HandledRequest request) {
        new RequestRows(jooq()).put(request);
    }

    @Override
    public List<HealthReport> health(@Nullable String component, int limit) {
        return new HealthRows(jooq()).newest(component, limit);
    }

    @Override
    public List<Alert> openAlerts() {
        return new AlertRows(jooq()).open();
    }

    @Override
    public List<Alert> alerts(int limit) {
        return new AlertRows(jooq()).newest(limit);
    }

    @Override
    public Optional<Alert> alert(long id) {
        return new AlertRows(jooq()).find(id);
    }

    @Override
    public Optional<Alert> alert(String rule, String subject) {
        return new AlertRows(jooq()).newestOf(rule, subject);
    }

    @Override
    public Alert insert(Alert alert) {
        return new AlertRows(jooq()).insert(alert);
    }

    @Override
    public void update(Alert alert) {
        new AlertRows(jooq()).update(alert);
    }

    @Override
    public List<Alert.Delivery> deliveries(long alertId) {
        return new AlertDeliveryRows(jooq()).of(alertId);
    }

    @Override
    public List<Alert.Delivery> undelivered(String channel, int limit) {
        return new AlertDeliveryRows(jooq()).undelivered(channel, limit);
    }

    @Override
    public void put(Alert.Delivery delivery) {
        new AlertDeliveryRows(jooq()).put(delivery);
    }

    @Override
    public List<Alert.Channel> alertChannels() {
        return new AlertDeliveryRows(jooq()).channels();
    }

    @Override
    public void put(Alert.Channel channel) {
        new AlertDeliveryRows(jooq()).put(channel);
    }

    @Override
    public List<StageHold> holds() {
        return new StageHoldRows(open()).all();
    }

    @Override
    public void put(StageHold hold) {
        new StageHoldRows(open()).put(hold);
    }

    @Override
    public void delete(StageHold hold) {
        new StageHoldRows(open()).delete(hold);
    }

    @Override
    public int prune(Instant before, int limit) {
        return new AttemptRows(open()).prune(before, limit)
                + new EventRows(open()).prune(before, limit)
                + new HealthRows(jooq()).prune(before, limit)
                + new AlertRows(jooq()).prune(before, limit);
    }

    @Override
    public void lock(String name) {
        sql.dialect().lock(jooq(), name);
    }
}
