package io.pipelinev2.deploy.launch;

/**
 * What {@code /proc/PID/stat} says of a process.
 *
 * @param pid its id
 * @param state its state letter
 * @param group the id of its process group
 * @param session the id of its session
 * @param threads how many threads it has left
 * @param startTicks field 22: clock ticks since boot at which it started
 */
record ProcessStat(long pid, char state, long group, long session, int threads, long startTicks) {

    private static final int FIRST_FIELD_AFTER_NAME = 3;
    private static final int GROUP = 5;
    private static final int SESSION = 6;
    private static final int THREADS = 20;
    private static final int START = 22;

    /**
     * Parses one line.
     *
     * @throws IllegalArgumentException if it is none
     */
    static ProcessStat parse(String line) {
        // The name in parentheses is the process's own choice and may hold spaces and ')': only the last one ends it.
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 1 || close < open) {
            throw new IllegalArgumentException("not a line of /proc/PID/stat: " + line);
        }
        long pid = Long.parseLong(line.substring(0, open).trim());
        String[] fields = line.substring(close + 1).trim().split(" ");
        if (fields.length <= START - FIRST_FIELD_AFTER_NAME) {
            throw new IllegalArgumentException("not a line of /proc/PID/stat: " + line);
        }
        return new ProcessStat(
                pid,
                fields[0].charAt(0),
                Long.parseLong(fields[GROUP - FIRST_FIELD_AFTER_NAME]),
                Long.parseLong(fields[SESSION - FIRST_FIELD_AFTER_NAME]),
                Integer.parseInt(fields[THREADS - FIRST_FIELD_AFTER_NAME]),
                Long.parseLong(fields[START - FIRST_FIELD_AFTER_NAME]));
    }

    /**
     * Whether it runs no more: a zombie only waits for its parent to read its exit code. One whose first thread has ended
     * before the others is shown as a zombie, too, but still runs, and holds its files and locks.
     */
    boolean isDead() {
        return (state == 'Z' || state == 'X' || state == 'x') && threads <= 1;
    }

    /** Whether a signal such as SIGSTOP has stopped it, or a debugger holds it. */
    boolean isStopped() {
        return state == 'T' || state == 't';
    }

    boolean leadsSession() {
        return pid == session;
    }
}
