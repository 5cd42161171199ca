package io.pipelinev2.deploy.drift;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.logging.TrialLog;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.store.Finding;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.deploy.DeployLogCode;
import io.pipelinev2.deploy.papertrading.performance.PaperFigures;
import io.pipelinev2.deploy.papertrading.performance.PaperRecord;
import io.pipelinev2.deploy.ranking.Evidence;
import io.pipelinev2.deploy.ranking.PaperEvidence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of each paper account what it earned, whether that is what its backtest leads to expect, and whether it proves the
 * model: the findings {@value PaperEvidence#FINDING}, {@value #DRIFT} and {@value #PROVEN} of its trial. When drift begins or
 * ends, and when a record becomes proven or is no longer, there is one event, written together with the finding.
 *
 * <p>One thread at a time may call it.
 */
public final class PaperReview {

    /** The finding that compares paper results with the backtest. */
    public static final String DRIFT = "drift";

    /** The finding that holds a paper record against the gate. */
    public static final String PROVEN = "proven";

    /** In both findings: the sentence for people. */
    public static final String WORDS = "words";

    /**
     * In the finding of drift: where the equity is expected, as lists of {@code bars} since the beginning and of returns, {@code
     * low} and {@code high}; null if that is not known.
     */
    public static final String BAND = "band";

    private static final Logger LOG = LoggerFactory.getLogger(PaperReview.class);
    private static final String DRIFTED = "drifted";
    private static final String SINCE = "since";
    private static final String BARS = "bars";
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** Looks at long records cost time: each is followed by a break of this many times its length. */
    private static final int BREAK_PER_LOOK = 50;

    private final PipelineStore store;
    private final Clock clock;
    private final DriftSettings drift;
    private final ProvenSettings proven;
    private final double periodsPerYear;
    private final Map<Long, Seen> seen = new HashMap<>();
    private long breakNanos;
    private long lastEnd;

    /** What an account was compared with last, and when. */
    private static final class Seen {
        private @Nullable String basis;
        private @Nullable Comparison comparison;
        private int look = -1;
        private int bars;
        private long at;
    }

    /**
     * @param periodsPerYear bars per year, for trials whose backtest did not record them
     */
    public PaperReview(
            PipelineStore store, Clock clock, DriftSettings drift, ProvenSettings proven, double periodsPerYear) {
        this.store = store;
        this.clock = clock;
        this.drift = drift;
        this.proven = proven;
        this.periodsPerYear = periodsPerYear;
    }

    /**
     * The drift of a deployment's account as it was found last: what it differs in, in words, or empty if it does not differ
     * or was not compared yet.
     *
     * @param findings those of its trial
     */
    public static Optional<String> driftOf(Deployment deployment, List<Finding> findings) {
        return of(deployment, findings, DRIFT)
                .filter(content -> Boolean.TRUE.equals(content.get(DRIFTED)))
                .map(content -> String.valueOf(content.get(WORDS)));
    }

    /** Whether a deployment's account was found to be proven. */
    public static boolean isProven(Deployment deployment, List<Finding> findings) {
        return of(deployment, findings, PROVEN)
                .filter(content -> Boolean.TRUE.equals(content.get(PROVEN)))
                .isPresent();
    }

    private static Optional<Map<String, @Nullable Object>> of(
            Deployment deployment, List<Finding> findings, String name) {
        return findings.stream()
                .filter(finding -> finding.name().equals(name))
                .map(Finding::content)
                .filter(content ->
                        content.get(PaperEvidence.DEPLOYMENT) instanceof Number id && id.longValue() == deployment.id())
                .findFirst();
    }

    /**
     * Looks at an account. Costs nothing if there is nothing new, and looks at most once a minute unless the record has
     * reached a length at which it is compared, or the account is closed.
     *
     * @param closed whether nothing will be added to the record for now
     */
    public void review(Deployment deployment, PaperRecord record, boolean closed) {
        Seen last = seen.computeIfAbsent(deployment.id(), id -> new Seen());
        boolean isNews = record.bars() > last.bars;
        boolean looksNow = last.comparison != null && last.comparison.latestLook(record.bars()) > last.look;
        long start = clock.nanoTime();
        boolean rests = (last.bars > 0 && start - last.at < PAUSE.toNanos())
                || (breakNanos > 0 && start - lastEnd < breakNanos);
        if (!isNews || (rests && !looksNow && !closed)) {
            return;
        }
        Evidence evidence = Evidence.of(store.read(tx -> tx.stages(deployment.trialId())));
        Double recorded = evidence.periodsPerYear();
        double perYear = recorded == null ? periodsPerYear : recorded;
        PaperFigures figures = record.figures(perYear);
        Duration tested = record.tested(perYear);
        Map<String, @Nullable Object> paper = paper(deployment, record, figures, tested);
        ProvenGate gate = ProvenGate.of(record, figures, tested, proven);
        @Nullable
        Map<String, @Nullable Object> compared =
                drift.enabled() ? compared(deployment, record, evidence, perYear, last) : null;
        List<Event> news = store.write(tx -> {
            List<Event> events = new ArrayList<>();
            if (isNewest(tx, deployment)) {
                Instant now = store.now();
                tx.put(new Finding(deployment.trialId(), PaperEvidence.FINDING, null, paper, now));
                putProven(tx, deployment, record, gate, now).ifPresent(events::add);
                if (compared != null) {
                    putDrift(tx, deployment, compared, now).ifPresent(events::add);
                }
            }
            events.forEach(tx::append);
            return events;
        });
        for (Event event : news) {
            try (TrialLog log = TrialLog.of(deployment.key(), "deploy")) {
                if (event.type() == EventType.DEPLOYMENT_DRIFTED) {
                    LOG.warn(DeployLogCode.DRIFTED, "Trial {}: {}", deployment.key(), event.message());
                } else {
                    LOG.info("Trial {}: {}", deployment.key(), event.message());
                }
            }
        }
        last.bars = record.bars();
        last.at = start;
        lastEnd = clock.nanoTime();
        breakNanos = BREAK_PER_LOOK * (lastEnd - start);
    }

    /** Forgets what was seen of other accounts than these. */
    public void keepOnly(Set<Long> deployments) {
        seen.keySet().retainAll(deployments);
    }

    /** A trial that was deployed with another model since has another account. */
    private static boolean isNewest(StoreReader tx, Deployment deployment) {
        return tx.deploymentOf(deployment.trialId())
                .filter(newest -> newest.id() == deployment.id())
                .isPresent();
    }

    private static Map<String, @Nullable Object> paper(
            Deployment deployment, PaperRecord record, PaperFigures figures, Duration tested) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put(PaperEvidence.DEPLOYMENT, deployment.id());
        content.put("model_sha256", deployment.modelSha256());
        content.put(BARS, record.bars());
        content.put(PaperEvidence.TESTED, tested.toSeconds());
        content.put("stops", record.stops());
        content.put(PaperEvidence.METRICS, figures.values());
        content.put(PaperEvidence.REMARKS, figures.remarks());
        return content;
    }

    /** @return the finding without its beginning, or null if it is too early for one */
    private @Nullable Map<String, @Nullable Object> compared(
            Deployment deployment, PaperRecord record, Evidence evidence, double perYear, Seen last) {
        Comparison comparison = comparison(deployment, evidence, perYear, last);
        int look = comparison.latestLook(record.bars());
        last.look = look;
        if (look < 0) {
            return null;
        }
        boolean same = deployment.modelSha256().equals(evidence.modelSha256());
        Map<String, Difference> differences = same
                ? comparison.at(look, record)
                : Map.of("equity", Difference.unknown("the model of its backtest is not the one that trades"));
        List<String> drifts = differences.values().stream()
                .filter(Difference::drifted)
                .map(Difference::words)
                .toList();
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put(PaperEvidence.DEPLOYMENT, deployment.id());
        content.put(DRIFTED, !drifts.isEmpty());
        content.put(WORDS, drifts.isEmpty() ? agreement(differences) : "it " + String.join("; it ", drifts));
        content.put(BARS, comparison.bars(look));
        content.put("data_sha256", evidence.dataSha256());
        differences.forEach((name, difference) -> content.put(name, difference.toMap()));
        content.put(BAND, same ? comparison.band(look) : null);
        return content;
    }

    private static String agreement(Map<String, Difference> differences) {
        String unknown = differences.entrySet().stream()
                .filter(difference -> !difference.getValue().isKnown())
                .map(difference ->
                        difference.getKey() + ": " + difference.getValue().words())
                .collect(Collectors.joining("; "));
        if (differences.values().stream().noneMatch(Difference::isKnown)) {
            return "nothing can be compared yet (" + unknown + ")";
        }
        return "it trades as its backtest leads to expect"
                + (unknown.isEmpty() ? "" : " (not compared: " + unknown + ")");
    }

    private Comparison comparison(Deployment deployment, Evidence evidence, double perYear, Seen last) {
        String basis = evidence.at() + " " + evidence.dataSha256();
        Comparison known = last.comparison;
        if (known == null || !basis.equals(last.basis)) {
            Expectation expectation = store.read(tx -> Expectation.of(tx, deployment.trialId(), evidence));
            known = new Comparison(expectation, drift, deployment.modelSha256(), perYear);
            last.comparison = known;
            last.basis = basis;
        }
        return known;
    }

    /** @return the event of what has begun or ended */
    private static Optional<Event> putDrift(
            StoreWriter tx, Deployment deployment, Map<String, @Nullable Object> compared, Instant now) {
        Optional<Map<String, @Nullable Object>> stored = of(deployment, tx.findings(deployment.trialId()), DRIFT);
        boolean drifted = Boolean.TRUE.equals(compared.get(DRIFTED));
        boolean before = stored.filter(content -> Boolean.TRUE.equals(content.get(DRIFTED)))
                .isPresent();
        Map<String, @Nullable Object> content = new LinkedHashMap<>(compared);
        Object since = stored.map(found -> found.get(SINCE)).orElse(null);
        content.put(SINCE, !drifted ? null : before ? since : now.toString());
        Finding finding = new Finding(deployment.trialId(), DRIFT, null, content, now);
        if (!stored.equals(Optional.of(finding.content()))) {
            tx.put(finding);
        }
        if (drifted == before) {
            return Optional.empty();
        }
        String message = drifted
                ? "PAPER results of deployment %d drift from the backtest: %s"
                        .formatted(deployment.id(), compared.get(WORDS))
                : "PAPER results of deployment %d drift no longer: %s".formatted(deployment.id(), compared.get(WORDS));
        return Optional.of(Event.byDeployer(now, EventType.DEPLOYMENT_DRIFTED, deployment.trialId(), message));
    }

    private static Optional<Event> putProven(
            StoreWriter tx, Deployment deployment, PaperRecord record, ProvenGate gate, Instant now) {
        Optional<Map<String, @Nullable Object>> stored = of(deployment, tx.findings(deployment.trialId()), PROVEN);
        boolean before = stored.filter(content -> Boolean.TRUE.equals(content.get(PROVEN)))
                .isPresent();
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put(PaperEvidence.DEPLOYMENT, deployment.id());
        content.put(PROVEN, gate.passes());
        content.put(WORDS, gate.words());
        content.put(BARS, record.bars());
        Object since = stored.map(found -> found.get(SINCE)).orElse(null);
        content.put(SINCE, !gate.passes() ? null : before ? since : now.toString());
        content.put("gates", gate.toList());
        tx.put(new Finding(deployment.trialId(), PROVEN, null, content, now));
        if (gate.passes() == before) {
            return Optional.empty();
        }
        String message = gate.passes()
                ? "PAPER deployment %d is proven: %s".formatted(deployment.id(), gate.words())
                : "PAPER deployment %d is no longer proven: %s".formatted(deployment.id(), gate.words());
        return Optional.of(Event.byDeployer(now, EventType.DEPLOYMENT_PROVEN, deployment.trialId(), message));
    }
}
