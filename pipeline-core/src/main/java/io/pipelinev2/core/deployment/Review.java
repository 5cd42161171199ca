package io.pipelinev2.core.deployment;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The port through which validated trials are looked at beside all others before the best of them are deployed. What is
 * found is kept in the store as {@link io.pipelinev2.core.store.Finding}s; an objection in one keeps its trial from being
 * deployed by rank. An operator may deploy it by name all the same.
 */
public interface Review {

    /** What a look came to. */
    enum Outcome {
        /** The findings were in line with what the store holds. */
        UNCHANGED,
        /** They are in line now. */
        CHANGED,
        /** They are not in line, and will be later: whoever decides by them should wait. */
        POSTPONED
    }

    /**
     * Brings the findings in line with what the store holds. Called often, so it must be cheap if nothing has changed, and
     * one that takes long must not be made at every call.
     */
    Outcome review();

    /** The names of the findings without which no trial is deployed by rank. */
    Set<String> required();

    /** Several, one after the other. */
    static Review inOrder(List<Review> reviews) {
        List<Review> all = List.copyOf(reviews);
        return new Review() {
            @Override
            public Outcome review() {
                Outcome together = Outcome.UNCHANGED;
                for (Review review : all) {
                    Outcome one = review.review();
                    together = one.compareTo(together) > 0 ? one : together;
                }
                return together;
            }

            @Override
            public Set<String> required() {
                return all.stream()
                        .flatMap(review -> review.required().stream())
                        .collect(Collectors.toUnmodifiableSet());
            }
        };
    }

    /** Looks at nothing and objects to nothing. */
    static Review none() {
        return new Review() {
            @Override
            public Outcome review() {
                return Outcome.UNCHANGED;
            }

            @Override
            public Set<String> required() {
                return Set.of();
            }
        };
    }
}
