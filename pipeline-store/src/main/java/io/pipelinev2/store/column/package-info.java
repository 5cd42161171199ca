/**
 * How values stand in columns. Public only because the generated {@code io.pipelinev2.store.schema} names these classes;
 * not an API.
 */
@NullMarked
package io.pipelinev2.store.column;

import org.jspecify.annotations.NullMarked;
