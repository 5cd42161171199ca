package io.pipelinev2.core.logging;

/** What the engine warns of. docs/log-codes.md is made from it. */
public enum CoreLogCode implements LogCode {
    STUDY_REBORN(
            101,
            "a study was deleted at its source and another was made with its name",
            "nothing, if that was meant: the earlier trials are kept under NAME@K, and the new ones are "
                    + "processed"),
    HEALTH_UNRECORDED(
            102,
            "the database could not be written when a part told how it is",
            "`P doctor` looks at the database and its disk; the next report is tried by itself"),
    LOOPS_GO_ON(
            103,
            "a loop of the daemon did not end within its 30 s, as when a database or a stage does not " + "answer",
            "nothing at once: what it was doing is taken over by the next `run`. If it repeats, see "
                    + "what the last lines before it waited for"),
    LOOP_FAILED(
            104,
            "discovery, execution, deployment or monitoring could not do its round: database, study or "
                    + "disk cannot be reached",
            "read the message and mend what it names; `P doctor` looks at all of them. The round is "
                    + "tried again by itself"),
    NOT_CLOSED(
            105,
            "a part of the pipeline, or a resource of a stage, threw while it was put away",
            "nothing, if the process is ending; report it if the message names a part of the pipeline"),
    RESULT_LATE(
            106,
            "a stage ended after its attempt had been taken back, because it was too slow or its runner "
                    + "was taken for dead",
            "raise stages.X.timeout_seconds or daemon.lease if that happens to healthy attempts; the "
                    + "result was recorded and not applied"),
    STAGE_TRIPPED(
            107,
            "a stage failed for several trials in a row, so the cause is probably not in the trials",
            "mend what the message names, such as the market data; then `P unpause STAGE`, or wait for "
                    + "the attempt that is made by itself"),
    RESULT_UNSTORABLE(
            108,
            "what a stage returned cannot be written to the database: it is too large, or holds what is " + "no JSON",
            "correct the stage that returned it; the attempt counts as failed"),
    ATTEMPTS_LEFT_OPEN(
            109,
            "the process ended while the database could not be written",
            "nothing: the attempts are taken over when their leases end, and `P show N` tells of them"),
    ENDINGS_UNWRITTEN(
            110,
            "the database could not be written at the end of attempts",
            "`P doctor` looks at the database and its disk; it is tried again by itself"),
    TAKEN_BACK(
            111,
            "the runner of an attempt died, was killed, or gave no sign of life for longer than its " + "lease",
            "look for what ended that process (memory, `dmesg`, an operator); the attempt is repeated "
                    + "by itself, and after three of these the trial is parked"),
    LEASES_NOT_RENEWED(
            112,
            "the database could not be written for a moment",
            "nothing, if it does not repeat; else `P doctor`. While it lasts another runner may take "
                    + "over the attempts"),
    ATTEMPT_FAILED(
            113,
            "a stage threw an error while it worked on a trial",
            "`P show N` has the error, `P logs N --stages` the lines around it. It is retried until "
                    + "max_attempts; after mending the cause, `P retry N`"),
    ATTEMPT_ASKED_TO_END(
            114,
            "an attempt took longer than stages.X.timeout_seconds, or its claim was taken away",
            "raise the timeout if the work is that long; else see in `P logs N --stages` what it waited " + "for");

    private final Meaning meaning;

    CoreLogCode(int number, String cause, String action) {
        this.meaning = new Meaning(number, cause, action);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
