package io.pipelinev2.backtest.review;

import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.backtest.overfit.OverfitMode;
import io.pipelinev2.backtest.overfit.OverfitPanel;
import io.pipelinev2.backtest.overfit.OverfitRules;
import io.pipelinev2.backtest.overfit.OverfitStudy;
import io.pipelinev2.backtest.overfit.StudyCounts;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.deployment.Review;
import io.pipelinev2.core.store.Finding;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.SeriesBasis;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of every validated trial how much of its success luck would have brought, considering how often was tried. The
 * answer depends on all trials that were backtested on the same data, so it is given anew whenever these, or the number of
 * trials of the studies, have changed; only answers that have changed are written. Under {@link OverfitMode#ENFORCE} a panel that speaks against its trial is an
 * objection to deploying it.
 *
 * <p>One thread at a time may call it.
 */
public final class OverfitReview implements Review {

    /** The name of its findings. */
    public static final String FINDING = "overfit";

    private static final Logger LOG = LoggerFactory.getLogger(OverfitReview.class);

    /** A look at everybody is followed by a break of this many times its length. */
    private static final int BREAK_PER_LOOK = 4;

    private static final Duration LONGEST_BREAK = Duration.ofMinutes(1);

    private final PipelineStore store;
    private final OverfitMode mode;
    private final OverfitRules rules;
    private final double periodsPerYear;
    private final Clock clock;
    private final Map<String, Group> seen = new HashMap<>();
    private @Nullable OptionalLong seenVersion;
    private long lastLook;
    private long breakNanos;

    /**
     * The trials that are compared with each other; equal as long as nothing about them has changed.
     *
     * @param standing those that have not failed: the ones that something is said of
     */
    private record Group(SeriesBasis basis, StudyCounts counts, Set<Long> standing) {
        String data() {
            return basis.basis();
        }
    }

    /**
     * @param rules what a panel must show under {@link OverfitMode#ENFORCE}
     * @param periodsPerYear bars per year
     */
    public OverfitReview(
            PipelineStore store, OverfitMode mode, OverfitRules rules, double periodsPerYear, Clock clock) {
        this.store = store;
        this.mode = mode;
        this.rules = rules;
        this.periodsPerYear = periodsPerYear;
        this.clock = clock;
    }

    @Override
    public Set<String> required() {
        return mode == OverfitMode.ENFORCE ? Set.of(FINDING) : Set.of();
    }

    @Override
    public Outcome review() {
        if (mode == OverfitMode.OFF) {
            return Outcome.UNCHANGED;
        }
        OptionalLong version = store.version();
        if (version.isPresent() && version.equals(seenVersion)) {
            return Outcome.UNCHANGED;
        }
        List<Group> groups = store.read(OverfitReview::groups);
        List<Group> changed = groups.stream()
                .filter(group -> !group.equals(seen.get(group.data())))
                .toList();
        if (changed.isEmpty()) {
            seenVersion = version;
            return Outcome.UNCHANGED;
        }
        long start = clock.nanoTime();
        if (start - lastLook < breakNanos) {
            return Outcome.POSTPONED;
        }
        int written = 0;
        for (Group group : changed) {
            written += record(group);
            seen.put(group.data(), group);
        }
        seen.keySet().retainAll(groups.stream().map(Group::data).toList());
        lastLook = clock.nanoTime();
        breakNanos = Math.min(BREAK_PER_LOOK * (lastLook - start), LONGEST_BREAK.toNanos());
        return written > 0 ? Outcome.CHANGED : Outcome.UNCHANGED;
    }

    /** Data that only failed trials were backtested on is left out: nothing would be said of anybody. */
    private static List<Group> groups(StoreReader tx) {
        StudyCounts counts = BacktestedTrials.counts(tx);
        List<Group> groups = new ArrayList<>();
        for (SeriesBasis basis : tx.bases(BacktestStage.NAME, BacktestStage.FIRST_BAR)) {
            Set<Long> backtested = tx.series(BacktestStage.NAME, BacktestStage.FIRST_BAR, basis.basis())
                    .keySet();
            Set<Long> standing = BacktestedTrials.standing(tx, backtested);
            if (!standing.isEmpty()) {
                groups.add(new Group(basis, counts, standing));
            }
        }
        return groups;
    }

    /** How many findings had changed. The store is not held while they are worked out. */
    private int record(Group group) {
        BacktestedTrials trials = store.read(tx -> BacktestedTrials.on(tx, group.data()));
        OverfitStudy study = OverfitStudy.of(trials.returns(), group.counts(), periodsPerYear);
        Instant now = store.now();
        List<Finding> findings = new ArrayList<>();
        trials.ids().forEach((name, id) -> {
            if (group.standing().contains(id)) {
                findings.add(finding(id, study.figures(name), group, now));
            }
        });
        List<Finding> news = store.read(tx ->
                findings.stream().filter(finding -> !isStored(tx, finding)).toList());
        if (!news.isEmpty()) {
            store.write(tx -> {
                news.stream().filter(finding -> stands(tx, finding.trialId())).forEach(tx::put);
                return null;
            });
        }
        LOG.debug(
                "Reviewed {} of {} trials on data {}; {} findings changed.",
                findings.size(),
                group.basis().count(),
                group.data(),
                news.size());
        return news.size();
    }

    private static boolean isStored(StoreReader tx, Finding finding) {
        return tx.findings(finding.trialId()).stream()
                .anyMatch(stored -> stored.name().equals(finding.name())
                        && Objects.equals(stored.objection(), finding.objection())
                        && stored.content().equals(finding.content()));
    }

    private static boolean stands(StoreReader tx, long trialId) {
        return tx.trial(trialId)
                .filter(trial -> trial.status() != TrialStatus.FAILED)
                .isPresent();
    }

    private Finding finding(long trialId, OverfitPanel panel, Group group, Instant now) {
        List<String> objections = rules.objections(panel);
        Map<String, @Nullable Object> content = new LinkedHashMap<>(panel.toMap());
        // what is drawn is the same for all trials, and made again when it is drawn
        content.keySet().removeAll(Set.of("trial", "logits", "splits", "sharpes", "position"));
        content.put("mode", mode.word());
        content.put("data_sha256", group.data());
        content.put("objections", objections);
        boolean objects = mode == OverfitMode.ENFORCE && !objections.isEmpty();
        return new Finding(trialId, FINDING, objects ? String.join("; ", objections) : null, content, now);
    }
}
