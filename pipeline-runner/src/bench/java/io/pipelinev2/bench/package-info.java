/** How fast the engine is, measured beside the machine's own rate and another engine on the same kind of database. */
@NullMarked
package io.pipelinev2.bench;

import org.jspecify.annotations.NullMarked;
