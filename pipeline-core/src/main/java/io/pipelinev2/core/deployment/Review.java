package io.pipelinev2.core.deployment;

import java.util.Set;

/**
 * The port through which validated trials are looked at beside all others before the best of them are deployed. What is
 * found is kept in the store as {@link io.pipelinev2.core.trial.Finding}s; an objection in one keeps its trial from being
 * deployed by rank. An operator may deploy it by name all the same.
 */
public interface Review {

    /**
     * Brings the findings in line with what the store holds. Called often, so it must be cheap if nothing has changed.
     *
     * @return whether findings were changed
     */
    boolean review();

    /** The names of the findings without which no trial is deployed by rank. */
    Set<String> required();

    /** Looks at nothing and objects to nothing. */
    static Review none() {
        return new Review() {
            @Override
            public boolean review() {
                return false;
            }

            @Override
            public Set<String> required() {
                return Set.of();
            }
        };
    }
}
