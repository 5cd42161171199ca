package io.pipelinev2.runner.config;

import java.time.Duration;

/**
 * When a stage is held that fails for one trial after another: the block {@code breaker}.
 *
 * @param trials how many different trials in a row it must have failed for; 0 to hold none
 * @param pause how long it is left alone before one attempt is made to see whether it goes again; doubles with each that
 *     fails
 * @param maxPause how long it is left alone at most
 */
public record BreakerConfig(int trials, Duration pause, Duration maxPause) {

    private static final Rule<Integer> TRIALS = Rule.between(0, 1000);
    private static final Rule<Duration> PAUSE = Rule.atLeast(Duration.ofSeconds(1));

    public BreakerConfig {
        TRIALS.require("trials", trials);
        PAUSE.require("pause", pause);
        notLessThan(pause).require("max_pause", maxPause);
    }

    static BreakerConfig read(Options options) {
        int trials = options.integer("trials", 5, TRIALS);
        Duration pause = options.duration("pause", Duration.ofSeconds(30), PAUSE);
        Duration longest = Duration.ofMinutes(10);
        Duration maxPause =
                options.duration("max_pause", longest.compareTo(pause) < 0 ? pause : longest, notLessThan(pause));
        options.refuseUnknown();
        return new BreakerConfig(trials, pause, maxPause);
    }

    private static Rule<Duration> notLessThan(Duration pause) {
        return new Rule<>(
                longest -> longest.compareTo(pause) >= 0, "at least breaker.pause, which is " + DurationText.of(pause));
    }
}
