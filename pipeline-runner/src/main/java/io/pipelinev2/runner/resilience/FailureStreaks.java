package io.pipelinev2.runner.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.execution.StageBreaker;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Holds a stage that has failed for so many different trials in a row, counted by a circuit breaker of Resilience4j for each
 * stage. Several attempts on one trial count once: a trial that is at fault itself must not hold up the others. That a stage
 * is held, and until when, is the engine's to remember, because it outlasts this process and concerns others.
 */
public final class FailureStreaks implements StageBreaker {

    private static final PipelineException FAILURE = new PipelineException("an attempt that failed");

    private final CircuitBreakerConfig config;
    private final IntervalFunction pauses;
    private final Map<String, Streak> streaks = new HashMap<>();

    private record Streak(CircuitBreaker breaker, Set<Long> trials) {}

    /**
     * @param trials how many different trials in a row, at least 1
     * @param pause how long a stage is left alone before the first attempt to see whether it goes again; doubles with each
     *     that fails
     * @param maxPause how long it is left alone at most
     */
    public FailureStreaks(int trials, Duration pause, Duration maxPause) {
        this.config = CircuitBreakerConfig.custom()
                .slidingWindow(trials, trials, SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(100)
                .build();
        this.pauses = IntervalFunction.ofExponentialBackoff(pause, 2, maxPause.compareTo(pause) < 0 ? pause : maxPause);
    }

    @Override
    public synchronized boolean failed(String stage, long trialId) {
        Streak streak = streak(stage);
        if (!streak.trials().add(trialId)) {
            return false;
        }
        streak.breaker().onError(0, TimeUnit.NANOSECONDS, FAILURE);
        if (streak.breaker().getState() != CircuitBreaker.State.OPEN) {
            return false;
        }
        // counts anew: whether the stage goes again is found out by the engine's attempts
        streaks.remove(stage);
        return true;
    }

    @Override
    public synchronized void succeeded(String stage) {
        Streak streak = streak(stage);
        streak.trials().clear();
        streak.breaker().onSuccess(0, TimeUnit.NANOSECONDS);
    }

    private Streak streak(String stage) {
        return streaks.computeIfAbsent(stage, name -> new Streak(CircuitBreaker.of(name, config), new HashSet<>()));
    }

    @Override
    public Duration pause(int probes) {
        return Duration.ofMillis(pauses.apply(probes + 1));
    }
}
