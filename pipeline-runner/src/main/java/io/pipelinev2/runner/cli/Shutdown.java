package io.pipelinev2.runner.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An orderly end when the process is asked to end (SIGTERM, SIGINT) while a command works: runs an action, then holds the
 * JVM until the command has put its things away.
 */
final class Shutdown implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    private Shutdown(Runnable action) {
        hook = new Thread(
                () -> {
                    action.run();
                    try {
                        if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                            Thread.currentThread().interrupt();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "shutdown");
    }

    /**
     * @param action makes the command end soon; called on a thread of its own
     */
    static Shutdown of(Runnable action) {
        Shutdown shutdown = new Shutdown(action);
        Runtime.getRuntime().addShutdownHook(shutdown.hook);
        return shutdown;
    }

    /** The command has put its things away. */
    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending: the hook runs, and was waiting for this
        }
    }
}
