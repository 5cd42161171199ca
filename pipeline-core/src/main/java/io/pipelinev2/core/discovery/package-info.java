/**
 * Scans the trial source, finds what is new, queues it.
 */
@NullMarked
package io.pipelinev2.core.discovery;

import org.jspecify.annotations.NullMarked;
