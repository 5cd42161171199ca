package io.pipelinev2.runner.http.reading;

import io.pipelinev2.runner.http.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Keeps what may take long from taking all threads: a few run, a few wait, and the others are sent away at once. So status
 * and dashboard answer while the database is locked, and the engine keeps most of the database's readers to itself.
 */
public final class Bulkhead {

    private final Semaphore inside;
    private final Semaphore running;
    private final Duration patience;

    /**
     * @param running how many at a time
     * @param waiting how many more may wait for their turn
     * @param patience how long they wait
     */
    public Bulkhead(int running, int waiting, Duration patience) {
        this.running = new Semaphore(running);
        this.inside = new Semaphore(running + waiting);
        this.patience = patience;
    }

    /** @throws ProblemException if there are too many, with 503 */
    public <T> T run(Supplier<T> work) {
        if (!inside.tryAcquire()) {
            throw busy();
        }
        try {
            if (!running.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy();
            }
            try {
                return work.get();
            } finally {
                running.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        } finally {
            inside.release();
        }
    }

    private static ProblemException busy() {
        return new ProblemException(
                503,
                "Too many requests wait for the database at present. Try again in a second; /status is answered all"
                        + " the same.");
    }
}
