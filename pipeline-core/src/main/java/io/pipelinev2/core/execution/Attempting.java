package io.pipelinev2.core.execution;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.stage.Attempt;
import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageNotReadyException;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageSettings;
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
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt in the making: calls the stage and writes down how it ended, exactly once. */
final class Attempting implements StageContext {

    private static final Logger LOG = LoggerFactory.getLogger(Attempting.class);
    private static final int MAX_STACK_TRACE = 16_000;

    /** Who may write down how the attempt ended: the first to take it out of {@code OPEN}. */
    private enum Settlement {
        OPEN,
        BY_STAGE,
        BY_DEADLINE,
        BY_SHUTDOWN
    }

    private final Claim claim;
    private final StagePlan plan;
    private final Queue queue;
    private final PipelineStore store;
    private final TrialSource source;
    private final AtomicReference<Settlement> settlement = new AtomicReference<>(Settlement.OPEN);
    private volatile boolean cancelled;
    private volatile @Nullable Thread thread;
    private @Nullable TrialDetails details;

    Attempting(Claim claim, StagePlan plan, Queue queue, PipelineStore store, TrialSource source) {
        this.claim = claim;
        this.plan = plan;
        this.queue = queue;
        this.store = store;
        this.source = source;
    }

    Claim claim() {
        return claim;
    }

    /** Runs the stage on the calling thread. */
    void run() {
        thread = Thread.currentThread();
        try (TrialLog log = log()) {
            Runnable ending = ending();
            settlement.compareAndSet(Settlement.OPEN, Settlement.BY_STAGE);
            // an attempt that was given up writes too: the queue refuses it and records it as late
            ending.run();
        } finally {
            thread = null;
        }
    }

    private TrialLog log() {
        return TrialLog.of(
                claim.trial().key(), claim.stage().name(), claim.attempt().number());
    }

    private Runnable ending() {
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
            return () -> queue.decided(claim, outcome);
        } catch (StageNotReadyException e) {
            LOG.info("{} on {} waits: {}", claim.stage().name(), claim.trial().key(), e.getMessage());
            return () -> queue.notReady(claim, message(e), e.retryAt());
        } catch (PermanentStageException | TrialGoneException e) {
            LOG.info(
                    "{} on {} cannot be done: {}",
                    claim.stage().name(),
                    claim.trial().key(),
                    e.getMessage());
            return () -> queue.failed(claim, Attempt.Outcome.ERROR, message(e), stackTrace(e), true);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError | OutOfMemoryError e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            LOG.warn("{} on {} failed.", claim.stage().name(), claim.trial().key(), e);
            return () -> queue.failed(claim, Attempt.Outcome.ERROR, message(e), stackTrace(e), false);
        }
    }

    /** The deadline has passed: takes the attempt from the stage, and asks it to end. */
    void giveUp() {
        if (settlement.compareAndSet(Settlement.OPEN, Settlement.BY_DEADLINE)) {
            StageSettings settings = plan.settings(claim.stage().name());
            String error = "Attempt %d took longer than %s and was given up."
                    .formatted(claim.attempt().number(), inWords(settings));
            // written before the stage is interrupted: else its reaction could be written down in place of this
            try (TrialLog log = log()) {
                LOG.warn("{} on {}: {}", claim.stage().name(), claim.trial().key(), error);
                queue.failed(claim, Attempt.Outcome.TIMED_OUT, error, whereItStands(), false);
            } finally {
                cancel();
            }
        }
    }

    /** The runner is stopping: gives the attempt back, and asks the stage to end. */
    void giveBack() {
        if (settlement.compareAndSet(Settlement.OPEN, Settlement.BY_SHUTDOWN)) {
            try {
                queue.givenBack(claim);
            } finally {
                cancel();
            }
        }
    }

    /** Whether this is the attempt that holds this stage. */
    boolean holds(StageRun stage) {
        return !isSettled()
                && stage.id() == claim.stage().id()
                && stage.token() == claim.stage().token();
    }

    boolean isSettled() {
        return settlement.get() != Settlement.OPEN;
    }

    private void cancel() {
        cancelled = true;
        Thread worker = thread;
        if (worker != null) {
            worker.interrupt();
        }
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
