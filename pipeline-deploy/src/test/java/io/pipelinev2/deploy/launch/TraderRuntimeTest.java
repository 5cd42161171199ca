package io.pipelinev2.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraderRuntimeTest {

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
        Path classes = Files.createDirectories(directory.resolve("classes"));

        List<String> argv = TraderRuntime.ofClassPath(List.of(classes, jar), directory.resolve("state"))
                .argv(directory.resolve("d"));

        List<String> entries = List.of(argv.get(argv.indexOf("-cp") + 1).split(":"));
        assertThat(entries.get(0)).isEqualTo(classes.toString());
        assertThat(Path.of(entries.get(1)))
                .startsWith(directory.resolve("state/runtime"))
                .hasContent("jar");
        assertThat(argv).contains("-Xmx64m").doesNotContain("trade");
    }
}
