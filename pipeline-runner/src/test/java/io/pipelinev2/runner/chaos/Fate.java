package io.pipelinev2.runner.chaos;

import static io.pipelinev2.core.store.Attempt.Outcome.ERROR;
import static io.pipelinev2.core.store.Attempt.Outcome.PASSED;
import static io.pipelinev2.core.store.Attempt.Outcome.REJECTED;
import static io.pipelinev2.core.store.Attempt.Outcome.TIMED_OUT;

import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.Attempt.Outcome;
import io.pipelinev2.core.trial.TrialStatus;
import java.util.List;
import java.util.Set;

/**
 * What becomes of a trial: for each stage, how its attempts end, but for those that are lost with their runners. It goes by
 * the trial's number alone, so that whoever works on it, in whatever process, however often, comes to the same.
 */
enum Fate {
    PASSES(List.of(PASSED), List.of(PASSED), List.of(PASSED)),
    FAILS_ONCE(List.of(ERROR, PASSED), List.of(PASSED), List.of(PASSED)),
    FAILS_AND_FAILS_AGAIN(List.of(PASSED), List.of(ERROR, PASSED), List.of(ERROR, ERROR, PASSED)),
    IS_REJECTED_EARLY(List.of(PASSED), List.of(REJECTED), List.of()),
    IS_REJECTED_LATE(List.of(PASSED), List.of(ERROR, PASSED), List.of(REJECTED)),
    CANNOT_BE_DONE(List.of(PASSED), List.of(ERROR), List.of()),
    EXHAUSTS_ITS_ATTEMPTS(List.of(ERROR, ERROR, ERROR), List.of(), List.of()),
    TAKES_TOO_LONG_ONCE(List.of(PASSED), List.of(TIMED_OUT, PASSED), List.of(PASSED)),
    /** Its overlong attempt does not end when it is interrupted. */
    IS_STUBBORN_ONCE(List.of(PASSED), List.of(TIMED_OUT, PASSED), List.of(PASSED));

    static final List<String> STAGES = List.of("first", "second", "third");

    static final int MAX_ATTEMPTS = 3;

    private final List<List<Outcome>> scripts;

    Fate(List<Outcome> first, List<Outcome> second, List<Outcome> third) {
        scripts = List.of(first, second, third);
    }

    static Fate of(int number) {
        if (number % 100 == 50) {
            // few, because each keeps a slot for as long as its timeout
            return number % 300 == 50 ? IS_STUBBORN_ONCE : TAKES_TOO_LONG_ONCE;
        }
        return switch (number % 30) {
            case 1, 2 -> IS_REJECTED_EARLY;
            case 3 -> IS_REJECTED_LATE;
            case 4, 5 -> FAILS_ONCE;
            case 6 -> FAILS_AND_FAILS_AGAIN;
            case 7 -> CANNOT_BE_DONE;
            case 8 -> EXHAUSTS_ITS_ATTEMPTS;
            default -> PASSES;
        };
    }

    /** How the attempts of a stage end, one after the other; none if the trial does not get there. */
    List<Outcome> script(String stage) {
        return scripts.get(STAGES.indexOf(stage));
    }

    /** Whether this is one of the attempts that a script counts: lost ones are not of the stage's making. */
    static boolean isOwn(Attempt attempt) {
        boolean lost =
                Set.of(Outcome.RUNNING, Outcome.CRASHED, Outcome.CANCELLED).contains(attempt.outcome());
        return !lost && !isOverdue(attempt);
    }

    /** Taken from a runner that lived and should have given it up, which counts as a crash. */
    static boolean isOverdue(Attempt attempt) {
        String error = attempt.error();
        return attempt.outcome() == Outcome.TIMED_OUT && error != null && error.contains("long overdue");
    }

    /** How many of its stages come to an end. */
    int endedStages() {
        return (int) scripts.stream().filter(script -> !script.isEmpty()).count();
    }

    TrialStatus status() {
        return scripts.get(2).contains(PASSED) ? TrialStatus.COMPLETED : TrialStatus.FAILED;
    }

    String reason() {
        return switch (this) {
            case IS_REJECTED_EARLY -> "second: " + ScriptedStage.NO;
            case IS_REJECTED_LATE -> "third: " + ScriptedStage.NO;
            case CANNOT_BE_DONE -> "second: " + ScriptedStage.NEVER;
            case EXHAUSTS_ITS_ATTEMPTS ->
                "first: 3 of 3 attempts failed, the last with: IOException: " + ScriptedStage.NOT_THIS_TIME;
            default -> "all stages passed";
        };
    }
}
