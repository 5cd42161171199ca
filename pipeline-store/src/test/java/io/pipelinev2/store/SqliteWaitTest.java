package io.pipelinev2.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SqliteWaitTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ManualClock clock = new ManualClock();
    private final SqliteWait wait = new SqliteWait(PATIENCE, clock);

    @Test
    void it_gives_up_when_its_patience_has_ended_however_often_it_was_asked() {
        assertThat(wait.callback(0)).isEqualTo(1);
        assertThat(wait.callback(1)).isEqualTo(1);
        clock.advance(PATIENCE.minusMillis(1));
        assertThat(wait.callback(2)).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(wait.callback(3)).isZero();
    }

    @Test
    void it_has_the_same_patience_with_the_next_lock() {
        assertThat(wait.callback(0)).isEqualTo(1);
        clock.advance(PATIENCE);
        assertThat(wait.callback(1)).isZero();

        assertThat(wait.callback(0)).isEqualTo(1);
    }
}
