/**
 * Deployments of validated trials, and the port that makes the running set equal to the wanted one.
 */
@NullMarked
package io.pipelinev2.core.deployment;

import org.jspecify.annotations.NullMarked;
