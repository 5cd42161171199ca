package io.pipelinev2.core.execution;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.execution.Queue.Look;
import io.pipelinev2.core.logging.CoreLogCode;
import io.pipelinev2.core.logging.TrialLog;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StatementRefusedException;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes due stages: claims them, runs each attempt on a thread of its own, sees to it that those end which have to, and
 * takes over what dead runners left behind. What attempts came to is written down together with the next claims, by whoever
 * calls {@link #tick}; leases are renewed on a thread of their own.
 *
 * <p>An attempt that does not end when it has to is abandoned, and its slot is free again whether or not its thread ends; the
 * fencing token keeps what it returns later from being applied.
 */
public final class Executor {

    private static final Logger LOG = LoggerFactory.getLogger(Executor.class);

    /** How long nothing may be looked at, whatever the store says of changes. */
    private static final Duration POLL = Duration.ofSeconds(1);

    /** The same for a store that says nothing of changes, so that an operator's word takes effect within a second. */
    private static final Duration BLIND_POLL = Duration.ofMillis(500);

    /** How often the store is asked whether another process has written to it. */
    private static final Duration GLANCE = Duration.ofMillis(50);

    /** While results keep coming in there is a look at everything else this often. */
    private static final long BUSY_LOOK_NANOS = Duration.ofMillis(100).toNanos();

    /** What nobody knows is looked for this often: it takes a changed configuration for anything of it to appear. */
    private static final long STRANDED_LOOK_NANOS = Duration.ofSeconds(30).toNanos();

    /** How often a drain looks, at intervals of 100 ms, for what is about to be handed in. */
    private static final int LAST_LOOKS = 50;

    private final StagePlan plan;
    private final PipelineStore store;
    private final TrialSource source;
    private final Queue queue;
    private final Clock clock;
    private final int workers;
    private final long graceNanos;
    private final ThreadFactory threads;
    private final Heartbeat heartbeat;
    private final Supplier<Optional<String>> hold;

    /** How often a drain was asked for before this runner was there, so that it is no business of this one. */
    private final long drainsBefore;

    private final AtomicLong threadNumber = new AtomicLong();

    /** Attempts that hold a slot: from their claim until their end is written down. */
    private final Set<Attempting> inFlight = ConcurrentHashMap.newKeySet();

    /** Ends that are not written down yet, with the attempt, which may hold a slot for as long. */
    private final ConcurrentLinkedQueue<Ended> ended = new ConcurrentLinkedQueue<>();

    private record Ended(Ending ending, Attempting attempting) {}

    /** Held from a claim until it stands in {@link #inFlight}, so that a drain misses none. */
    private final ReentrantLock claiming = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long changes;

    private boolean aligned;
    private @Nullable Look last;
    private long lastLook;
    private long lastStrandedLook;
    private OptionalLong seenVersion = OptionalLong.empty();
    private volatile boolean drainRequested;
    private volatile boolean closed;

    /** @throws StoreException if the store cannot be read */
    public Executor(StagePlan plan, PipelineStore store, TrialSource source, RunnerSettings runner, Clock clock) {
        this(plan, store, source, runner, clock, Optional::empty);
    }

    /**
     * @param hold why nothing may be begun at present, in words; empty if it may. Asked before every claim
     * @throws StoreException if the store cannot be read
     */
    public Executor(
            StagePlan plan,
            PipelineStore store,
            TrialSource source,
            RunnerSettings runner,
            Clock clock,
            Supplier<Optional<String>> hold) {
        this.hold = hold;
        this.plan = plan;
        this.store = store;
        this.source = source;
        this.queue = new Queue(store, plan, runner);
        this.clock = clock;
        this.workers = runner.workers();
        this.graceNanos = runner.cancelGrace().toNanos();
        this.threads = runner.threads();
        this.heartbeat = new Heartbeat(this::renewLeases, runner.lease(), threads);
        this.drainsBefore = queue.drains();
    }

    /**
     * One pass: sees to attempts that have to end, writes down what ended, recovers, claims and starts. Returns without
     * waiting for what it started. To be called by one thread at a time.
     *
     * @return whether nothing is running here
     */
    public boolean tick() {
        pressOn();
        boolean turned = !ended.isEmpty();
        if (turned) {
            turn();
        }
        boolean full = inFlight.size() >= workers;
        boolean seenLately = last != null && clock.nanoTime() - lastLook < BUSY_LOOK_NANOS;
        // whoever is kept busy by results need not look for more work after each of them
        if (!(turned && full && seenLately) && look().claimable()) {
            turn();
        }
        return inFlight.isEmpty();
    }

    private Look look() {
        if (!aligned) {
            queue.align();
            aligned = true;
        }
        long now = clock.nanoTime();
        boolean forStranded = last == null || now - lastStrandedLook >= STRANDED_LOOK_NANOS;
        seenVersion = store.version();
        Look look = queue.look(inFlight.stream().map(Attempting::claim).toList(), now, forStranded);
        look.lost().forEach(claim -> find(claim).ifPresent(attempting -> attempting.claimIsLost(now)));
        if (look.drains() > drainsBefore) {
            drainRequested = true;
            closed = true;
        }
        if (look.isRecoveryNeeded()) {
            queue.recover(look);
            look = queue.look(inFlight.stream().map(Attempting::claim).toList(), now, false);
        }
        last = look;
        lastLook = now;
        if (forStranded) {
            lastStrandedLook = now;
        }
        return look;
    }

    private Optional<Attempting> find(Claim claim) {
        return inFlight.stream()
                .filter(attempting -> attempting.claim() == claim)
                .findFirst();
    }

    /**
     * Writes down what ended and claims what there is room for, and the same with what has ended meanwhile: but not for
     * longer than everything else may wait, because short attempts can go on ending for ever.
     */
    private void turn() {
        boolean more = true;
        while (more) {
            claiming.lock();
            try {
                List<Ended> batch = handedIn();
                int busy = inFlight.size()
                        - (int) batch.stream()
                                .map(Ended::attempting)
                                .filter(inFlight::contains)
                                .count();
                int free = isHeld() ? 0 : Math.max(0, workers - busy);
                if (!batch.isEmpty() || free > 0) {
                    write(batch, free).forEach(this::start);
                }
                more = !ended.isEmpty() && clock.nanoTime() - lastLook < BUSY_LOOK_NANOS;
            } finally {
                claiming.unlock();
            }
        }
    }

    private List<Ended> handedIn() {
        List<Ended> batch = new ArrayList<>();
        for (Ended next = ended.poll(); next != null; next = ended.poll()) {
            batch.add(next);
        }
        return batch;
    }

    /** All in one transaction. What cannot be written down now is kept; what never could be must not stop the rest. */
    private List<Claim> write(List<Ended> batch, int free) {
        try {
            List<Claim> claims = queue.turn(batch.stream().map(Ended::ending).toList(), free);
            batch.forEach(it -> inFlight.remove(it.attempting()));
            return claims;
        } catch (RuntimeException e) {
            if (isOfTheStore(e) || batch.isEmpty()) {
                ended.addAll(batch);
                throw e;
            }
            for (int i = 0; i < batch.size(); i++) {
                writeAlone(batch, i);
            }
            return List.of();
        }
    }

    /** Whether it says nothing of what was to be written: the store is locked, full, out of reach. */
    private static boolean isOfTheStore(RuntimeException e) {
        return e instanceof StoreException && !(e instanceof StatementRefusedException);
    }

    private void writeAlone(List<Ended> batch, int i) {
        Ended one = batch.get(i);
        try {
            queue.turn(List.of(one.ending()), 0);
            inFlight.remove(one.attempting());
        } catch (RuntimeException e) {
            if (isOfTheStore(e)) {
                ended.addAll(batch.subList(i, batch.size()));
                throw e;
            }
            writeThatItCannotBe(batch, i, e);
        }
    }

    private void writeThatItCannotBe(List<Ended> batch, int i, RuntimeException why) {
        Ended one = batch.get(i);
        try {
            queue.turn(List.of(unwritable(one.ending(), why)), 0);
            inFlight.remove(one.attempting());
        } catch (RuntimeException e) {
            ended.addAll(batch.subList(i, batch.size()));
            throw e;
        }
    }

    private Ending unwritable(Ending ending, RuntimeException why) {
        Claim claim = ending.claim();
        try (TrialLog log = TrialLog.of(
                claim.trial().key(), claim.stage().name(), claim.attempt().number())) {
            LOG.error(CoreLogCode.RESULT_UNSTORABLE, "What attempt {} came to cannot be stored.", claim.attempt(), why);
        }
        String error = "%s cannot be stored: %s".formatted(ending.what(), why.getMessage());
        return queue.endings().failed(ending.claim(), Attempt.Outcome.ERROR, error, null);
    }

    /**
     * Does everything that is due now on the calling thread, and what becomes due by it. For tests and small tools.
     *
     * @return how many attempts were made
     */
    public int runDue() {
        last = null;
        look();
        int count = 0;
        List<Ended> before = handedIn();
        List<Claim> claims = write(before, isHeld() ? 0 : 1);
        while (!claims.isEmpty()) {
            Attempting attempting = attempting(claims.get(0));
            Ending ending = attempting.perform();
            count++;
            claims = write(List.of(new Ended(ending, attempting)), isHeld() ? 0 : 1);
        }
        return count;
    }

    /**
     * Makes one attempt of a stage whose turn it is, on the calling thread, even if it is waiting for a later time or is
     * held.
     *
     * @return whether there was one to make
     */
    public boolean attempt(Trial trial, String stage) {
        Optional<Attempting> attempting;
        claiming.lock();
        try {
            attempting = closed ? Optional.empty() : queue.claim(trial, stage).map(this::attempting);
        } finally {
            claiming.unlock();
        }
        attempting.ifPresent(it -> {
            Ending ending = it.perform();
            claiming.lock();
            try {
                write(List.of(new Ended(ending, it)), 0);
            } finally {
                claiming.unlock();
            }
        });
        return attempting.isPresent();
    }

    private Attempting attempting(Claim claim) {
        Attempting attempting = new Attempting(claim, plan, queue.endings(), store, source, clock);
        inFlight.add(attempting);
        heartbeat.start();
        return attempting;
    }

    private void start(Claim claim) {
        Attempting attempting = attempting(claim);
        Thread thread = threads.newThread(() -> {
            ended.add(new Ended(attempting.perform(), attempting));
            wake();
        });
        thread.setName("stage-" + threadNumber.incrementAndGet());
        thread.setDaemon(true);
        thread.start();
    }

    /** Sees to attempts that have to end; those that do not are abandoned, and their slots are free. */
    private void pressOn() {
        long now = clock.nanoTime();
        for (Attempting attempting : inFlight) {
            if (attempting.press(now, graceNanos) && attempting.takeAway()) {
                attempting
                        .abandoned()
                        .ifPresentOrElse(
                                ending -> ended.add(new Ended(ending, attempting)), () -> inFlight.remove(attempting));
            }
        }
    }

    private void renewLeases() {
        Collection<Claim> held = inFlight.stream().map(Attempting::claim).toList();
        long now = clock.nanoTime();
        queue.renew(held).forEach(claim -> find(claim).ifPresent(attempting -> attempting.claimIsLost(now)));
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
     * Waits until something changed since {@code seen} was read, in this process or another, until there is something to
     * claim, or for a second.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public void await(long seen) throws InterruptedException {
        long left = untilSomethingIsDue().toNanos();
        while (left > 0) {
            long slice = Math.min(left, GLANCE.toNanos());
            if (awaitChange(seen, slice) || hasNewVersion()) {
                return;
            }
            left -= slice;
        }
    }

    private boolean awaitChange(long seen, long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (changes == seen && left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            return changes != seen || closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasNewVersion() {
        return seenVersion.isPresent() && !store.version().equals(seenVersion);
    }

    private Duration untilSomethingIsDue() {
        Duration wait = seenVersion.isPresent() ? POLL : BLIND_POLL;
        long now = clock.nanoTime();
        for (Attempting attempting : inFlight) {
            wait = shorter(wait, Duration.ofNanos(attempting.untilPressed(now, graceNanos)));
        }
        Look seen = last;
        if (seen != null && seen.next() != null && inFlight.size() < workers && !isHeld()) {
            wait = shorter(wait, Duration.between(store.now(), seen.next()).plusMillis(1));
        }
        return shorter(wait, POLL);
    }

    private static Duration shorter(Duration one, Duration other) {
        Duration least = Duration.ofMillis(1);
        Duration shorter = one.compareTo(other) < 0 ? one : other;
        return shorter.compareTo(least) < 0 ? least : shorter;
    }

    /** Whether a stage is running, or an attempt will be made without anybody's help. */
    public boolean hasWork() {
        return !inFlight.isEmpty() || hold.get().isEmpty() && look().waiting();
    }

    /** Whether attempts would be made if nothing kept them from being begun. */
    public boolean hasWorkHeld() {
        return hold.get().isPresent() && look().waiting();
    }

    private boolean isHeld() {
        return closed || hold.get().isPresent();
    }

    /** Says of trials that wait for a stage in no plan that they do; else that is looked for now and then only. */
    public void holdStranded() {
        queue.holdStranded();
    }

    /** Lets it be seen at once whether the stages go again that are held because they kept failing. */
    public void probeNow() {
        if (!store.read(StoreReader::holds).isEmpty()) {
            queue.probeNow();
        }
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

    /** Whether an operator asked the runners on this store to drain, so that this one claims nothing more. */
    public boolean isDrainRequested() {
        return drainRequested;
    }

    /**
     * Stops claiming, waits for what runs here, and gives back what has not ended by then. Leases are renewed to the last.
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
            long seen = changes();
            pressOn();
            writeDown();
            interrupted = !inFlight.isEmpty() && awaitsInterrupted(seen);
        }
        for (Attempting attempting : inFlight) {
            if (attempting.takeAway()) {
                ended.add(new Ended(attempting.givenBack(), attempting));
            }
        }
        interrupted |= isInterruptedWritingTheLast();
        heartbeat.close();
        if (!inFlight.isEmpty()) {
            LOG.error(
                    CoreLogCode.ATTEMPTS_LEFT_OPEN,
                    "What {} attempts came to could not be written down; they are taken over once their leases end.",
                    inFlight.size());
        }
        inFlight.clear();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for those whose stages ended in the nick of time, too: their threads are about to hand in what they came to. */
    private boolean isInterruptedWritingTheLast() {
        for (int i = 0; i < LAST_LOOKS; i++) {
            long seen = changes();
            if (!writeDown() || inFlight.isEmpty()) {
                return false;
            }
            if (awaitsInterrupted(seen)) {
                return true;
            }
        }
        return false;
    }

    /** @return whether the store took it */
    private boolean writeDown() {
        try {
            if (!ended.isEmpty()) {
                turn();
            }
            return true;
        } catch (StoreException e) {
            LOG.warn(CoreLogCode.ENDINGS_UNWRITTEN, "What ended could not be written down: {}", e.getMessage());
            return false;
        }
    }

    private boolean awaitsInterrupted(long seen) {
        lock.lock();
        try {
            if (changes == seen && !changed.await(100, TimeUnit.MILLISECONDS)) {
                LOG.debug("Waiting for {} attempts to end.", inFlight.size());
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        } finally {
            lock.unlock();
        }
    }
}
