package io.pipelinev2.runner.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether a command of the user's own, that of a stage, a gate or the trial source, can be run at all. */
public final class UserCommandCheck implements Check {

    private final Machine machine;
    private final Path home;
    private final String owner;
    private final String key;
    private final List<String> command;

    /**
     * @param home what a program with a slash in it is relative to
     * @param owner whose command it is, in words
     * @param key what errors call the command
     * @param command its words
     */
    public UserCommandCheck(Machine machine, Path home, String owner, String key, List<String> command) {
        this.machine = machine;
        this.home = home;
        this.owner = owner;
        this.key = key;
        this.command = List.copyOf(command);
    }

    @Override
    public String name() {
        return owner;
    }

    @Override
    public List<Finding> look() {
        String program = command.get(0);
        Optional<Path> found = program.contains("/")
                ? Optional.of(home.resolve(program)).filter(Files::isExecutable)
                : machine.program(program);
        return List.of(found.map(path -> Finding.ok("it is run by " + path))
                .orElseGet(() -> Finding.fail(
                        "%s begins with %s, which is no program that can be run here".formatted(key, program),
                        "install it, make it executable (chmod +x), or write its whole path")));
    }
}
