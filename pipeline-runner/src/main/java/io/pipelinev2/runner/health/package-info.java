/** Looks at what the pipeline stands on: disks, clock, database, trial source, feeds, and what its stages do. */
@NullMarked
package io.pipelinev2.runner.health;

import org.jspecify.annotations.NullMarked;
