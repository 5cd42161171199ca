/**
 * The port to the one database that holds the whole truth, with an in-memory store.
 */
@NullMarked
package io.pipelinev2.core.store;

import org.jspecify.annotations.NullMarked;
