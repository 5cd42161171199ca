/**
 * No API: what plain values are, for this project's own modules. It changes without notice, and a module descriptor exports it
 * to them alone.
 */
@NullMarked
package io.pipelinev2.core.stage.internal;

import org.jspecify.annotations.NullMarked;
