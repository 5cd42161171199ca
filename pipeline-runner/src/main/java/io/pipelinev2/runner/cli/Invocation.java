package io.pipelinev2.runner.cli;

import java.nio.file.Path;

/** How this program is called, for commands that a user may paste. */
final class Invocation {

    private Invocation() {}

    /** A command on a home, such as {@code java -jar runner.jar stop 31 --config pipeline.json}. */
    static String of(String command, Path configuration) {
        String jar = System.getProperty("java.class.path", "");
        String program = jar.endsWith(".jar") && !jar.contains(":") ? jar : "pipeline-runner.jar";
        return "java -jar " + program + " " + command + " --config " + configuration;
    }
}
