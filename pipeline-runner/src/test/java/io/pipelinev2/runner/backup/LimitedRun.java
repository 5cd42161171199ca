package io.pipelinev2.runner.backup;

import io.pipelinev2.runner.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A command in a process that may write no file of more than 5 MB. The limit stands for the end of a disk: the same errors
 * come from the same calls.
 */
record LimitedRun(int exitCode, String output) {

    static LimitedRun of(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "prlimit",
                "--fsize=5000000",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new LimitedRun(process.waitFor(), output);
    }
}
