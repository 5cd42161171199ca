package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.stage.StageRun;
import java.nio.file.Path;
import java.util.List;

/** Puts in place what a deployment's process needs, before it is started. */
@FunctionalInterface
public interface Preparation {

    /**
     * Called while nothing of the deployment runs.
     *
     * @param stages the stages of its trial
     * @param nonce the nonce of the coming start
     * @param stateDirectory its state directory, which exists
     * @return the program and its arguments
     * @throws UnfitException if it must not be started as things stand, and trying again would not help
     * @throws PipelineException if that could not be done this time
     */
    List<String> prepare(Deployment deployment, List<StageRun> stages, String nonce, Path stateDirectory);

    /** A deployment must not be started until an operator has acted. */
    final class UnfitException extends PipelineException {
        private static final long serialVersionUID = 1L;

        public UnfitException(String message) {
            super(message);
        }
    }
}
