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
        PAUSE.require("max_pause", maxPause);
    }

    static BreakerConfig read(Options options) {
        BreakerConfig breaker = new BreakerConfig(
                options.integer("trials", 5, TRIALS),
                options.duration("pause", Duration.ofSeconds(30), PAUSE),
                options.duration("max_pause", Duration.ofMinutes(10), PAUSE));
        options.refuseUnknown();
        return breaker;
    }
}
