/**
 * Logging, set up by code and not by a file of its own, so that a program that embeds the pipeline keeps its own set-up.
 * Everything goes as lines of JSON to {@code pipeline.log}; what concerns a trial goes to a file of that trial too; what a
 * person at the terminal should know goes to standard error in plain words. Start at
 * {@link io.pipelinev2.runner.logging.Logging}.
 */
@NullMarked
package io.pipelinev2.runner.logging;

import org.jspecify.annotations.NullMarked;
