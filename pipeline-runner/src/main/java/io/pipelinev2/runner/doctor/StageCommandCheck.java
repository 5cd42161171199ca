package io.pipelinev2.runner.doctor;

import io.pipelinev2.runner.config.UserStage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether the command of a stage of the user's own can be run at all. */
public final class StageCommandCheck implements Check {

    private final Machine machine;
    private final Path home;
    private final UserStage stage;
    private final List<String> command;

    /**
     * @param home what a program with a slash in it is relative to
     * @param command the words of the stage's command
     */
    public StageCommandCheck(Machine machine, Path home, UserStage stage, List<String> command) {
        this.machine = machine;
        this.home = home;
        this.stage = stage;
        this.command = List.copyOf(command);
    }

    @Override
    public String name() {
        return "stage " + stage.name();
    }

    @Override
    public List<Finding> look() {
        String program = command.get(0);
        Optional<Path> found = program.contains("/")
                ? Optional.of(home.resolve(program)).filter(Files::isExecutable)
                : machine.program(program);
        return List.of(found.map(path -> Finding.ok("it is run by " + path))
                .orElseGet(() -> Finding.fail(
                        "stages.%s.command begins with %s, which is no program that can be run here"
                                .formatted(stage.name(), program),
                        "install it, make it executable (chmod +x), or write its whole path")));
    }
}
