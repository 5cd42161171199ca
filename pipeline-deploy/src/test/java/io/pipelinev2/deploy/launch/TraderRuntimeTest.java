package io.pipelinev2.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraderRuntimeTest {

    private static final String TRADER = "io/pipelinev2/deploy/papertrading/PaperTraderMain.class";

    @TempDir
    Path directory;

    @Test
    void a_jar_runs_from_a_copy_that_an_upgrade_does_not_touch() throws Exception {
        Path jar = Files.writeString(directory.resolve("pipeline-runner.jar"), "first");
        Path state = directory.resolve("state");

        List<String> before = TraderRuntime.ofJar(jar, state).argv(directory.resolve("d"));
        Files.writeString(jar, "second");
        List<String> after = TraderRuntime.ofJar(jar, state).argv(directory.resolve("d"));

        Path first = Path.of(before.get(before.indexOf("-jar") + 1));
        Path second = Path.of(after.get(after.indexOf("-jar") + 1));
        assertThat(first)
                .startsWith(state.resolve("runtime"))
                .hasContent("first")
                .isNotEqualTo(second);
        assertThat(second).hasContent("second").hasFileName("pipeline-runner.jar");
        assertThat(before).endsWith("trade", "--state", directory.resolve("d").toString());
    }

    @Test
    void another_build_of_the_same_size_is_another_program() throws Exception {
        Path own = directory.resolve("own.jar");
        byte[] first = jar(new Attributes(), Map.of("Some.class", new byte[] {1}));
        byte[] second = jar(new Attributes(), Map.of("Some.class", new byte[] {2}));
        assertThat(second).hasSameSizeAs(first);
        List<Path> copies = new ArrayList<>();
        for (byte[] build : List.of(first, second, first)) {
            Files.write(own, build);
            List<String> argv =
                    TraderRuntime.ofJar(own, directory.resolve("state")).argv(directory.resolve("d"));
            copies.add(Path.of(argv.get(argv.indexOf("-jar") + 1)));
            assertThat(copies.get(copies.size() - 1)).hasBinaryContent(build);
        }

        assertThat(copies.get(1)).isNotEqualTo(copies.get(0));
        assertThat(copies.get(2)).isEqualTo(copies.get(0));
    }

    @Test
    void a_copy_that_somebody_removed_is_made_again() throws Exception {
        Path jar = Files.writeString(directory.resolve("pipeline-runner.jar"), "first");
        TraderRuntime runtime = TraderRuntime.ofJar(jar, directory.resolve("state"));
        List<String> before = runtime.argv(directory.resolve("d"));
        Path copy = Path.of(before.get(before.indexOf("-jar") + 1));
        Files.delete(copy);

        assertThat(runtime.argv(directory.resolve("d"))).isEqualTo(before);
        assertThat(copy).hasContent("first");
    }

    @Test
    void of_a_class_path_the_jars_are_copied_and_the_directories_used_in_place() throws Exception {
        Path one = Files.createDirectories(directory.resolve("one"));
        Path jar = Files.writeString(one.resolve("lib.jar"), "jar");
        Path classes = directory.resolve("classes");
        Path trader = classes.resolve(TRADER);
        Files.createDirectories(trader.getParent());
        Files.writeString(trader, "");

        List<String> argv = TraderRuntime.ofClassPath(List.of(classes, jar), directory.resolve("state"))
                .argv(directory.resolve("d"));

        List<String> entries = List.of(argv.get(argv.indexOf("-cp") + 1).split(":"));
        assertThat(entries.get(0)).isEqualTo(classes.toString());
        assertThat(Path.of(entries.get(1)))
                .startsWith(directory.resolve("state/runtime"))
                .hasContent("jar");
        assertThat(argv).contains("-Xmx64m").doesNotContain("trade");
    }

    private static byte[] jar(Attributes manifest, Map<String, byte[]> entries) throws IOException {
        Manifest all = new Manifest();
        all.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        all.getMainAttributes().putAll(manifest);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream out = new JarOutputStream(bytes, all)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static Attributes saying(String name, String value) {
        Attributes attributes = new Attributes();
        attributes.putValue(name, value);
        return attributes;
    }

    /** What would be started by a program that was itself started from these. */
    private List<String> argvOf(Path... classPath) {
        String before = System.getProperty("java.class.path");
        System.setProperty(
                "java.class.path", Stream.of(classPath).map(Path::toString).collect(Collectors.joining(":")));
        try {
            return TraderRuntime.ofThisProgram(directory.resolve("state")).argv(directory.resolve("d"));
        } finally {
            System.setProperty("java.class.path", before);
        }
    }

    private static List<Path> classPath(List<String> argv) {
        return Stream.of(argv.get(argv.indexOf("-cp") + 1).split(":"))
                .map(Path::of)
                .toList();
    }

    @Test
    void the_program_itself_trades_and_the_jar_of_a_host_application_does_not() throws Exception {
        Map<String, byte[]> classes = Map.of(TRADER, new byte[0]);
        Path own = Files.write(
                directory.resolve("own.jar"), jar(saying("Main-Class", "io.pipelinev2.runner.cli.Main"), classes));
        Path host = Files.write(directory.resolve("host.jar"), jar(saying("Main-Class", "example.Host"), classes));

        assertThat(argvOf(own)).contains("-jar", "trade");
        assertThat(argvOf(host))
                .contains("-cp", "io.pipelinev2.deploy.papertrading.PaperTraderMain")
                .doesNotContain("-jar", "trade");
    }

    @Test
    void a_jar_of_spring_boot_is_taken_apart() throws Exception {
        byte[] deploy = jar(new Attributes(), Map.of(TRADER, new byte[0]));
        byte[] core = jar(new Attributes(), Map.of());
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("BOOT-INF/lib/pipeline-deploy.jar", deploy);
        entries.put("BOOT-INF/lib/pipeline-core.jar", core);
        entries.put("BOOT-INF/classes/some.jar", core);
        Path host =
                Files.write(directory.resolve("host.jar"), jar(saying("Spring-Boot-Lib", "BOOT-INF/lib/"), entries));

        List<Path> classPath = classPath(argvOf(host));

        assertThat(classPath)
                .extracting(path -> path.getFileName().toString())
                .containsExactly("000-pipeline-deploy.jar", "001-pipeline-core.jar");
        assertThat(classPath.get(0)).hasBinaryContent(deploy);
        assertThat(classPath.get(1)).hasBinaryContent(core);
    }

    @Test
    void what_a_manifest_names_belongs_to_the_class_path() throws Exception {
        Path libraries = Files.createDirectories(directory.resolve("lib"));
        Files.write(libraries.resolve("core.jar"), jar(new Attributes(), Map.of()));
        Files.write(
                libraries.resolve("deploy.jar"),
                jar(saying("Class-Path", "core.jar ../host.jar none.jar"), Map.of(TRADER, new byte[0])));
        Path host = Files.write(
                directory.resolve("host.jar"), jar(saying("Class-Path", "lib/deploy.jar not:a:file"), Map.of()));

        assertThat(classPath(argvOf(host)))
                .extracting(path -> path.getFileName().toString())
                .containsExactly("000-host.jar", "001-deploy.jar", "002-core.jar");
    }

    @Test
    void a_program_without_the_trader_is_told_so_and_not_started_once_more() throws Exception {
        Path host = Files.write(directory.resolve("host.jar"), jar(new Attributes(), Map.of()));

        assertThatThrownBy(() -> argvOf(host))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("host.jar")
                .hasMessageContaining("stages.deploy.command");
    }
}
