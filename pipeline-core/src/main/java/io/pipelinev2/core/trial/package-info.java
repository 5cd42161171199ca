/**
 * What the pipeline decides about: finished trials of an Optuna study, and the port through which they come in.
 */
@NullMarked
package io.pipelinev2.core.trial;

import org.jspecify.annotations.NullMarked;
