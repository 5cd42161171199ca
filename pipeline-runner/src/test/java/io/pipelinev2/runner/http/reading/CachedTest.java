package io.pipelinev2.runner.http.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.store.StoreException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CachedTest {

    private final ManualClock clock = new ManualClock();
    private final AtomicInteger reads = new AtomicInteger();
    private final CountDownLatch unlocked = new CountDownLatch(1);
    private volatile Supplier<Integer> source = reads::incrementAndGet;
    private final Cached<Integer> cached = new Cached<>(
            "store",
            () -> source.get(),
            clock,
            new Cached.Pace(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMillis(5)));

    @AfterEach
    void close() {
        unlocked.countDown();
        cached.close();
    }

    @Test
    void reads_at_most_once_within_the_renewal_however_many_ask() {
        for (int i = 0; i < 100; i++) {
            assertThat(cached.get().value()).isEqualTo(1);
        }
        clock.advance(Duration.ofMillis(999));
        cached.get();
        assertThat(reads).hasValue(1);
    }

    @Test
    void a_locked_store_delays_the_news_and_not_the_answer() {
        cached.get();
        source = this::locked;
        clock.advance(Duration.ofSeconds(1));

        Snapshot<Integer> soon = cached.get();
        clock.advance(Duration.ofSeconds(5));
        Snapshot<Integer> later = cached.get();

        assertThat(soon.value()).isEqualTo(1);
        assertThat(soon.trouble()).isNull();
        assertThat(later.value()).isEqualTo(1);
        assertThat(later.age()).isEqualTo(Duration.ofSeconds(6));
        assertThat(later.trouble()).isEqualTo("The store has not answered for 5 s.");
    }

    @Test
    void a_failure_is_not_tried_again_before_the_renewal() {
        source = () -> {
            reads.incrementAndGet();
            throw new StoreException("gone");
        };
        for (int i = 0; i < 10; i++) {
            Snapshot<Integer> snapshot = cached.get();
            assertThat(snapshot.value()).isNull();
            assertThat(snapshot.trouble()).isEqualTo("gone");
        }
        assertThat(reads).hasValue(1);
    }

    @Test
    void an_error_does_not_end_it() {
        source = () -> {
            throw new StackOverflowError();
        };
        assertThat(cached.get().trouble()).isEqualTo("The store cannot be read; the log says why.");

        source = () -> 7;
        clock.advance(Duration.ofSeconds(1));
        Snapshot<Integer> next = cached.get();
        assertThat(next.value()).isEqualTo(7);
        assertThat(next.trouble()).isNull();
    }

    private Integer locked() {
        try {
            unlocked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 2;
    }
}
