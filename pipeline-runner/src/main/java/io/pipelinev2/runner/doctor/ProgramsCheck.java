package io.pipelinev2.runner.doctor;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** Whether the small programs are there that start, lock and end traders. */
public final class ProgramsCheck implements Check {

    private final Machine machine;

    public ProgramsCheck(Machine machine) {
        this.machine = machine;
    }

    @Override
    public String name() {
        return "programs";
    }

    @Override
    public List<Finding> look() throws IOException {
        List<String> missing = Stream.of("setsid", "flock", "kill")
                .filter(program -> machine.program(program).isEmpty())
                .toList();
        if (!missing.isEmpty()) {
            return List.of(Finding.fail(
                    "not installed: " + String.join(", ", missing) + "; nothing can be deployed without",
                    "install util-linux, and procps for kill (Debian: apt-get install util-linux procps)"));
        }
        String help = machine.say("flock", "--help").orElse("");
        if (!help.contains("--no-fork")) {
            return List.of(Finding.fail(
                    "flock has no --no-fork, with which a trader holds its own lock",
                    "install the flock of util-linux 2.34 or newer; that of BusyBox is not enough"));
        }
        return List.of(Finding.ok("setsid, flock and kill are there"));
    }
}
