package io.pipelinev2.backtest.review;

import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.deployment.Review;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Finding;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plays the models of deployed trials on the bars that were kept back ({@code data.sealed}). Nobody is ever ranked or
 * refused by what is found; a trial that was not chosen is never played on them, so that they stay good for those that
 * come later. The bars that are kept back belong to the market data that the trial was ranked on: once that is another, the
 * finding says so instead, until they agree again.
 *
 * <p>One thread at a time may call it.
 */
public final class SealedReview implements Review {

    /** The name of its findings. */
    public static final String FINDING = "sealed";

    private final PipelineStore store;
    private final BacktestStage backtest;
    private final Set<Chosen> done = new HashSet<>();
    private @Nullable OptionalLong seenVersion;

    /** A deployed trial and what its backtest recorded. */
    private record Chosen(long trialId, Map<String, @Nullable Object> results) {}

    public SealedReview(PipelineStore store, BacktestStage backtest) {
        this.store = store;
        this.backtest = backtest;
    }

    @Override
    public Set<String> required() {
        return Set.of();
    }

    @Override
    public Outcome review() {
        OptionalLong version = store.version();
        if (!backtest.sealsBars() || version.isPresent() && version.equals(seenVersion)) {
            return Outcome.UNCHANGED;
        }
        List<Chosen> chosen = store.read(this::unopened);
        boolean allOpened = true;
        for (Chosen one : chosen) {
            Finding finding = new Finding(one.trialId(), FINDING, null, content(one.results()), store.now());
            if (!store.<Boolean>read(tx -> stored(tx, one.trialId()).anyMatch(finding.content()::equals))) {
                store.write(tx -> {
                    tx.put(finding);
                    return null;
                });
            }
            if (isPlayed(finding.content())) {
                done.add(one);
            } else {
                allOpened = false;
            }
        }
        // what went wrong may be put right without the store's noticing
        seenVersion = allOpened ? version : null;
        // findings without objections change nobody's standing
        return Outcome.UNCHANGED;
    }

    private List<Chosen> unopened(StoreReader tx) {
        List<Chosen> unopened = new ArrayList<>();
        for (Deployment deployment : tx.deployments()) {
            if (deployment.desired() == DesiredState.RUNNING) {
                tx.stage(deployment.trialId(), BacktestStage.NAME)
                        .filter(stage -> stage.status() == StageStatus.PASSED)
                        .map(StageRun::results)
                        .map(results -> new Chosen(deployment.trialId(), results))
                        .filter(one -> !done.contains(one) && !isOpened(tx, one))
                        .ifPresent(unopened::add);
            }
        }
        return unopened;
    }

    private boolean isOpened(StoreReader tx, Chosen one) {
        boolean opened = stored(tx, one.trialId())
                .anyMatch(content -> isPlayed(content)
                        && Objects.equals(
                                content.get("model_sha256"), one.results().get("model_sha256"))
                        && Objects.equals(
                                content.get("environment"), one.results().get("environment"))
                        && Objects.equals(
                                content.get("ranked_on"), one.results().get("data_sha256")));
        if (opened) {
            done.add(one);
        }
        return opened;
    }

    private static Stream<Map<String, @Nullable Object>> stored(StoreReader tx, long trialId) {
        return tx.findings(trialId).stream()
                .filter(finding -> finding.name().equals(FINDING))
                .map(Finding::content);
    }

    private static boolean isPlayed(Map<String, @Nullable Object> content) {
        return content.get("metrics") != null;
    }

    private Map<String, @Nullable Object> content(Map<String, @Nullable Object> results) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        try {
            BacktestResult sealed = backtest.playSealed(results);
            content.putAll(sealed.toMap());
            // what it was judged by before stays what it is judged by
            content.keySet().removeAll(Set.of("gate_set", "gates"));
        } catch (PipelineException e) {
            content.put("error", e.getMessage());
        }
        content.put("environment", results.get("environment"));
        content.put("ranked_on", results.get("data_sha256"));
        return content;
    }
}
