package io.pipelinev2.core.execution;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/**
 * How a runner works.
 *
 * @param self who it is
 * @param liveness what it knows of other runners' deaths
 * @param breaker when it holds a stage that keeps failing
 * @param workers how many attempts it runs at a time, at least 1
 * @param lease how long a claim outlives the last sign of its runner, positive; a sign is given three times as often
 * @param cancelGrace how long an attempt that was asked to end may take until it is interrupted, and after that until it
 *     is abandoned; not negative
 * @param threads makes the threads of attempts and of the heartbeat; never null ones
 */
public record RunnerSettings(
        RunnerIdentity self,
        RunnerLiveness liveness,
        StageBreaker breaker,
        int workers,
        Duration lease,
        Duration cancelGrace,
        ThreadFactory threads) {

    /** With plain threads. */
    public RunnerSettings(
            RunnerIdentity self,
            RunnerLiveness liveness,
            StageBreaker breaker,
            int workers,
            Duration lease,
            Duration cancelGrace) {
        this(self, liveness, breaker, workers, lease, cancelGrace, Thread::new);
    }

    public RunnerSettings {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1, was " + workers);
        }
        if (lease.isNegative() || lease.isZero()) {
            throw new IllegalArgumentException("the lease must be positive, was " + lease);
        }
        if (cancelGrace.isNegative()) {
            throw new IllegalArgumentException("the cancel grace must not be negative, was " + cancelGrace);
        }
    }
}
