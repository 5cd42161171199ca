package io.pipelinev2.deploy.drift;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LooksTest {

    @Test
    void each_look_comes_after_a_quarter_more() {
        Looks looks = Looks.from(24, 60);
        assertThat(looks.count()).isEqualTo(5);
        assertThat(looks.bars(0)).isEqualTo(24);
        assertThat(looks.bars(1)).isEqualTo(30);
        assertThat(looks.bars(4)).isEqualTo(60);
    }

    @Test
    void the_latest_look_is_the_longest_that_the_record_has() {
        Looks looks = Looks.from(24, 100);
        assertThat(looks.latest(23)).isEqualTo(-1);
        assertThat(looks.latest(24)).isZero();
        assertThat(looks.latest(29)).isZero();
        assertThat(looks.latest(30)).isEqualTo(1);
        assertThat(looks.latest(1_000_000)).isEqualTo(looks.count() - 1);
    }

    @Test
    void a_first_look_beyond_the_last_is_none() {
        assertThat(Looks.from(24, 20).count()).isZero();
    }
}
