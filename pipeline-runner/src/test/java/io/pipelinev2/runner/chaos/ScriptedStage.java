package io.pipelinev2.runner.chaos;

import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.store.Attempt.Outcome;
import io.pipelinev2.core.store.PipelineStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A stage whose attempts end as the trial's {@link Fate} says, and that writes down each of its executions. */
record ScriptedStage(String name, PipelineStore store, Effects effects) implements Stage {

    static final String NO = "it is not good enough";
    static final String NEVER = "it cannot be done";
    static final String NOT_THIS_TIME = "not this time";

    /** How much longer than its timeout a stubborn attempt takes, long after it was abandoned. */
    private static final Duration STUBBORN = Duration.ofSeconds(1);

    @Override
    public StageOutcome execute(StageContext context) throws Exception {
        int number = context.trial().key().number();
        effects.begun(number, name, context.attempt());
        try {
            return perform(context, number);
        } finally {
            effects.ended(number, name, context.attempt());
        }
    }

    private StageOutcome perform(StageContext context, int number) throws Exception {
        pause(5 + (number * 31L + name.length()) % 40);
        Fate fate = Fate.of(number);
        return switch (next(fate, context)) {
            case REJECTED -> StageOutcome.rejected(NO);
            case ERROR ->
                throw fate == Fate.CANNOT_BE_DONE ? new PermanentStageException(NEVER) : new IOException(NOT_THIS_TIME);
            case TIMED_OUT -> {
                if (fate == Fate.IS_STUBBORN_ONCE) {
                    persist(context.settings().timeout().plus(STUBBORN));
                } else {
                    pause(context.settings().timeout().multipliedBy(4).toMillis());
                }
                yield StageOutcome.passed("too late");
            }
            default -> StageOutcome.passed("fine");
        };
    }

    /** By what is stored of earlier attempts, not by their numbers: what was lost with its runner is done over. */
    private Outcome next(Fate fate, StageContext context) {
        List<Outcome> script = fate.script(name);
        if (script.size() == 1) {
            return script.get(0);
        }
        long before = store.read(tx -> tx.attempts(context.trial().id())).stream()
                .filter(attempt -> attempt.stage().equals(name))
                .filter(Fate::isOwn)
                .count();
        // it has ended already if this attempt was taken away, and is only late
        return script.get((int) Math.min(before, script.size() - 1));
    }

    private static void pause(long millis) throws InterruptedException {
        new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }

    private static void persist(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            try {
                pause(10);
            } catch (InterruptedException e) {
                // as stages do that know no better
            }
        }
    }
}
