/**
 * Resilience4j behind core's ports: core says what may be tried again and when, this package does it with a library that is
 * known for it.
 */
@NullMarked
package io.pipelinev2.runner.resilience;

import org.jspecify.annotations.NullMarked;
