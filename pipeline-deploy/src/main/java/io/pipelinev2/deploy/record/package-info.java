/**
 * Brings what the traders write into their ledgers into the database, each line exactly once, and keeps what it says of an
 * account up to date.
 *
 * <p>The file is the source; the database follows it. Nothing here is on the way of a trader or of who looks after it.
 */
@NullMarked
package io.pipelinev2.deploy.record;

import org.jspecify.annotations.NullMarked;
