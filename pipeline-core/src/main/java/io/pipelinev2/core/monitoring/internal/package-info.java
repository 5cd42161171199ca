/**
 * No API: how the status is put together, for this project's own modules. It changes without notice, and a module descriptor
 * exports it to them alone.
 */
@NullMarked
package io.pipelinev2.core.monitoring.internal;

import org.jspecify.annotations.NullMarked;
