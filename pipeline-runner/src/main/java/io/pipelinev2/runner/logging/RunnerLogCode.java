package io.pipelinev2.runner.logging;

import io.pipelinev2.core.logging.LogCode;

/** What the program around the engine warns of. docs/log-codes.md is made from it. */
public enum RunnerLogCode implements LogCode {
    INTERNAL_ERROR(
            401,
            "the program met something that it was not made for",
            "report it with the stack trace, which is in logs/pipeline.log"),
    PLUGIN_NOT_CLOSED(
            402,
            "a part that a plugin provides threw while it was put away",
            "correct the plugin that the message names; nothing of the pipeline is lost"),
    PLUGIN_EMPTY(
            403,
            "a jar in plugins/ provides nothing that the pipeline looks for",
            "put libraries into the jar of the plugin that needs them, or add the file in "
                    + "META-INF/services that the message names"),
    PIPELINE_ENDED(
            404,
            "the pipeline within an application ended with an error",
            "close it and start it again, once what the message names is mended"),
    NOT_CLOSED(405, "a part threw while it was put away", "nothing, if the process is ending; else report it"),
    BACKUP_REMAINS(
            406,
            "files of a backup that was not completed could not be deleted",
            "delete the directory that the message names"),
    STATE_UNREACHABLE(
            407,
            "the database could not be reached for as long as it is tried",
            "see that disk or server is there (`P doctor`); whoever needed it tries again"),
    LOGS_UNWRITABLE(
            408,
            "log files cannot be written: disk or permissions",
            "make room or correct the permissions; events are shown on standard error until then"),
    VIEW_UNREADABLE(
            409,
            "the state could not be read for the dashboard, which shows the last that could be read",
            "`P doctor` looks at the database; it is tried again by itself"),
    REQUEST_FAILED(
            410,
            "a request over HTTP met an error; whoever asked was told the reference in the message",
            "read the stack trace beside it; report it if it names nothing that you can mend"),
    WRONG_TOKEN(
            411,
            "somebody presented a wrong access token",
            "nothing, if that was you; else look who reaches the port. `P token rotate` takes another token"),
    ALERT_CHANNEL_FAILED(
            412,
            "an alert could not be delivered by one of its channels",
            "read the message: address, credentials or network of the channel; it is tried again by itself"),
    ALERTS_NOT_LOOKED_FOR(
            413,
            "the state could not be read when alerts were looked for",
            "`P doctor` looks at the database; it is tried again by itself"),
    DISKS_UNREADABLE(
            414,
            "the system does not say how much room there is on a disk",
            "see that the directories of the home are there; nothing is held back because of it"),
    DISK_FULL(
            415,
            "less room than disk.stop is left on a disk that is written to, so nothing new is begun",
            "make room on the disk that the message names; work goes on by itself"),
    ALERT(
            416,
            "an alert was opened, or is still open and told again",
            "`P alerts` lists what is open; `P alerts ack ID` ends the reminders"),
    TOKEN_UNUSABLE(
            417,
            "the file of an access token is gone or cannot be used, so nobody is let in by it",
            "read the message; `P token rotate` puts a new token there, which counts at once"),
    FOREIGN(
            499,
            "a library, a plugin or a stage of your own logged it without a code",
            "read its message; the field logger names who said it");

    private final Meaning meaning;

    RunnerLogCode(int number, String cause, String action) {
        this.meaning = new Meaning(number, cause, action);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
