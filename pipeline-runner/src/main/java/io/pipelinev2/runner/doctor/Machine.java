package io.pipelinev2.runner.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The machine that is looked at.
 *
 * @param proc where its processes are shown, {@code /proc}
 * @param searched the directories that programs are looked for in, in order
 */
public record Machine(Path proc, List<Path> searched) {

    private static final List<Path> USUAL =
            List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/sbin"), Path.of("/sbin"));

    private static final long PATIENCE_SECONDS = 10;

    /** This one. */
    public static Machine ofThisProcess() {
        List<Path> searched = new ArrayList<>();
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .filter(directory -> directory.startsWith("/"))
                .map(Path::of)
                .forEach(searched::add);
        searched.addAll(USUAL);
        return new Machine(Path.of("/proc"), searched);
    }

    public Machine {
        searched = List.copyOf(searched);
    }

    /** Where a program lies, if it is installed. */
    Optional<Path> program(String name) {
        return searched.stream()
                .map(directory -> directory.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** What a program says, on either of its outputs; empty if it is not there or says that it failed. */
    Optional<String> say(String program, String... arguments) throws IOException {
        Optional<Path> path = program(program);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>(List.of(path.get().toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).exceptionally(silent -> {
            process.destroyForcibly();
            return process;
        });
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0
                    ? Optional.of(said)
                    : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            process.destroyForcibly();
        }
    }

    /** What a file of a process holds; empty if there is no such process, or it is somebody else's. */
    Optional<String> ofProcess(long pid, String file) {
        try {
            return Optional.of(
                    Files.readString(proc.resolve(Long.toString(pid)).resolve(file), StandardCharsets.ISO_8859_1));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
