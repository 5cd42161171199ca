package io.pipelinev2.runner.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** How this program is called, for commands that a user may paste. */
final class Invocation {

    private Invocation() {}

    /** A command on a home, such as {@code java -jar runner.jar stop 31 --config pipeline.json}. */
    static String of(String command, Path configuration) {
        return "java -jar " + jar() + " " + command + " --config " + configuration;
    }

    /** What starts the program from anywhere: the script beside the jar, if it is there. */
    static String program() {
        Path jar = Path.of(jar()).toAbsolutePath();
        Path script = jar.resolveSibling("pipeline");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return Files.isExecutable(script) ? script.toString() : java + " -jar " + jar;
    }

    private static String jar() {
        String jar = System.getProperty("java.class.path", "");
        return jar.endsWith(".jar") && !jar.contains(":") ? jar : "pipeline-runner.jar";
    }
}
