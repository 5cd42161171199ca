package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.runner.logging.RunnerLogCode;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for an address at intervals while the pipeline is well: whoever waits there in vain knows that it is not. */
public final class DeadManPing {

    private static final Logger LOG = LoggerFactory.getLogger(DeadManPing.class);
    private static final Duration SOONEST_RETRY = Duration.ofSeconds(10);

    private final String name;
    private final OutsideAddress address;
    private final Duration interval;
    private final PipelineStore store;
    private final Clock clock;
    private @Nullable Long due;
    private boolean failing;

    DeadManPing(String name, OutsideAddress address, Duration interval, PipelineStore store, Clock clock) {
        this.name = name;
        this.address = address;
        this.interval = interval;
        this.store = store;
        this.clock = clock;
    }

    String name() {
        return name;
    }

    /** Pings if it is time to and the pipeline is well. */
    void pass(BooleanSupplier isWell) {
        long now = clock.nanoTime();
        Long next = due;
        if (next != null && now - next < 0 || !isWell.getAsBoolean()) {
            return;
        }
        String error = ping();
        // one lost request should not make anybody believe that all is lost
        Duration wait = error == null || interval.compareTo(SOONEST_RETRY) < 0 ? interval : SOONEST_RETRY;
        due = now + wait.toNanos();
        if (error != null && !failing) {
            LOG.warn(
                    RunnerLogCode.ALERT_CHANNEL_FAILED,
                    "The alert channel {} failed, and is tried again: {}",
                    name,
                    error);
        }
        failing = error != null;
        Instant at = store.now();
        store.write(tx -> {
            Alert.Channel done = ChannelLine.done(name, tx.alertChannels(), error, at);
            tx.put(done);
            return null;
        });
    }

    /** @return why it failed, in words, or null */
    @Nullable
    String ping() {
        try {
            address.get();
            return null;
        } catch (PipelineException e) {
            return ChannelLine.words(e);
        }
    }
}
