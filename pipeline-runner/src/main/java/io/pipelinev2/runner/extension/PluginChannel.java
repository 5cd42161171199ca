package io.pipelinev2.runner.extension;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.runner.alerts.AlertChannel;
import io.pipelinev2.runner.alerts.AlertNotice;

/** A channel whose faults are those of a channel, whatever they are, and whose code runs with its own class loader. */
record PluginChannel(AlertChannel channel, String from, ClassLoader loader) implements AlertChannel, AutoCloseable {

    @Override
    public void send(AlertNotice notice) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            channel.send(notice);
        } catch (Exception e) {
            throw e;
        } catch (Throwable e) {
            Guard.rethrowIfFatal(e);
            throw new PipelineException("%s: %s".formatted(from, Guard.cause(e)), e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public void close() throws Exception {
        if (channel instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
