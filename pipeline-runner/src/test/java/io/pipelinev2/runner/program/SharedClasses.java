package io.pipelinev2.runner.program;

import io.pipelinev2.runner.demo.DemoHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * An archive of the program's loaded classes, which halves the start of each of the many short runs. The JVM ignores one
 * that does not fit, so it changes the tests' time and nothing else.
 */
final class SharedClasses {

    private static final Map<Path, Path> ARCHIVES = new HashMap<>();

    private SharedClasses() {}

    static synchronized Path of(Path jar) {
        return ARCHIVES.computeIfAbsent(jar, SharedClasses::make);
    }

    private static Path make(Path jar) {
        try {
            Path directory = Files.createTempDirectory(jar.getParent(), "classes-");
            Path home = directory.resolve("home");
            Path archive = directory.resolve("program.jsa");
            new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:ArchiveClassesAtExit=" + archive,
                            "-jar",
                            jar.toString(),
                            "trials",
                            "--config",
                            DemoHome.unpack(home).toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("out.txt").toFile())
                    .start()
                    .waitFor();
            return archive;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
