package io.pipelinev2.runner.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The exit codes of the program, and which command may end with which. Scripts rely on them. */
final class ExitCode {

    static final int OK = 0;
    /** An internal error, or a verdict other than passed. */
    static final int FAILED = 1;

    static final int USAGE = 2;
    static final int NOT_FOUND = 3;
    static final int BAD_CONFIGURATION = 4;
    /** A dependency, file, port or directory cannot be reached or read. */
    static final int UNREACHABLE = 5;

    static final int DEGRADED = 6;
    /** Another daemon or {@code once} holds this home. */
    static final int HELD = 7;

    static final int REFUSED = 8;
    static final int INTERRUPTED = 130;
    static final int TERMINATED = 143;

    private static final Map<Integer, String> WORDS = new LinkedHashMap<>();
    private static final Set<Integer> OF_ALL = Set.of(OK, FAILED, USAGE);
    private static final Set<Integer> OF_HOMES = Set.of(BAD_CONFIGURATION, UNREACHABLE);
    private static final Set<Integer> OF_TRIALS = Set.of(NOT_FOUND, BAD_CONFIGURATION, UNREACHABLE, REFUSED);
    private static final Set<Integer> OF_DEPLOYMENTS =
            Set.of(NOT_FOUND, BAD_CONFIGURATION, UNREACHABLE, HELD, REFUSED, INTERRUPTED);
    private static final Set<Integer> OF_RUNS = Set.of(BAD_CONFIGURATION, UNREACHABLE, HELD, INTERRUPTED, TERMINATED);

    /** Beside those of all, by the command's name. */
    private static final Map<String, Set<Integer>> FURTHER = new LinkedHashMap<>();

    static {
        WORDS.put(OK, "ok");
        WORDS.put(FAILED, "internal error, a verdict other than passed, or findings (db check)");
        WORDS.put(USAGE, "usage");
        WORDS.put(NOT_FOUND, "not found");
        WORDS.put(BAD_CONFIGURATION, "bad configuration");
        WORDS.put(
                UNREACHABLE,
                "a dependency, file, port or directory cannot be reached or read; doctor found what does not work");
        WORDS.put(DEGRADED, "degraded (status --exit-code); doctor --strict found what may hurt");
        WORDS.put(HELD, "another process supervises this home");
        WORDS.put(REFUSED, "refused; of several, at least one");
        WORDS.put(INTERRUPTED, "interrupted by Ctrl+C");
        WORDS.put(TERMINATED, "ended by SIGTERM, in order");

        put(OF_RUNS, "demo", "run");
        put(Set.of(BAD_CONFIGURATION, UNREACHABLE, HELD, REFUSED, INTERRUPTED, TERMINATED), "once");
        put(Set.of(BAD_CONFIGURATION, UNREACHABLE, DEGRADED), "status", "doctor");
        put(Set.of(NOT_FOUND, BAD_CONFIGURATION, UNREACHABLE), "show", "logs", "health");
        put(OF_TRIALS, "backtest", "retry", "revalidate", "skip", "park", "unpark", "cancel", "pause", "unpause");
        put(OF_DEPLOYMENTS, "deploy", "stop", "restart", "reset", "pin", "never", "flatten", "halt", "resume");
        put(Set.of(BAD_CONFIGURATION, UNREACHABLE, HELD, REFUSED), "restore");
        put(Set.of(BAD_CONFIGURATION, UNREACHABLE, REFUSED), "backup", "init");
        put(Set.of(NOT_FOUND, BAD_CONFIGURATION, UNREACHABLE, REFUSED), "alerts ack", "alerts silence");
        put(Set.of(BAD_CONFIGURATION), "config", "config show", "config check");
        put(Set.of(BAD_CONFIGURATION, UNREACHABLE, REFUSED), "token show", "token rotate");
        put(Set.of(NOT_FOUND, UNREACHABLE), "trade");
        put(Set.of(), "completion", "help", "db", "token");
    }

    private ExitCode() {}

    private static void put(Set<Integer> codes, String... commands) {
        for (String command : commands) {
            FURTHER.put(command, codes);
        }
    }

    /** What a code means. */
    static String words(int code) {
        return WORDS.getOrDefault(code, "");
    }

    /** The codes of a command, with their meaning. */
    static Map<Integer, String> of(CommandLine command) {
        CommandLine parent = command.getParent();
        String name = command.getCommandName();
        // the program itself tells of all
        Set<Integer> further = parent == null
                ? WORDS.keySet()
                : FURTHER.getOrDefault(
                        parent.getParent() == null ? name : parent.getCommandName() + " " + name, OF_HOMES);
        CommandSpec spec = command.getCommandSpec();
        boolean goesOn = spec.findOption("--watch") != null || spec.findOption("--follow") != null;
        Map<Integer, String> codes = new LinkedHashMap<>();
        WORDS.forEach((code, words) -> {
            if (OF_ALL.contains(code) || further.contains(code) || (goesOn && code == INTERRUPTED)) {
                codes.put(code, words);
            }
        });
        return codes;
    }
}
