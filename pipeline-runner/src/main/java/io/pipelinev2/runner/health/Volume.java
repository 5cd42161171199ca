package io.pipelinev2.runner.health;

/**
 * A file system in use.
 *
 * @param path a directory of the pipeline's that lies on it
 * @param total its size in bytes
 * @param free how many of them this program may still use
 * @param written whether the pipeline writes to it; else it only reads
 */
public record Volume(String path, long total, long free, boolean written) {

    Volume alsoWritten() {
        return new Volume(path, total, free, true);
    }
}
