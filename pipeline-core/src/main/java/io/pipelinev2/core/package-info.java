/**
 * The facade an embedder holds: {@link io.pipelinev2.core.Pipeline} and its builder.
 */
@NullMarked
package io.pipelinev2.core;

import org.jspecify.annotations.NullMarked;
