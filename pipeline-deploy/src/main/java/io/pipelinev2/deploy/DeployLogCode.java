package io.pipelinev2.deploy;

import io.pipelinev2.core.logging.LogCode;

/** What deploying and supervision warns of. docs/log-codes.md is made from it. */
public enum DeployLogCode implements LogCode {
    CRASHED(
            301,
            "the process of a paper trader ended by itself or was killed",
            "`P logs N` has its last words. It is started again by itself until its restarts are used "
                    + "up; then `P reset N`"),
    HUNG(
            302,
            "the trading loop of a paper trader made no progress for stages.deploy.hung_after",
            "nothing at once: it is replaced. What its threads were doing is in its log (`P logs N`)"),
    LOCK_HELD(
            303,
            "a process that the pipeline did not start holds the lock of a deployment",
            "`fuser FILE` on the lock that the message names shows the process; end it, and the trader "
                    + "is started"),
    REMNANTS(
            304,
            "a trader ended and left processes of its own behind",
            "nothing: they were killed. A trader of your own should end its children when it gets " + "SIGTERM"),
    CANNOT_START(
            305,
            "a trader cannot be started whatever is tried: its command, model or secrets are not as " + "they must be",
            "mend what the message names, then `P restart N`"),
    START_POSTPONED(
            306,
            "this machine could not start a process just now: memory, process limits, disk, or a Java "
                    + "that was changed under the daemon",
            "`P doctor` looks at limits and disk; start the daemon again after an upgrade of Java. It "
                    + "is tried again by itself"),
    ORPHAN(
            307,
            "a process of this home runs that no deployment knows, as after a restored backup",
            "look at it with `ps -fp PID` and end it with `kill PID` if it is not wanted; the pipeline "
                    + "never does"),
    COMMON_CAUSE(
            308,
            "many traders crashed or hung at once, which suggests network, feed or disk",
            "look at what they share: `P doctor`, `P logs N` of one of them. One at a time is started "
                    + "again by itself"),
    SUPERVISION_FAILED(
            309,
            "the next step for a deployment, or for all of them, could not be done",
            "read the message and mend what it names; it is tried again by itself"),
    REFRESHED(
            310,
            "a trader has seen no new bars for long although its feed has some",
            "nothing: it is started again, at most once an hour. If it repeats, look at its feed"),
    UNWELL(
            311,
            "a trader lives but is not as it should be: old bars, no log, a stop of its own",
            "`P deployments` tells why, `P logs N` what it says"),
    KILLED(
            312,
            "a trader did not end within stages.deploy.stop_grace of SIGTERM",
            "raise stop_grace if it needs longer to end in order; its account goes by its ledger and "
                    + "lost nothing"),
    CONTROL_REWRITTEN(
            313,
            "the file by which a trader is told its orders was unreadable",
            "nothing: it was written anew. Look for who else writes to state/deployments"),
    LOG_UNCUT(
            314,
            "the log of a trader is over logs.max_file and cannot be cut",
            "make room, or correct the permissions of the file that the message names"),
    HALTED_BY_HAND(315, "somebody made the file state/KILL", "if that is over: `P resume`, or remove the file"),
    KILL_FILE_REWRITTEN(
            316,
            "traders are halted by a command, but the file state/KILL was gone",
            "nothing: it was written again. `P resume` ends a halt; removing the file does not"),
    LEDGER_TROUBLE(
            317,
            "the ledger of a paper account cannot be brought into the database",
            "`P trade --verify DIR` of its state directory tells where it is damaged; the trader goes "
                    + "by the file and goes on"),
    DEPLOYING_FAILED(
            318,
            "choosing or starting deployments failed, and so did supervising them",
            "mend what the message names; both are tried again by themselves"),
    PROGRAM_UNCOPIED(
            319,
            "the copy of the program that traders run from could not be made: disk or permissions of "
                    + "state/runtime",
            "make room or correct the permissions; until then traders that are started anew run from "
                    + "the jar itself"),
    LEDGERS_UNIMPORTED(
            320,
            "ledgers could not be brought into the database",
            "`P doctor` looks at the database; it is tried again by itself, and no line is lost"),
    DRIFTED(
            321,
            "what a trader earns on paper is no longer what its backtest leads to expect",
            "`P show N` holds both side by side, docs/drift.md says what each figure means; `P never N` ends it for good");

    private final Meaning meaning;

    DeployLogCode(int number, String cause, String action) {
        this.meaning = new Meaning(number, cause, action);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
