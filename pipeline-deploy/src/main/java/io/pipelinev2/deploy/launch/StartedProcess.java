package io.pipelinev2.deploy.launch;

import io.pipelinev2.core.deployment.ProcessIdentity;

/**
 * A process that runs and that, by its environment, was started for a deployment of a home. Of several of one start it is
 * the oldest.
 *
 * @param deploymentId the deployment's number
 * @param identity the process, with the nonce of its start
 * @param program the name of what it runs
 */
public record StartedProcess(long deploymentId, ProcessIdentity identity, String program) {}
