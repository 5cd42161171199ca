package io.pipelinev2.runner.resilience;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.store.TransientStoreException;
import io.pipelinev2.runner.logging.RunnerLogCode;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store that tries again what failed for a passing reason: the database was locked, the connection was lost. Other
 * failures, a stale state among them, go to the caller at once. After a few tries, or some seconds, so does a transient
 * one.
 */
public final class ResilientStore implements PipelineStore {

    static final int ATTEMPTS = 8;

    // jittered, so that several processes do not come back to a locked database together
    static final IntervalFunction PAUSES =
            IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(50), 2.0, 0.25, Duration.ofSeconds(1));

    // a try may take long itself, as the databases wait for locks too
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ResilientStore.class);

    private final PipelineStore store;
    private final Clock clock;
    private final IntervalFunction pauses;

    /** @param store closed with this one */
    public ResilientStore(PipelineStore store) {
        this(store, Clock.system(), PAUSES);
    }

    ResilientStore(PipelineStore store, Clock clock, IntervalFunction pauses) {
        this.store = store;
        this.clock = clock;
        this.pauses = pauses;
    }

    @Override
    public <T> T read(Function<StoreReader, T> work) {
        return retrying("read", () -> store.read(work));
    }

    @Override
    public <T> T write(Function<StoreWriter, T> work) {
        return retrying("written", () -> store.write(work));
    }

    @Override
    public OptionalLong version() {
        return store.version();
    }

    @Override
    public Instant now() {
        return store.now();
    }

    @Override
    public void close() {
        store.close();
    }

    private <T> T retrying(String done, Supplier<T> work) {
        long start = clock.nanoTime();
        Retry retry = Retry.of(
                "store",
                RetryConfig.custom()
                        .maxAttempts(ATTEMPTS)
                        .intervalFunction(pauses)
                        .retryOnException(failure -> failure instanceof TransientStoreException && hasTime(start))
                        .build());
        retry.getEventPublisher()
                .onRetry(event -> LOG.debug(
                        "The state could not be {} this time ({}); trying again in {} ms.",
                        done,
                        String.valueOf(event.getLastThrowable()),
                        event.getWaitInterval().toMillis()));
        try {
            return retry.executeSupplier(work);
        } catch (TransientStoreException e) {
            // without the stack trace: whoever catches it decides whether that matters
            LOG.warn(
                    RunnerLogCode.STATE_UNREACHABLE,
                    "The state could still not be {} after {} ms of trying ({}); giving up for now.",
                    done,
                    (clock.nanoTime() - start) / 1_000_000,
                    e.getMessage());
            throw e;
        }
    }

    private boolean hasTime(long start) {
        return clock.nanoTime() - start < PATIENCE.toNanos()
                && !Thread.currentThread().isInterrupted();
    }
}
