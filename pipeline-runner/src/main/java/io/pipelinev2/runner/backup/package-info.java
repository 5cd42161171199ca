/**
 * Backup and restore of a home as a whole: {@link io.pipelinev2.runner.backup.Backup} copies what cannot be made again
 * while everything runs, {@link io.pipelinev2.runner.backup.Restore} puts such a copy in place of what is there.
 */
@NullMarked
package io.pipelinev2.runner.backup;

import org.jspecify.annotations.NullMarked;
