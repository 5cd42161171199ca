/**
 * Keeps the best validated trials trading on paper.
 *
 * <p>{@link io.pipelinev2.deploy.DeployStage} compares what should run with what runs and acts on the difference; {@link
 * io.pipelinev2.deploy.DeploymentCommands} writes down what an operator wants, from any process.
 */
@NullMarked
package io.pipelinev2.deploy;

import org.jspecify.annotations.NullMarked;
