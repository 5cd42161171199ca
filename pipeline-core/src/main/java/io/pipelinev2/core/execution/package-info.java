/**
 * Claims due stages, runs them in order, retries, times out and recovers them.
 */
@NullMarked
package io.pipelinev2.core.execution;

import org.jspecify.annotations.NullMarked;
