/**
 * What happened and how it stands: events, health, the status snapshot.
 */
@NullMarked
package io.pipelinev2.core.monitoring;

import org.jspecify.annotations.NullMarked;
