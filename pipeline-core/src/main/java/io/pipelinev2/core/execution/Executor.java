package io.pipelinev2.core.execution;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StaleStateException;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes due stages: claims them, runs each attempt on a thread of its own, gives up those past their deadline, renews
 * the leases of the rest, and takes over what dead runners left behind.
 *
 * <p>An attempt that is given up frees its slot at once, whether or not its thread ends; the fencing token keeps what it
 * returns later from being applied.
 */
public final class Executor {

    private static final Logger LOG = LoggerFactory.getLogger(Executor.class);
    private static final Duration POLL = Duration.ofSeconds(1);

    private final StagePlan plan;
    private final PipelineStore store;
    private final TrialSource source;
    private final Queue queue;
    private final RunnerLiveness liveness;
    private final Clock clock;
    private final int workers;
    private final long renewNanos;
    private final AtomicLong threadNumber = new AtomicLong();

    /** Attempts that hold a slot, with the monotonic time of their start. */
    private final Map<Attempting, Long> inFlight = new ConcurrentHashMap<>();

    /** Held from a claim until it stands in {@link #inFlight}, so that a drain misses none. */
    private final ReentrantLock claiming = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long changes;
    private long lastRenewal;
    private volatile boolean closed;

    /**
     * @param workers how many attempts run at a time, at least 1
     * @param lease how long a claim is held without being renewed
     */
    public Executor(
            StagePlan plan,
            PipelineStore store,
            TrialSource source,
            RunnerIdentity self,
            RunnerLiveness liveness,
            Clock clock,
            int workers,
            Duration lease) {
        this.plan = plan;
        this.store = store;
        this.source = source;
        this.queue = new Queue(store, plan, self, lease);
        this.liveness = liveness;
        this.clock = clock;
        this.workers = workers;
        this.renewNanos = lease.toNanos() / 3;
        this.lastRenewal = clock.nanoTime();
    }

    /**
     * One pass: takes over, gives up, renews, claims and starts. Returns without waiting for what it started.
     *
     * @return whether nothing is running here
     */
    public boolean tick() {
        giveUpOverdue();
        try {
            renewLeases();
            queue.recover(liveness, this::isInHand);
            queue.passOverDisabled();
            claimAndStart();
        } catch (StaleStateException e) {
            // an operator's command, or another runner, came first: the next pass sees what it did
            LOG.debug("Something changed during this pass: {}", e.getMessage());
            wake();
        }
        return inFlight.isEmpty();
    }

    private boolean isInHand(StageRun stage) {
        return inFlight.keySet().stream().anyMatch(attempting -> attempting.holds(stage));
    }

    private void claimAndStart() {
        boolean more = true;
        while (more) {
            claiming.lock();
            try {
                int free = workers - inFlight.size();
                Collection<Claim> claims = free > 0 && !closed ? queue.claim(free) : List.of();
                claims.forEach(this::start);
                more = !claims.isEmpty() && claims.size() == free;
            } finally {
                claiming.unlock();
            }
        }
    }

    /** Does everything that is due now on the calling thread, and what becomes due by it. For tests and small tools. */
    public int runDue() {
        int count = 0;
        queue.recover(liveness, this::isInHand);
        queue.passOverDisabled();
        for (Collection<Claim> claims = queue.claim(1); !claims.isEmpty(); claims = queue.claim(1)) {
            for (Claim claim : claims) {
                new Attempting(claim, plan, queue, store, source).run();
                count++;
            }
        }
        return count;
    }

    /**
     * Makes one attempt of a stage whose turn it is, on the calling thread, even if it is waiting for a later time.
     *
     * @return whether there was one to make
     */
    public boolean attempt(Trial trial, String stage) {
        Optional<Attempting> attempting;
        claiming.lock();
        try {
            attempting = closed
                    ? Optional.empty()
                    : queue.claim(trial, stage).map(claim -> new Attempting(claim, plan, queue, store, source));
            attempting.ifPresent(it -> inFlight.put(it, clock.nanoTime()));
        } finally {
            claiming.unlock();
        }
        attempting.ifPresent(it -> {
            try {
                it.run();
            } finally {
                inFlight.remove(it);
            }
        });
        return attempting.isPresent();
    }

    private void start(Claim claim) {
        Attempting attempting = new Attempting(claim, plan, queue, store, source);
        inFlight.put(attempting, clock.nanoTime());
        Thread thread = new Thread(
                () -> {
                    try {
                        attempting.run();
                    } catch (RuntimeException e) {
                        LOG.error(
                                "How attempt {} of {} on {} ended could not be written; it is taken over when its lease ends.",
                                claim.attempt().number(),
                                claim.stage().name(),
                                claim.trial().key(),
                                e);
                    } finally {
                        inFlight.remove(attempting);
                        wake();
                    }
                },
                "stage-" + threadNumber.incrementAndGet());
        thread.setDaemon(true);
        thread.start();
    }

    private void giveUpOverdue() {
        long now = clock.nanoTime();
        inFlight.forEach((attempting, startedAt) -> {
            long timeout = attempting.settings().timeout().toNanos();
            if (now - startedAt >= timeout) {
                attempting.giveUp();
                inFlight.remove(attempting);
            }
        });
    }

    private void renewLeases() {
        long now = clock.nanoTime();
        if (now - lastRenewal >= renewNanos) {
            queue.renew(inFlight.keySet().stream()
                    .filter(attempting -> !attempting.isSettled())
                    .map(Attempting::claim)
                    .toList());
            lastRenewal = now;
        }
    }

    /** Tells {@link #await} that something changed. */
    public void wake() {
        lock.lock();
        try {
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A number that grows with every {@link #wake}. */
    public long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until something changed since {@code seen} was read, a stage becomes due, or a second has passed.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public void await(long seen) throws InterruptedException {
        Duration wait = untilNextDue();
        lock.lock();
        try {
            long nanos = wait.toNanos();
            while (changes == seen && nanos > 0 && !closed) {
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private Duration untilNextDue() {
        Duration poll = inFlight.isEmpty() || renewNanos > POLL.toNanos() ? POLL : Duration.ofNanos(renewNanos);
        if (inFlight.size() >= workers) {
            return poll;
        }
        Instant now = store.now();
        Duration next = store.read(tx -> tx.nextDue(plan.executable()))
                .map(due -> Duration.between(now, due))
                .orElse(poll);
        if (next.isNegative()) {
            return Duration.ofMillis(1);
        }
        return next.compareTo(poll) < 0 ? next.plusMillis(1) : poll;
    }

    /** Whether a stage is running, or will become due without anybody's help. */
    public boolean hasWork() {
        return !inFlight.isEmpty()
                || store.read(tx -> tx.nextDue(plan.executable()).isPresent()
                        || tx.nextDue(plan.disabled()).isPresent()
                        || !tx.running().isEmpty());
    }

    /** Claims nothing more; what runs goes on. */
    public void stopClaiming() {
        closed = true;
        wake();
    }

    /** Whether it claims nothing more. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Stops claiming, waits for what runs here, and gives back what has not ended by then.
     *
     * @param patience how long to wait
     */
    public void drain(Duration patience) {
        stopClaiming();
        // a claim that was being made when claiming stopped is in flight after this
        claiming.lock();
        claiming.unlock();
        long end = clock.nanoTime() + patience.toNanos();
        boolean interrupted = false;
        while (!inFlight.isEmpty() && clock.nanoTime() < end && !interrupted) {
            giveUpOverdue();
            renewLeases();
            long seen = changes();
            lock.lock();
            try {
                if (changes == seen && !inFlight.isEmpty() && !changed.await(100, TimeUnit.MILLISECONDS)) {
                    LOG.debug("Waiting for {} attempts to end.", inFlight.size());
                }
            } catch (InterruptedException e) {
                interrupted = true;
            } finally {
                lock.unlock();
            }
        }
        inFlight.keySet().forEach(Attempting::giveBack);
        inFlight.clear();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
