/**
 * What operators do over HTTP, by whatever way it was asked for:
 * {@link io.pipelinev2.runner.http.action.Actions} carries it out once, on what the operator saw, or not at all.
 * {@link io.pipelinev2.runner.http.action.HomeDesk} is what a home offers for that.
 */
@NullMarked
package io.pipelinev2.runner.http.action;

import org.jspecify.annotations.NullMarked;
