package io.pipelinev2.core.deployment;

import io.pipelinev2.core.stage.internal.JsonValues;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a paper account's ledger, as the trader wrote it into its own file first.
 *
 * @param deploymentId whose account it is
 * @param sequence its place in the ledger, from 1, without gaps
 * @param kind what it tells of, such as {@code bar}
 * @param at when the trader wrote it
 * @param step how many bars had been traded with this one, or null if it is not about a bar
 * @param equity what the account was worth after the bar, on paper; null if it is not about a bar
 * @param content the rest, JSON-like values
 */
public record LedgerEntry(
        long deploymentId,
        long sequence,
        String kind,
        Instant at,
        @Nullable Long step,
        @Nullable Double equity,
        Map<String, @Nullable Object> content) {

    public LedgerEntry {
        if (sequence < 1) {
            throw new IllegalArgumentException("the sequence of a ledger begins with 1, was " + sequence);
        }
        if (equity != null && !Double.isFinite(equity)) {
            throw new IllegalArgumentException("an equity must be finite, was " + equity);
        }
        content = JsonValues.checked(content);
    }

    /**
     * What every store checks before it appends.
     *
     * @throws IllegalStateException if this entry does not come next after the one of this sequence
     */
    public void requireAfter(long lastSequence) {
        if (sequence != lastSequence + 1) {
            throw new IllegalStateException(
                    "The ledger of deployment %d ends with entry %d, so entry %d cannot be appended. This is a fault in the program; nothing was written."
                            .formatted(deploymentId, lastSequence, sequence));
        }
    }
}
