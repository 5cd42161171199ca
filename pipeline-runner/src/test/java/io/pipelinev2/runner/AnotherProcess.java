package io.pipelinev2.runner;

import io.pipelinev2.core.execution.RunnerIdentity;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;

/**
 * Another JVM that holds locks of a home, or looks whether they are held. Within one process nothing is learnt of a kernel's
 * lock: it tells processes apart, and nothing smaller.
 */
final class AnotherProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader out;

    private AnotherProcess(String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    // it logs nowhere, and need not say so
                    "-Dslf4j.internal.verbosity=ERROR",
                    "-cp",
                    classPath(),
                    AnotherProcess.class.getName()));
            command.addAll(List.of(arguments));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            out = process.inputReader(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String classPath() {
        return Stream.of(AnotherProcess.class, KernelLock.class, RunnerIdentity.class, Logger.class)
                .map(AnotherProcess::origin)
                .distinct()
                .collect(Collectors.joining(System.getProperty("path.separator")));
    }

    /** The directory or jar that a class comes from. */
    private static String origin(Class<?> of) {
        try {
            return Path.of(of.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** One that holds a home, as this. */
    static AnotherProcess holding(Path home, String what) {
        return new AnotherProcess("home", home.toString(), what).holds();
    }

    /** One that is a runner. */
    static AnotherProcess running(Path state, RunnerIdentity runner, String what) {
        return new AnotherProcess("runner", state.toString(), runner.id(), runner.host(), what).holds();
    }

    /** Whether another process finds the lock on this file held. */
    static boolean finds(Path file) {
        try (AnotherProcess probe = new AnotherProcess("probe", file.toString())) {
            return switch (probe.line()) {
                case "held" -> true;
                case "free" -> false;
                default -> throw new AssertionError("it said neither");
            };
        }
    }

    private AnotherProcess holds() {
        String line = line();
        if (!line.equals("held")) {
            close();
            throw new AssertionError("another process could not take the lock: " + line);
        }
        return this;
    }

    private String line() {
        try {
            return String.valueOf(out.readLine());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** kill -9 */
    void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** It lets go in order. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            process.waitFor();
            out.close();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What the other process does: takes what it is told to, says so, and holds it until its standard input ends. */
    public static void main(String[] arguments) throws IOException {
        Path path = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "probe" ->
                System.out.println(
                        KernelLock.tryTake(path, KernelLock.holder(path)).isPresent() ? "free" : "held");
            case "home" -> {
                try (HomeLock lock = HomeLock.take(path, arguments[2])) {
                    hold();
                }
            }
            case "runner" -> {
                RunnerIdentity self = new RunnerIdentity(arguments[2], arguments[3]);
                try (RunnerLocks locks = RunnerLocks.hold(path, self, arguments[4])) {
                    hold();
                }
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void hold() throws IOException {
        System.out.println("held");
        if (System.in.read() >= 0) {
            throw new IllegalStateException("nobody writes to it");
        }
    }
}
