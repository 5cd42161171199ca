package io.pipelinev2.core.execution;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.logging.CoreLogCode;
import io.pipelinev2.core.logging.TrialLog;
import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageNotReadyException;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageUnfitException;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.core.trial.TrialGoneException;
import io.pipelinev2.core.trial.TrialSource;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt in the making. It ends once: by the stage, or by being taken from it.
 *
 * <p>An attempt that has to end is first asked to ({@link StageContext#isCancelled}), then interrupted, then abandoned: its
 * thread may go on for as long as it likes, without a slot, and nothing that it returns is applied.
 */
final class Attempting implements StageContext {

    private static final Logger LOG = LoggerFactory.getLogger(Attempting.class);
    private static final int MAX_STACK_TRACE = 16_000;

    private enum Settled {
        OPEN,
        BY_STAGE,
        BY_RUNNER
    }

    /** What a stage came to: in words, and how it is written down if it is not too late. */
    private record Result(String what, Supplier<Ending> ending) {}

    /** Why an attempt has to end before its stage is through. */
    private enum Cause {
        DEADLINE,
        /** Its claim has been taken away, so there is nothing to write down. */
        CLAIM_LOST
    }

    private final Claim claim;
    private final StagePlan plan;
    private final Endings endings;
    private final PipelineStore store;
    private final TrialSource source;
    private final Clock clock;
    private final long startedAt;

    /** Who says how the attempt ended: the first to take it out of {@code OPEN}. */
    private final AtomicReference<Settled> settled = new AtomicReference<>(Settled.OPEN);

    private volatile @Nullable Cause cause;
    private volatile long askedAt;
    private volatile boolean cancelled;
    private volatile boolean interrupted;
    private volatile @Nullable Thread thread;
    private @Nullable TrialDetails details;

    /** Of a claim that was made just now. */
    Attempting(Claim claim, StagePlan plan, Endings endings, PipelineStore store, TrialSource source, Clock clock) {
        this.claim = claim;
        this.plan = plan;
        this.endings = endings;
        this.store = store;
        this.source = source;
        this.clock = clock;
        this.startedAt = clock.nanoTime();
    }

    Claim claim() {
        return claim;
    }

    /**
     * Runs the stage on the calling thread.
     *
     * @return how it ended; to be written down even if the attempt was taken from it meanwhile, because then it is recorded
     *     as late
     */
    Ending perform() {
        thread = Thread.currentThread();
        try (TrialLog log = log()) {
            Result result = result();
            boolean inTime = settled.compareAndSet(Settled.OPEN, Settled.BY_STAGE);
            boolean unasked = inTime && cause == null;
            // a runner that was too busy to ask makes no difference to what a trial comes to
            if (inTime && cause == Cause.DEADLINE || unasked && isOverdue(clock.nanoTime())) {
                return timedOut(null);
            }
            return unasked ? result.ending().get() : endings.late(claim, result.what());
        } finally {
            synchronized (this) {
                thread = null;
                if (interrupted) {
                    // ours; whoever called must not take it for theirs
                    Thread.interrupted();
                }
            }
        }
    }

    private TrialLog log() {
        return TrialLog.of(
                claim.trial().key(), claim.stage().name(), claim.attempt().number());
    }

    private Result result() {
        try {
            LOG.info(
                    "Attempt {} of {} on {}.",
                    claim.attempt().number(),
                    claim.stage().name(),
                    claim.trial().key());
            StageOutcome outcome = plan.stage(claim.stage().name()).execute(this);
            LOG.info(
                    "{} on {} {}: {}",
                    claim.stage().name(),
                    claim.trial().key(),
                    outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT),
                    outcome.reason());
            return new Result("The verdict '" + outcome.reason() + "'", () -> endings.decided(claim, outcome));
        } catch (StageNotReadyException e) {
            LOG.info("{} on {} waits: {}", claim.stage().name(), claim.trial().key(), e.getMessage());
            return new Result("The wait '" + message(e) + "'", () -> endings.notReady(claim, message(e), e.retryAt()));
        } catch (PermanentStageException | TrialGoneException e) {
            LOG.info(
                    "{} on {} cannot be done: {}",
                    claim.stage().name(),
                    claim.trial().key(),
                    e.getMessage());
            return new Result(
                    whatFailed(e),
                    () -> endings.failedForGood(claim, message(e), stackTrace(e), e instanceof StageUnfitException));
        } catch (Throwable e) {
            // whatever it is: an attempt that is not ended here would keep its slot for ever
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (cause == null) {
                LOG.warn(
                        CoreLogCode.ATTEMPT_FAILED,
                        "{} on {} failed.",
                        claim.stage().name(),
                        claim.trial().key(),
                        e);
            }
            return new Result(
                    whatFailed(e), () -> endings.failed(claim, Attempt.Outcome.ERROR, message(e), stackTrace(e)));
        }
    }

    private static String whatFailed(Throwable e) {
        return "The failure '" + message(e) + "'";
    }

    /** The claim has been taken away. */
    void claimIsLost(long now) {
        ask(Cause.CLAIM_LOST, now);
    }

    /**
     * Sees to it that an attempt which has to end does so.
     *
     * @param now the monotonic time
     * @param graceNanos how long each step may take
     * @return whether it has to be abandoned
     */
    boolean press(long now, long graceNanos) {
        if (cause == null && isOverdue(now)) {
            ask(Cause.DEADLINE, now);
        }
        if (cause == null) {
            return false;
        }
        if (now - askedAt >= graceNanos) {
            interrupt();
        }
        return now - askedAt >= 2 * graceNanos;
    }

    private boolean isOverdue(long now) {
        return now - startedAt >= settings().timeout().toNanos();
    }

    /** How long until {@link #press} has something to do, by the monotonic clock. */
    long untilPressed(long now, long graceNanos) {
        if (settled.get() != Settled.OPEN) {
            return Long.MAX_VALUE;
        }
        if (cause == null) {
            return startedAt + settings().timeout().toNanos() - now;
        }
        return askedAt + (interrupted ? 2 * graceNanos : graceNanos) - now;
    }

    private void ask(Cause why, long now) {
        if (cause == null && settled.get() == Settled.OPEN) {
            askedAt = now;
            cause = why;
            cancelled = true;
            try (TrialLog log = log()) {
                LOG.warn(
                        CoreLogCode.ATTEMPT_ASKED_TO_END,
                        "{} on {}: {}; asked to end.",
                        claim.stage().name(),
                        claim.trial().key(),
                        why == Cause.DEADLINE ? tookLonger() : "its claim has been taken away");
            }
        }
    }

    private synchronized void interrupt() {
        Thread worker = thread;
        if (!interrupted && worker != null) {
            interrupted = true;
            worker.interrupt();
        }
    }

    /** Takes the attempt from its stage, unless that has just ended it. */
    boolean takeAway() {
        return settled.compareAndSet(Settled.OPEN, Settled.BY_RUNNER);
    }

    /** How an attempt ended that was taken from a stage which did not end; empty if there is nothing to write down. */
    Optional<Ending> abandoned() {
        return cause == Cause.DEADLINE ? Optional.of(timedOut(whereItStands())) : Optional.empty();
    }

    /** How an attempt ended that was taken from its stage because the runner stops; the stage is told to end, too. */
    Ending givenBack() {
        cancelled = true;
        interrupt();
        return endings.givenBack(claim);
    }

    private Ending timedOut(@Nullable String where) {
        String error = tookLonger() + " and was given up.";
        return endings.failed(claim, Attempt.Outcome.TIMED_OUT, error, where);
    }

    private String tookLonger() {
        return "Attempt %d took longer than %s".formatted(claim.attempt().number(), inWords(settings()));
    }

    private static String inWords(StageSettings settings) {
        long millis = settings.timeout().toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }

    private @Nullable String whereItStands() {
        Thread worker = thread;
        if (worker == null) {
            return null;
        }
        StringBuilder trace = new StringBuilder("where it stood when it was given up:");
        for (StackTraceElement element : worker.getStackTrace()) {
            trace.append("\n\tat ").append(element);
        }
        return cut(trace.toString());
    }

    private static String message(Throwable e) {
        String message = e.getMessage();
        String text = message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
        return e instanceof PipelineException
                ? text
                : e.getClass().getSimpleName() + (text.equals(e.getClass().getSimpleName()) ? "" : ": " + text);
    }

    private static String stackTrace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return cut(text.toString());
    }

    private static String cut(String text) {
        return text.length() <= MAX_STACK_TRACE ? text : text.substring(0, MAX_STACK_TRACE) + "\n… cut";
    }

    @Override
    public Trial trial() {
        return claim.trial();
    }

    @Override
    public TrialDetails details() {
        TrialDetails known = details;
        if (known == null) {
            known = source.details(claim.trial().source());
            details = known;
        }
        return known;
    }

    @Override
    public int attempt() {
        return claim.attempt().number();
    }

    @Override
    public StageSettings settings() {
        return plan.settings(claim.stage().name());
    }

    @Override
    public Map<String, @Nullable Object> resultsOf(String stage) {
        return store.read(tx -> tx.stage(claim.trial().id(), stage))
                .map(StageRun::results)
                .orElse(Map.of());
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public Instant deadline() {
        Instant deadline = claim.stage().deadlineAt();
        return deadline == null ? Instant.MAX : deadline;
    }

    @Override
    public Instant now() {
        return store.now();
    }
}
