package io.pipelinev2.runner.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether a trader's own command can be run at all. */
public final class CommandCheck implements Check {

    private final Machine machine;
    private final Path home;
    private final Optional<List<String>> command;

    /**
     * @param home what a program with a slash in it is relative to
     * @param command the configured command, if it is not the bundled trader
     */
    public CommandCheck(Machine machine, Path home, Optional<List<String>> command) {
        this.machine = machine;
        this.home = home;
        this.command = command;
    }

    @Override
    public String name() {
        return "trader";
    }

    @Override
    public List<Finding> look() {
        if (command.isEmpty()) {
            return List.of(Finding.ok("traders are the bundled ones"));
        }
        String program = command.get().get(0);
        Optional<Path> found = program.contains("/")
                ? Optional.of(home.resolve(program)).filter(Files::isExecutable)
                : machine.program(program);
        return List.of(found.map(path -> Finding.ok("traders are run by " + path))
                .orElseGet(() -> Finding.fail(
                        "stages.deploy.command begins with " + program + ", which is no program that can be run here",
                        "install it, make it executable (chmod +x), or write its whole path")));
    }
}
