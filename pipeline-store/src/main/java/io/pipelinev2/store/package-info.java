/**
 * The state of the pipeline in one database: {@link io.pipelinev2.store.SqliteStore} for a file,
 * {@link io.pipelinev2.store.PostgresStore} for a server. Both give the same {@code PipelineStore}: one implementation
 * whose statements both databases understand, over one small class for what differs.
 *
 * <p>The migrations under {@code db/migration} are the only source of the schema; {@code io.pipelinev2.store.schema} is
 * generated from them by the build.
 */
@NullMarked
package io.pipelinev2.store;

import org.jspecify.annotations.NullMarked;
