package io.pipelinev2.backtest.review;

import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.backtest.overfit.OverfitMode;
import io.pipelinev2.backtest.overfit.OverfitPanel;
import io.pipelinev2.backtest.overfit.OverfitRules;
import io.pipelinev2.backtest.overfit.OverfitStudy;
import io.pipelinev2.backtest.overfit.StudyCounts;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.deployment.Review;
import io.pipelinev2.core.stage.Finding;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.SeriesBasis;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of every validated trial how much of its success luck would have brought, considering how often was tried. The
 * answer depends on all trials that were backtested on the same data, so it is given anew whenever these, or the number of
 * trials of the studies, have changed. Under {@link OverfitMode#ENFORCE} a panel that speaks against its trial is an
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

    private static final Duration LONGEST_BREAK = Duration.ofSeconds(5);

    private final PipelineStore store;
    private final OverfitMode mode;
    private final OverfitRules rules;
    private final double periodsPerYear;
    private final Clock clock;
    private final Map<String, Group> seen = new HashMap<>();
    private @Nullable OptionalLong seenVersion;
    private long lastLook;
    private long breakNanos;

    /** The trials that are compared with each other; equal as long as nothing about them has changed. */
    private record Group(SeriesBasis basis, StudyCounts counts) {}

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
        List<Group> changed = store.read(OverfitReview::groups).stream()
                .filter(group -> !group.equals(seen.get(group.basis().basis())))
                .toList();
        if (changed.isEmpty()) {
            seenVersion = version;
            return Outcome.UNCHANGED;
        }
        long start = clock.nanoTime();
        if (start - lastLook < breakNanos) {
            return Outcome.POSTPONED;
        }
        for (Group group : changed) {
            record(group);
            seen.put(group.basis().basis(), group);
        }
        lastLook = clock.nanoTime();
        breakNanos = Math.min(BREAK_PER_LOOK * (lastLook - start), LONGEST_BREAK.toNanos());
        return Outcome.CHANGED;
    }

    private static List<Group> groups(StoreReader tx) {
        StudyCounts counts = BacktestedTrials.counts(tx);
        return tx.bases(BacktestStage.NAME, BacktestStage.EQUITY).stream()
                .map(basis -> new Group(basis, counts))
                .toList();
    }

    private void record(Group group) {
        BacktestedTrials trials =
                store.read(tx -> BacktestedTrials.on(tx, group.basis().basis()));
        OverfitStudy study = OverfitStudy.of(trials.returns(), group.counts(), periodsPerYear);
        Instant now = store.now();
        int recorded = store.write(tx -> {
            int count = 0;
            for (String name : study.trials()) {
                Trial trial = tx.trial(trials.idOf(name)).orElse(null);
                if (trial != null && trial.status() != TrialStatus.FAILED) {
                    tx.put(finding(trial, study.panel(name), group, now));
                    count++;
                }
            }
            return count;
        });
        LOG.debug(
                "Reviewed {} of {} trials on data {}.",
                recorded,
                group.basis().count(),
                group.basis().basis());
    }

    private Finding finding(Trial trial, OverfitPanel panel, Group group, Instant now) {
        List<String> objections = rules.objections(panel);
        Map<String, @Nullable Object> content = new LinkedHashMap<>(panel.toMap());
        // what is drawn is the same for all trials, and made again when it is drawn
        content.keySet().removeAll(Set.of("trial", "logits", "splits", "sharpes", "position"));
        content.put("mode", mode.word());
        content.put("data_sha256", group.basis().basis());
        content.put("objections", objections);
        boolean objects = mode == OverfitMode.ENFORCE && !objections.isEmpty();
        return new Finding(trial.id(), FINDING, objects ? String.join("; ", objections) : null, content, now);
    }
}
