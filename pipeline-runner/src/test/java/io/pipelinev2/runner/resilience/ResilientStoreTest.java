package io.pipelinev2.runner.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.core.IntervalFunction;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.StaleStateException;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.TransientStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResilientStoreTest {

    private static final IntervalFunction AT_ONCE = attempt -> 0L;

    /** Moves on by a fixed step with every reading. */
    private record SteppingClock(Duration step, long[] readings) implements Clock {
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return readings[0]++ * step.toNanos();
        }
    }

    private static ResilientStore resilient(FailingStore store, Duration step) {
        return new ResilientStore(store, new SteppingClock(step, new long[1]), AT_ONCE);
    }

    private static RuntimeException[] locked(int times) {
        return IntStream.range(0, times)
                .mapToObj(i -> new TransientStoreException("locked " + i, null))
                .toArray(RuntimeException[]::new);
    }

    @AfterEach
    void forget_the_interrupt() {
        Thread.interrupted();
    }

    @Test
    void what_fails_for_a_passing_reason_is_tried_again() {
        FailingStore store = new FailingStore(locked(2));
        ResilientStore resilient = resilient(store, Duration.ZERO);

        assertThat(resilient.<String>write(tx -> "written")).isEqualTo("written");
        assertThat(store.calls).isEqualTo(3);
    }

    @Test
    void reading_is_tried_again_too() {
        FailingStore store = new FailingStore(locked(2));

        assertThat(resilient(store, Duration.ZERO).<String>read(tx -> "read")).isEqualTo("read");
        assertThat(store.calls).isEqualTo(3);
    }

    @Test
    void other_failures_go_to_the_caller_at_once() {
        for (RuntimeException failure : new RuntimeException[] {
            new StaleStateException("stale"), new StoreException("corrupt"), new IllegalStateException()
        }) {
            FailingStore store = new FailingStore(failure);

            assertThatThrownBy(() -> resilient(store, Duration.ZERO).write(tx -> 1))
                    .isSameAs(failure);
            assertThat(store.calls).isEqualTo(1);
        }
    }

    @Test
    void it_gives_up_after_a_few_tries() {
        FailingStore store = new FailingStore(locked(100));

        assertThatThrownBy(() -> resilient(store, Duration.ZERO).write(tx -> 1))
                .isInstanceOf(TransientStoreException.class)
                .hasMessage("locked " + (ResilientStore.ATTEMPTS - 1));
        assertThat(store.calls).isEqualTo(ResilientStore.ATTEMPTS);
    }

    @Test
    void it_gives_up_earlier_when_the_tries_take_long() {
        FailingStore store = new FailingStore(locked(100));

        assertThatThrownBy(() -> resilient(store, Duration.ofSeconds(6)).write(tx -> 1))
                .isInstanceOf(TransientStoreException.class);
        assertThat(store.calls).isEqualTo(2);
    }

    @Test
    void the_pauses_grow_from_a_twentieth_of_a_second_to_one_second() {
        assertThat(ResilientStore.PAUSES.apply(1)).isBetween(37L, 63L);
        assertThat(ResilientStore.PAUSES.apply(3)).isBetween(150L, 250L);
        assertThat(ResilientStore.PAUSES.apply(7)).isBetween(750L, 1000L);
    }

    @Test
    void an_interrupted_thread_does_not_wait_and_stays_interrupted() {
        FailingStore store = new FailingStore(locked(100));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> new ResilientStore(store).write(tx -> 1)).isInstanceOf(TransientStoreException.class);
        assertThat(store.calls).isEqualTo(1);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void an_interrupt_during_a_pause_ends_the_waiting_and_is_kept() {
        FailingStore store = new FailingStore(locked(100));
        IntervalFunction interrupting = attempt -> {
            Thread.currentThread().interrupt();
            return 60_000L;
        };

        assertThatThrownBy(() -> new ResilientStore(store, Clock.system(), interrupting).write(tx -> 1))
                .isInstanceOf(TransientStoreException.class);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void the_rest_is_the_stores_own() {
        FailingStore store = new FailingStore();
        ResilientStore resilient = new ResilientStore(store);

        assertThat(resilient.now()).isEqualTo(Instant.EPOCH);
        resilient.close();
        assertThat(store.closed).isTrue();
    }
}
