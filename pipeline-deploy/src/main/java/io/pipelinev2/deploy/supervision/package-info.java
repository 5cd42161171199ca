/**
 * Keeping each deployment's process as it should be: started, adopted after a restart of the supervisor, started again
 * after a crash, given up after too many, stopped and verified gone.
 *
 * <p>Every step is decided in the store before it is done to the world, and looks at the world before it is decided. A
 * supervisor that dies between any two statements is continued by the next one.
 */
@NullMarked
package io.pipelinev2.deploy.supervision;

import org.jspecify.annotations.NullMarked;
