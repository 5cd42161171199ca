package io.pipelinev2.runner.extension;

import java.util.function.Supplier;

/**
 * One object of a plugin or of the host application that makes things of one type.
 *
 * @param type the type
 * @param factory the object
 * @param from where it comes from, in words
 * @param loader the class loader that its code expects to be that of its thread
 */
record Provider<T>(String type, T factory, String from, ClassLoader loader) {

    /** Calls its code as it expects to be called. */
    <R> R within(Supplier<R> call) {
        return within(loader, call);
    }

    static <R> R within(ClassLoader loader, Supplier<R> call) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return call.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
