package io.pipelinev2.core.store;

import io.pipelinev2.core.stage.internal.JsonValues;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a review of a trial beside others has found. Unlike the verdict of a stage it may change without anything having
 * been done to the trial: when its study grows, for example.
 *
 * @param trialId the trial
 * @param name what was looked at, such as {@code overfit}
 * @param objection why the trial must not be deployed by rank, in words, or null if nothing speaks against it
 * @param content the evidence, JSON-like values
 * @param updatedAt when it was found
 */
public record Finding(
        long trialId,
        String name,
        @Nullable String objection,
        Map<String, @Nullable Object> content,
        Instant updatedAt) {

    public Finding {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a finding needs a name");
        }
        if (objection != null && objection.isBlank()) {
            throw new IllegalArgumentException("an objection needs words; null if there is none");
        }
        content = JsonValues.checked(content);
    }
}
