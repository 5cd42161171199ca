package io.pipelinev2.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProcessStatTest {

    private static final String REST = " 6947 6967 6968 0 -1 4194304 281 0 2 0 0 0 0 0 20 0 1 0 174765 2654208 389";

    @Test
    void fields_are_counted_from_the_last_parenthesis_because_a_name_may_hold_any() {
        ProcessStat stat = ProcessStat.parse("6967 (a) Z 1 (b)) S" + REST);

        assertThat(stat).isEqualTo(new ProcessStat(6967, 'S', 6967, 6968, 1, 174765));
        assertThat(stat.isDead()).isFalse();
        assertThat(stat.leadsSession()).isFalse();
    }

    @Test
    void a_zombie_is_dead() {
        assertThat(ProcessStat.parse("6967 (sh) Z" + REST).isDead()).isTrue();
    }

    @Test
    void a_zombie_with_threads_left_is_not_dead() {
        String rest = REST.replace(" 20 0 1 0 ", " 20 0 3 0 ");

        assertThat(ProcessStat.parse("6967 (java) Z" + rest).isDead()).isFalse();
    }

    @Test
    void what_a_signal_has_stopped_is_not_dead() {
        assertThat(ProcessStat.parse("6967 (sh) T" + REST))
                .matches(ProcessStat::isStopped)
                .matches(stat -> !stat.isDead());
    }

    @Test
    void anything_else_is_refused() {
        assertThatThrownBy(() -> ProcessStat.parse("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ProcessStat.parse("12 (sh) S 1 2")).isInstanceOf(IllegalArgumentException.class);
    }
}
