package io.pipelinev2.deploy.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EventRatesTest {

    @Test
    void chances_are_those_of_the_binomial_distribution() {
        // 3 or more of 4 with probability 1/2: 5/16
        assertThat(EventRates.chanceOfAsMany(3, 10, 1, 10, 1)).isCloseTo(5 / 16.0, within(1e-12));
        assertThat(EventRates.chanceOfAsFew(1, 10, 3, 10, 1)).isCloseTo(5 / 16.0, within(1e-12));
        // all 5 with probability 2/3
        assertThat(EventRates.chanceOfAsMany(5, 10, 0, 10, 2)).isCloseTo(Math.pow(2 / 3.0, 5), within(1e-12));
        assertThat(EventRates.chanceOfAsMany(0, 10, 0, 10, 2)).isEqualTo(1);
    }

    @Test
    void few_events_say_little_and_many_say_it_surely() {
        // four times as often, but only four
        assertThat(EventRates.chanceOfAsMany(4, 100, 1, 100, 2)).isGreaterThan(0.4);
        assertThat(EventRates.chanceOfAsMany(4_000, 100, 1_000, 100, 2)).isLessThan(1e-9);
        assertThat(EventRates.chanceOfAsMany(1_900, 100, 1_000, 100, 2)).isGreaterThan(0.5);
        assertThat(EventRates.chanceOfAsFew(0, 100, 100, 100, 0.5)).isLessThan(1e-9);
    }

    @Property(tries = 200)
    void both_tails_cover_everything_and_overlap_in_one_count(
            @ForAll @IntRange(max = 3_000) int events, @ForAll @IntRange(max = 3_000) int others) {
        double many = EventRates.chanceOfAsMany(events, 30, others, 70, 1);
        double few = EventRates.chanceOfAsFew(events, 30, others, 70, 1);
        assertThat(many).isBetween(0.0, 1.0);
        assertThat(few).isBetween(0.0, 1.0);
        double fewer = events == 0 ? 0 : EventRates.chanceOfAsFew(events - 1, 30, others + 1, 70, 1);
        assertThat(many + fewer).isCloseTo(1, within(1e-9));
    }
}
