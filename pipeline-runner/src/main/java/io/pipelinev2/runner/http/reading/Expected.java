package io.pipelinev2.runner.http.reading;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.store.Finding;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.deploy.drift.PaperReview;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the backtest of a paper account leads to expect of it, as it was found last.
 *
 * @param words how the account compares, in words
 * @param last where its equity was expected to be when it was compared last, or null if that is not known
 * @param band the same from the beginning on, or null
 */
public record Expected(
        String words, Band.@Nullable Place last, @Nullable Band band) {

    /** @return null if the account was not compared yet */
    public static @Nullable Expected of(StoreReader tx, Deployment deployment) {
        List<LedgerEntry> first = tx.ledger(deployment.id(), 0, 1);
        // its first entry says what the account began with
        Double capital = first.isEmpty() ? null : first.get(0).equity();
        return tx.findings(deployment.trialId()).stream()
                .filter(finding -> finding.name().equals(PaperReview.DRIFT))
                .map(Finding::content)
                .filter(content -> content.get("deployment") instanceof Number id && id.longValue() == deployment.id())
                .findFirst()
                .map(content -> of(content, capital))
                .orElse(null);
    }

    private static Expected of(Map<String, @Nullable Object> drift, @Nullable Double capital) {
        String words = String.valueOf(drift.get(PaperReview.WORDS));
        return capital == null
                ? new Expected(words, null, null)
                : new Expected(words, last(drift, capital), Band.of(drift.get(PaperReview.BAND), capital));
    }

    private static Band.@Nullable Place last(Map<String, @Nullable Object> drift, double capital) {
        if (drift.get("bars") instanceof Number bars
                && drift.get("equity") instanceof Map<?, ?> equity
                && equity.get("low") instanceof Number low
                && equity.get("high") instanceof Number high) {
            double least = capital * (1 + low.doubleValue());
            double most = capital * (1 + high.doubleValue());
            if (Double.isFinite(least) && Double.isFinite(most)) {
                return new Band.Place(bars.longValue(), least, most);
            }
        }
        return null;
    }
}
