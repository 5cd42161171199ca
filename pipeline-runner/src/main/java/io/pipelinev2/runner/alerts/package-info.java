/**
 * What a human should look at, and who is told. Alerts are computed from the state, never from signals, so that a restart
 * neither forgets nor repeats any; channels are told of them on threads of their own.
 */
@NullMarked
package io.pipelinev2.runner.alerts;

import org.jspecify.annotations.NullMarked;
