package io.pipelinev2.runner.doctor;

import java.nio.file.Files;
import java.util.List;

/** Whether this is a Linux that shows its processes: traders are told apart by what it shows of them. */
public final class LinuxCheck implements Check {

    private final Machine machine;

    public LinuxCheck(Machine machine) {
        this.machine = machine;
    }

    @Override
    public String name() {
        return "linux";
    }

    @Override
    public List<Finding> look() {
        boolean boot = Files.isReadable(machine.proc().resolve("sys/kernel/random/boot_id"));
        boolean self = Files.isReadable(machine.proc().resolve("self/stat"));
        if (boot && self) {
            return List.of(Finding.ok("Linux with " + machine.proc()));
        }
        return List.of(Finding.fail(
                "deployments need Linux with all of /proc: "
                        + (self ? "sys/kernel/random/boot_id is hidden" : "processes are not shown"),
                "run on Linux, with /proc mounted and, in a systemd unit, without ProcSubset=pid; everything but deploying"
                        + " works without"));
    }
}
