package io.pipelinev2.bench;

import io.pipelinev2.core.Pipeline;

/** A pipeline that runs as a daemon on a thread of its own until it is closed. */
record RunningDaemon(Pipeline pipeline, Thread thread) implements AutoCloseable {

    static RunningDaemon of(Pipeline pipeline) {
        Thread thread = new Thread(pipeline::runDaemon, "daemon");
        thread.setDaemon(true);
        thread.start();
        return new RunningDaemon(pipeline, thread);
    }

    @Override
    public void close() throws InterruptedException {
        pipeline.close();
        thread.join();
    }
}
