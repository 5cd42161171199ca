package io.pipelinev2.runner.program;

import io.pipelinev2.runner.demo.DemoHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * An archive of the program's loaded classes, which halves the start of each of the many short runs. The JVM ignores one
 * that does not fit, so it changes the tests' time and nothing else.
 */
public final class SharedClasses {

    private SharedClasses() {}

    /** The archive for this jar on this JDK, made by the first of the test processes that wants it. */
    public static synchronized Path of(Path jar) {
        try {
            String name = "classes-%s-%d"
                    .formatted(
                            System.getProperty("java.vm.version").replaceAll("[^A-Za-z0-9.]", "_"),
                            Files.getLastModifiedTime(jar).toMillis());
            Path archive = jar.resolveSibling(name + ".jsa");
            try (FileChannel channel = FileChannel.open(
                            jar.resolveSibling(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !Files.exists(archive)) {
                    make(jar, archive);
                }
            }
            return archive;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void make(Path jar, Path archive) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(jar.getParent(), "classes-");
        Path home = directory.resolve("home");
        Path configuration = DemoHome.unpack(home);
        Files.writeString(
                configuration, Files.readString(configuration).replace("\"max_deployed\": 3", "\"enabled\": false"));
        Path draft = directory.resolve("program.jsa");
        new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:ArchiveClassesAtExit=" + draft,
                        "-jar",
                        jar.toString(),
                        "demo",
                        "--home",
                        home.toString(),
                        "--for",
                        "1s")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out.txt").toFile())
                .start()
                .waitFor();
        Files.move(draft, archive, StandardCopyOption.ATOMIC_MOVE);
    }
}
