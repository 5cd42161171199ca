package io.pipelinev2.runner.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the supervising process may open as many files and start as many threads as its traders take. */
public final class LimitsCheck implements Check {

    private static final long FILES = 1024;
    private static final long FILES_PER_TRADER = 8;

    /** A bundled trader's JVM has some 20 threads; each counts. */
    private static final long TASKS_PER_TRADER = 32;

    private static final long TASKS = 256;

    private final Machine machine;
    private final long pid;
    private final int traders;

    /**
     * @param pid the process whose limits count
     * @param traders how many traders there may be
     */
    public LimitsCheck(Machine machine, long pid, int traders) {
        this.machine = machine;
        this.pid = pid;
        this.traders = traders;
    }

    @Override
    public String name() {
        return "limits";
    }

    @Override
    public List<Finding> look() {
        String limits = machine.ofProcess(pid, "limits").orElse("");
        List<Finding> findings = new ArrayList<>();
        long files = FILES + FILES_PER_TRADER * traders;
        soft(limits, "Max open files").stream()
                .filter(limit -> limit < files)
                .forEach(limit -> findings.add(Finding.warn(
                        "process " + pid + " may open " + limit + " files; " + traders + " traders make it " + files,
                        "ulimit -n " + files + ", or LimitNOFILE=" + files + " in its unit")));
        long tasks = TASKS + TASKS_PER_TRADER * traders;
        soft(limits, "Max processes").stream()
                .filter(limit -> limit < tasks)
                .forEach(limit -> findings.add(Finding.warn(
                        "the user of process " + pid + " may have " + limit + " processes and threads; " + traders
                                + " traders make it " + tasks,
                        "ulimit -u " + tasks + ", or LimitNPROC=" + tasks + " in its unit")));
        return findings.isEmpty()
                ? List.of(Finding.ok("files and processes suffice for " + traders + " traders"))
                : findings;
    }

    private static OptionalLong soft(String limits, String name) {
        Matcher line =
                Pattern.compile("^" + name + " +(\\d+) ", Pattern.MULTILINE).matcher(limits);
        return line.find() ? OptionalLong.of(Long.parseLong(line.group(1))) : OptionalLong.empty();
    }
}
