package io.pipelinev2.core.store;

import java.time.Instant;

/**
 * A request that was carried out, and what was answered. Kept in the same unit of work as what it did, so that a request
 * that is sent again, because its answer was lost, is answered as before and not carried out again.
 *
 * @param key what the sender calls it
 * @param fingerprint of what was asked, so that another request of that key is told from the same one sent again
 * @param answer what was answered
 * @param at when
 */
public record HandledRequest(String key, String fingerprint, String answer, Instant at) {

    /** For how many hours a request is kept, at least. */
    public static final int HOURS = 24;

    public HandledRequest {
        if (key.isBlank()) {
            throw new IllegalArgumentException("a request must have a key");
        }
    }
}
