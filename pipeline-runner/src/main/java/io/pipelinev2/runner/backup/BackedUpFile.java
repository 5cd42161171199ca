package io.pipelinev2.runner.backup;

/**
 * A file of a backup.
 *
 * @param path as {@link BackupLayout} says
 * @param size its bytes
 * @param sha256 of its content, in lower-case hexadecimal
 */
record BackedUpFile(String path, long size, String sha256) {}
