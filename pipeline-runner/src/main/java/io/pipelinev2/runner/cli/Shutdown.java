package io.pipelinev2.runner.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An orderly end when the process is asked to end (SIGTERM, SIGINT) while a command works: runs an action, then holds the
 * JVM until this is closed. So it is declared outside of everything that a command puts away, and of its last words.
 */
final class Shutdown implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final CountDownLatch done = new CountDownLatch(1);
    private @Nullable Thread hook;

    /**
     * From now on a request to end is answered; until now it ends the process at once.
     *
     * @param action makes the command end soon; called on a thread of its own
     */
    void answeredBy(Runnable action) {
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
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** The command has put its things away. */
    @Override
    public void close() {
        done.countDown();
        if (hook == null) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending: the hook runs, and was waiting for this
        }
    }
}
