package io.pipelinev2.runner.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A role that one process after another fills: each is a runner of its own, and what happens to it is done from here. */
final class Post implements AutoCloseable {

    private final String role;
    private final String name;
    private final Path directory;
    private final int trials;
    private final Set<String> endedInOrder = new HashSet<>();
    private volatile Process process;
    private int runners;
    private volatile boolean frozen;

    /** @param directory what all runners share */
    Post(String role, int number, Path directory, int trials) throws IOException {
        this.role = role;
        this.name = role + "-" + number;
        this.directory = directory;
        this.trials = trials;
        this.process = start();
    }

    private Process start() throws IOException {
        runners++;
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunnerMain.class.getName(),
                        role,
                        runner(),
                        directory.toString(),
                        Integer.toString(trials))
                .redirectOutput(file(".out").toFile())
                .redirectError(file(".err").toFile())
                .start();
    }

    private String runner() {
        return name + "-" + runners;
    }

    private Path file(String suffix) {
        return directory.resolve(runner() + suffix);
    }

    /** Fills it again. */
    void replace() throws IOException {
        assertThat(process.isAlive()).isFalse();
        frozen = false;
        process = start();
    }

    /** kill -9 */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; {@link #awaitEnd} waits for what comes of it. */
    void askToEnd() {
        process.destroy();
    }

    void awaitEnd() throws IOException, InterruptedException {
        assertThat(process.waitFor(2, TimeUnit.MINUTES))
                .as("%s ends when it is asked to; it says: %s", runner(), words())
                .isTrue();
        List<String> said = Files.readAllLines(file(".out"));
        if (said.contains(RunnerMain.BEGUN)) {
            assertThat(said)
                    .as("the last words of %s; it says: %s", runner(), words())
                    .endsWith(RunnerMain.ENDED);
            endedInOrder.add(runner());
        }
    }

    /** SIGSTOP, and SIGCONT after a while. */
    void freeze(long millis, ScheduledExecutorService timer) throws IOException, InterruptedException {
        Process victim = process;
        frozen = true;
        signal(victim, "STOP");
        timer.schedule(
                () -> {
                    if (victim.isAlive()) {
                        signal(victim, "CONT");
                    }
                    if (victim == process) {
                        frozen = false;
                    }
                    return null;
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    private static void signal(Process victim, String signal) throws IOException, InterruptedException {
        new ProcessBuilder(List.of("sh", "-c", "kill -%s %d".formatted(signal, victim.pid())))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    boolean isFrozen() {
        return frozen;
    }

    /** Nobody dies here unless it is killed. */
    void assertAlive() {
        assertThat(process.isAlive())
                .as("%s ended by itself; it says: %s", runner(), words())
                .isTrue();
    }

    /** Those who were not killed, but came to their end. */
    Set<String> endedInOrder() {
        return endedInOrder;
    }

    int runners() {
        return runners;
    }

    @Override
    public String toString() {
        return runner();
    }

    private String words() {
        try {
            return Files.readString(file(".err"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
