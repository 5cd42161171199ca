package io.pipelinev2.runner.http.html;

import io.pipelinev2.core.trial.TrialKey;

/** Names of trials in a page. */
public final class Names {

    private Names() {}

    /** Isolated from its surroundings, because a study's name may be written from right to left, or pretend to be. */
    public static Node of(TrialKey key) {
        return Element.of(
                        "bdi",
                        Element.of("span", key.study() + "/").style("study"),
                        Element.of("span", Integer.toString(key.number())).style("number"))
                .style("trial");
    }
}
