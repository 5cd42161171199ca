package io.pipelinev2.runner.sigkill;

import io.pipelinev2.runner.logging.Logging;
import io.pipelinev2.runner.logging.Verbosity;
import io.pipelinev2.runner.program.Program;
import io.pipelinev2.runner.program.SharedClasses;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;

/** A supervising process that is to be killed. */
final class SupervisorMain {

    private SupervisorMain() {}

    /** @param arguments the home; the cell */
    public static void main(String[] arguments) {
        Logging.toConsole(Verbosity.QUIET);
        try (Supervision supervision = Supervision.playing(new Home(Path.of(arguments[0])), Cell.parse(arguments[1]))) {
            while (true) {
                supervision.pass();
            }
        }
    }

    static Process start(Path home, Cell cell) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:SharedArchiveFile=" + SharedClasses.of(Program.jar()),
                        "-cp",
                        Program.jar() + File.pathSeparator + Path.of("target/test-classes"),
                        SupervisorMain.class.getName(),
                        home.toString(),
                        cell.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("daemon.out").toFile())
                .start();
    }
}
