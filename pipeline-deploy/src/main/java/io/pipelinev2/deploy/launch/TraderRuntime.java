package io.pipelinev2.deploy.launch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The bundled paper trader, run from a copy of this program's jars under {@code state/runtime/<digest>/}: upgrading the
 * jar never pulls the ground from under a trader that runs.
 *
 * <p>Where that is the jar of the program itself, it is copied and its {@code trade} command run. Otherwise (tests, host
 * applications) the jars of the class path are copied, those included that a manifest names and those within a jar of
 * Spring Boot, its directories used in place, and {@code PaperTraderMain} run.
 */
public final class TraderRuntime implements TraderCommand {

    private static final String JAR_NAME = "pipeline-runner.jar";
    private static final String MAIN_CLASS = "io.pipelinev2.deploy.papertrading.PaperTraderMain";

    // One of many on a small machine: little memory, one thread for its garbage, a quick start. No Vector API: at one
    // step a bar it never pays for its warm-up, and actions are the same bits without it. The heap begins small and
    // stays close to what is in use; left to itself it takes all of its 64 MB at once where the machine has plenty.
    private static final List<String> OPTIONS = List.of(
            "-Xmx64m",
            "-Xms8m",
            "-XX:MaxNewSize=4m",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=20",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            // What compiling needed for a moment, up to 20 MB of it, goes back to the machine; older Javas cannot.
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:TrimNativeHeapInterval=30000",
            "-XX:+ExitOnOutOfMemoryError");

    private final List<Path> classPath;
    private final boolean singleJar;
    private final Path runtimes;
    private final List<Path> copies = new ArrayList<>();
    private @Nullable List<String> prepared;

    private TraderRuntime(List<Path> classPath, boolean singleJar, Path stateDirectory) {
        this.classPath = List.copyOf(classPath);
        this.singleJar = singleJar;
        this.runtimes = stateDirectory.toAbsolutePath().normalize().resolve("runtime");
    }

    /**
     * The trader of the program that is running now, whichever way it was started.
     *
     * @param stateDirectory the home's {@code state} directory
     */
    public static TraderRuntime ofThisProgram(Path stateDirectory) {
        List<Path> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.isEmpty() && Files.exists(Path.of(entry))) {
                entries.add(Path.of(entry).toAbsolutePath().normalize());
            }
        }
        boolean single = entries.size() == 1 && ProgramJar.isOurs(entries.get(0));
        return new TraderRuntime(single ? entries : ProgramJar.withManifestClassPath(entries), single, stateDirectory);
    }

    /**
     * The trader in a self-contained jar with a {@code trade} command.
     *
     * @param stateDirectory the home's {@code state} directory
     */
    public static TraderRuntime ofJar(Path jar, Path stateDirectory) {
        return new TraderRuntime(List.of(jar.toAbsolutePath().normalize()), true, stateDirectory);
    }

    /**
     * The trader in a class path of jars and directories. It is refused when it is to be started, with a {@link
     * LaunchException}, if it is in none of them.
     *
     * @param stateDirectory the home's {@code state} directory
     */
    public static TraderRuntime ofClassPath(List<Path> entries, Path stateDirectory) {
        return new TraderRuntime(
                entries.stream()
                        .map(entry -> entry.toAbsolutePath().normalize())
                        .toList(),
                false,
                stateDirectory);
    }

    @Override
    public void prepare() {
        prepared();
    }

    @Override
    public List<String> argv(Path stateDirectory) {
        List<String> argv = new ArrayList<>(prepared());
        argv.add("--state");
        argv.add(stateDirectory.toAbsolutePath().normalize().toString());
        return argv;
    }

    private synchronized List<String> prepared() {
        // Whoever tidies up must not keep every trader from starting until the daemon is restarted.
        if (prepared == null || !copies.stream().allMatch(Files::isRegularFile)) {
            copies.clear();
            prepared = make();
        }
        return prepared;
    }

    private List<String> make() {
        List<String> argv = new ArrayList<>();
        argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        argv.addAll(OPTIONS);
        try {
            if (singleJar) {
                Path jar = classPath.get(0);
                argv.addAll(List.of(
                        "-jar",
                        copy(jar, runtimes.resolve(ProgramDigest.of(List.of(jar))), JAR_NAME)
                                .toString(),
                        "trade"));
            } else {
                argv.addAll(List.of("-cp", copyOfClassPath(), MAIN_CLASS));
            }
        } catch (IOException e) {
            throw new LaunchException(
                    "Cannot copy this program to " + runtimes + " for its traders: " + e
                            + ". Make room or fix its permissions; it is tried again.",
                    e);
        }
        return argv;
    }

    private String copyOfClassPath() throws IOException {
        List<Path> jars = classPath.stream().filter(Files::isRegularFile).toList();
        Path directory = runtimes.resolve(ProgramDigest.of(jars));
        List<Path> entries = new ArrayList<>();
        for (Path entry : classPath) {
            if (Files.isDirectory(entry)) {
                entries.add(entry);
                continue;
            }
            List<String> nested = ProgramJar.nested(entry);
            if (nested.isEmpty()) {
                entries.add(copy(entry, directory, numbered(entries.size(), entry)));
            } else {
                entries.addAll(copyOfNested(entry, nested, directory, entries.size()));
            }
        }
        if (entries.stream().noneMatch(entry -> ProgramJar.has(entry, MAIN_CLASS))) {
            throw new LaunchException(
                    ("The bundled paper trader cannot be started: %s is in none of the files that this program"
                                    + " was started from (%s). Start it with `java -cp` or as a jar of Spring Boot, or name a trader of"
                                    + " your own (`stages.deploy.command`).")
                            .formatted(MAIN_CLASS, classPath));
        }
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private List<Path> copyOfNested(Path jar, List<String> names, Path directory, int first) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (String name : names) {
                JarEntry entry = file.getJarEntry(name);
                entries.add(copy(
                        () -> file.getInputStream(entry),
                        entry.getSize(),
                        directory,
                        numbered(first + entries.size(), Path.of(name))));
            }
        }
        return entries;
    }

    /** Two jars of different directories may have the same name. */
    private static String numbered(int number, Path jar) {
        return "%03d-%s".formatted(number, jar.getFileName());
    }

    private Path copy(Path jar, Path directory, String name) throws IOException {
        return copy(() -> Files.newInputStream(jar), Files.size(jar), directory, name);
    }

    /** What can be read more than once. */
    @FunctionalInterface
    private interface Content {
        InputStream open() throws IOException;
    }

    private Path copy(Content jar, long size, Path directory, String name) throws IOException {
        Path target = directory.resolve(name);
        copies.add(target);
        if (Files.isRegularFile(target) && Files.size(target) == size) {
            return target;
        }
        Files.createDirectories(directory);
        Path draft = Files.createTempFile(directory, name, ".tmp");
        try {
            try (InputStream in = jar.open()) {
                Files.copy(in, draft, StandardCopyOption.REPLACE_EXISTING);
            }
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
        return target;
    }
}
