package io.pipelinev2.runner.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a systemd service must and must not be set to, so that traders outlive the daemon. Traders are processes of the
 * daemon's control group; see systemd.kill(5), systemd.service(5), systemd.exec(5) and systemd.resource-control(5).
 */
final class UnitRules {

    private static final long MEBI = 1 << 20;
    private static final long DAEMON_MEMORY = 512 * MEBI;
    private static final long TRADER_MEMORY = 128 * MEBI;
    private static final long DAEMON_TASKS = 128;
    private static final long TRADER_TASKS = 32;
    private static final Pattern AMOUNT = Pattern.compile("(\\d+)([KMGT]?)");

    private final int traders;

    /** @param traders how many traders there may be */
    UnitRules(int traders) {
        this.traders = traders;
    }

    List<Finding> of(Unit unit) {
        List<Finding> findings = new ArrayList<>();
        killing(unit, findings);
        sandbox(unit, findings);
        limits(unit, findings);
        restart(unit, findings);
        return findings;
    }

    private static void killing(Unit unit, List<Finding> findings) {
        String mode = unit.value("KillMode").orElse("control-group");
        if (!mode.equals("process") && !mode.equals("none")) {
            findings.add(Finding.warn(
                    "KillMode=" + mode
                            + ": a restart of the service, or a mere crash of the daemon, kills every trader",
                    "KillMode=process"));
        }
        if (mode.equals("none")) {
            findings.add(Finding.warn(
                    "KillMode=none: systemd does not even ask the daemon to end, so a restart starts a second one",
                    "KillMode=process"));
        }
        if (!unit.is("OOMPolicy", "continue")) {
            findings.add(Finding.warn(
                    "OOMPolicy=" + unit.value("OOMPolicy").orElse("stop")
                            + ": if one trader runs out of memory, systemd ends the daemon, too",
                    "OOMPolicy=continue"));
        }
        if (unit.is("ExitType", "cgroup")) {
            findings.add(Finding.warn(
                    "ExitType=cgroup: while a trader lives, a dead daemon counts as running and is not started again",
                    "ExitType=main"));
        }
        if (unit.is("PrivatePIDs", "yes") || unit.is("PrivatePIDs", "true")) {
            findings.add(Finding.warn(
                    "PrivatePIDs=yes: all traders end with the daemon, whose process namespace they share",
                    "PrivatePIDs=no"));
        }
    }

    private static void sandbox(Unit unit, List<Finding> findings) {
        if (unit.isOn("PrivateTmp")) {
            findings.add(Finding.warn(
                    "PrivateTmp is on: traders that outlive the daemon lose their /tmp when it stops, and a database or"
                            + " study below /tmp cannot be seen",
                    "PrivateTmp=no"));
        }
        if (unit.isOn("DynamicUser")) {
            findings.add(Finding.warn(
                    "DynamicUser is on: the next start may be another user, who may not signal the traders of this one",
                    "DynamicUser=no, and User= with a user of its own"));
        }
        if (unit.is("ProcSubset", "pid")) {
            findings.add(Finding.warn(
                    "ProcSubset=pid hides the boot id, by which traders are recognised", "ProcSubset=all"));
        }
        if (unit.isOn("MemoryDenyWriteExecute")) {
            findings.add(Finding.warn(
                    "MemoryDenyWriteExecute is on, with which no JVM starts", "MemoryDenyWriteExecute=no"));
        }
        if (unit.value("RuntimeDirectory").isPresent() && !unit.is("RuntimeDirectoryPreserve", "yes")) {
            findings.add(Finding.warn(
                    "RuntimeDirectory is removed whenever the daemon stops, under the feet of traders that use it",
                    "RuntimeDirectoryPreserve=yes"));
        }
    }

    private void limits(Unit unit, List<Finding> findings) {
        long memory = DAEMON_MEMORY + TRADER_MEMORY * traders;
        amount(unit, "MemoryMax").stream()
                .filter(limit -> limit < memory)
                .forEach(limit -> findings.add(Finding.warn(
                        "MemoryMax=%s is for the daemon and all traders together, which %d traders exceed"
                                .formatted(unit.value("MemoryMax").orElse(""), traders),
                        "MemoryMax=" + memory / MEBI + "M, or none; more for commands of your own")));
        long tasks = DAEMON_TASKS + TRADER_TASKS * traders;
        amount(unit, "TasksMax").stream()
                .filter(limit -> limit < tasks)
                .forEach(limit -> findings.add(Finding.warn(
                        "TasksMax=%d is for the threads of the daemon and all traders together, which %d traders exceed"
                                .formatted(limit, traders),
                        "TasksMax=" + tasks)));
        Optional<String> quota = unit.value("CPUQuota").or(() -> unit.value("CPUQuotaPerSecUSec"));
        quota.filter(value -> !value.equals("infinity"))
                .ifPresent(value -> findings.add(Finding.warn(
                        "CPUQuota (%s) is for backtests and all traders together; a trader that is held back misses its bars"
                                .formatted(value),
                        "CPUWeight= instead, which only counts when others want the processor, too")));
    }

    private static void restart(Unit unit, List<Finding> findings) {
        String restart = unit.value("Restart").orElse("no");
        if (!restart.equals("on-failure") && !restart.equals("always")) {
            findings.add(Finding.warn(
                    "Restart=" + restart + ": nobody starts a daemon again that was killed", "Restart=on-failure"));
        }
        String type = unit.value("Type").orElse("simple");
        if (type.equals("forking") || type.startsWith("notify") || type.equals("dbus") || type.equals("oneshot")) {
            findings.add(Finding.warn(
                    "Type=" + type + ": the daemon stays in the foreground and tells systemd nothing", "Type=exec"));
        }
    }

    private static OptionalLong amount(Unit unit, String name) {
        Matcher amount = AMOUNT.matcher(unit.value(name).orElse(""));
        if (!amount.matches() || amount.group(1).length() > 15) {
            return OptionalLong.empty();
        }
        int power = "KMGT".indexOf(amount.group(2).isEmpty() ? "-" : amount.group(2)) + 1;
        return OptionalLong.of(Long.parseLong(amount.group(1)) << (10 * power));
    }
}
