package io.pipelinev2.runner.cli;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.runner.config.DidYouMean;
import java.util.List;

/** Nothing was ever reported of a component. */
final class UnknownComponentException extends PipelineException {
    private static final long serialVersionUID = 1L;

    /** @param known those that something was reported of */
    UnknownComponentException(String name, List<String> known) {
        super("Nothing was ever reported of a component '%s'%s %s"
                .formatted(
                        name,
                        DidYouMean.of(name, known)
                                .map(meant -> "; did you mean '" + meant + "'?")
                                .orElse("."),
                        known.isEmpty()
                                ? "No daemon has reported yet; `run` starts one."
                                : "There are %s.".formatted(String.join(", ", known))));
    }
}
