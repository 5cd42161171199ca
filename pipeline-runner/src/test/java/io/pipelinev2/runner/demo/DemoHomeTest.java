package io.pipelinev2.runner.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoHomeTest {

    private static final Path RESOURCES = Path.of("src/main/resources/io/pipelinev2/runner/demo/home");

    @TempDir
    private Path directory;

    private static List<String> filesBelow(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void the_list_names_every_file_and_the_configuration_last() throws IOException {
        assertThat(DemoHome.files()).containsExactlyInAnyOrderElementsOf(filesBelow(RESOURCES));
        assertThat(DemoHome.files().get(DemoHome.files().size() - 1)).isEqualTo("pipeline.json");
    }

    @Test
    void is_unpacked_byte_for_byte() throws IOException {
        Path home = directory.resolve("a/b");
        assertThat(DemoHome.unpack(home)).isEqualTo(home.resolve("pipeline.json"));
        assertThat(filesBelow(home)).isEqualTo(filesBelow(RESOURCES));
        for (String file : filesBelow(home)) {
            assertThat(home.resolve(file)).hasSameBinaryContentAs(RESOURCES.resolve(file));
        }
    }

    @Test
    void a_home_that_is_there_is_left_as_it_is() throws IOException {
        Path file = DemoHome.unpack(directory);
        Files.writeString(file, "{}");
        Files.delete(directory.resolve("databases/optuna.db"));
        assertThat(DemoHome.unpack(directory)).hasContent("{}");
        assertThat(directory.resolve("databases/optuna.db")).doesNotExist();
    }

    @Test
    void unpacking_that_was_cut_short_is_finished() throws IOException {
        Files.createDirectories(directory.resolve("databases"));
        Files.writeString(directory.resolve("databases/optuna.db.tmp"), "half of");
        DemoHome.unpack(directory);
        assertThat(directory.resolve("databases/optuna.db"))
                .hasSameBinaryContentAs(RESOURCES.resolve("databases/optuna.db"));
    }

    @Test
    void a_home_of_the_users_own_is_not_run_as_the_demo() throws IOException {
        Files.writeString(directory.resolve("pipeline.json"), "{}");
        assertThatThrownBy(() -> DemoHome.unpack(directory))
                .isInstanceOf(DemoHomeException.class)
                .hasMessageContaining("not the demo's")
                .hasMessageContaining("--home");
    }

    @Test
    void somebody_elses_directory_is_not_written_to() throws IOException {
        Files.writeString(directory.resolve("thesis.tex"), "mine");
        assertThatThrownBy(() -> DemoHome.unpack(directory))
                .isInstanceOf(DemoHomeException.class)
                .hasMessageContaining("thesis.tex")
                .hasMessageContaining("--home");
        assertThat(filesBelow(directory)).containsExactly("thesis.tex");
        assertThatThrownBy(() -> DemoHome.unpack(directory.resolve("thesis.tex")))
                .isInstanceOf(DemoHomeException.class)
                .hasMessageContaining("not a directory");
    }
}
