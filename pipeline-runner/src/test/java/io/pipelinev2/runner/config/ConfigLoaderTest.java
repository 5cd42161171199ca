package io.pipelinev2.runner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {

    private static final String LEAST = "{ " + Home.STORAGE + " }";

    @TempDir
    private Path directory;

    private Home here;

    @BeforeEach
    void setUp() {
        here = new Home(directory);
    }

    @Test
    void the_named_file_wins_over_the_environment_and_that_over_the_default() {
        Path named = here.write("named.json", LEAST);
        Path variable = here.write("variable.json", LEAST);
        Path standard = here.write("pipeline.json", LEAST);
        ConfigLoader with = here.loader(Map.of("PIPELINE_CONFIG", "variable.json"));
        ConfigLoader without = here.loader(Map.of("PIPELINE_CONFIG", ""));

        assertThat(with.load(Path.of("named.json"), null).file()).isEqualTo(named);
        assertThat(with.load(null, null).file()).isEqualTo(variable);
        assertThat(without.load(null, null).file()).isEqualTo(standard);
    }

    @Test
    void the_home_is_where_the_file_is_unless_named() throws IOException {
        Path inner = Files.createDirectory(directory.resolve("inner"));
        Files.writeString(inner.resolve("x.json"), LEAST);

        assertThat(here.loader(Map.of()).load(Path.of("inner", "x.json"), null).home())
                .isEqualTo(inner);
        assertThat(here.loader(Map.of())
                        .load(Path.of("./inner/../inner/x.json"), null)
                        .home())
                .isEqualTo(inner);
        assertThat(here.loader(Map.of())
                        .load(Path.of("inner", "x.json"), Path.of("new"))
                        .home())
                .isEqualTo(directory.resolve("new"));
    }

    @Test
    void a_home_that_is_a_file_is_a_fault() {
        here.write("pipeline.json", LEAST);

        assertThatThrownBy(() -> here.loader(Map.of()).load(null, Path.of("pipeline.json")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is not a directory");
    }

    @Test
    void the_files_storage_wins_over_the_environments() {
        here.write("pipeline.json", LEAST);

        assertThat(here.loader(Map.of("OPTUNA_DB", "other.db"))
                        .load(null, null)
                        .optuna()
                        .storage())
                .isEqualTo("sqlite:///optuna.db");
    }

    @Test
    void the_environments_storage_is_a_path_from_the_current_directory_or_a_url() {
        here.write("pipeline.json", "{ }");

        assertThat(here.loader(Map.of("OPTUNA_DB", "a/b.db"))
                        .load(null, Path.of("home"))
                        .optuna()
                        .storage())
                .isEqualTo(directory.resolve("a/b.db").toString());
        assertThat(here.loader(Map.of("OPTUNA_DB", "/a/b.db"))
                        .load(null, null)
                        .optuna()
                        .storage())
                .isEqualTo("/a/b.db");
        assertThat(here.loader(Map.of("OPTUNA_DB", "sqlite:////a/b.db"))
                        .load(null, null)
                        .optuna()
                        .storage())
                .isEqualTo("sqlite:////a/b.db");
    }

    @Test
    void a_named_file_must_exist() {
        assertThatThrownBy(() -> here.loader(Map.of("OPTUNA_DB", "x.db")).load(Path.of("no.json"), directory))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no.json: this file does not exist: correct the path");
        assertThatThrownBy(
                        () -> here.loader(Map.of("PIPELINE_CONFIG", "no.json")).load(null, null))
                .hasMessageContaining("named by the environment variable PIPELINE_CONFIG");
    }

    @Test
    void without_any_file_the_next_steps_are_told() {
        assertThatThrownBy(() -> here.loader(Map.of()).load(null, null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("pipeline.json: there is no such file in " + directory)
                .hasMessageContaining("--config FILE")
                .hasMessageContaining("init")
                .hasMessageContaining("demo");
    }

    @Test
    void a_file_in_the_named_home_is_pointed_out() throws IOException {
        Path home = Files.createDirectory(directory.resolve("home"));
        Files.writeString(home.resolve("pipeline.json"), LEAST);

        assertThatThrownBy(() -> here.loader(Map.of()).load(null, Path.of("home")))
                .hasMessageContaining("add --config home/pipeline.json");
    }

    @Test
    void a_directory_or_a_huge_file_is_no_configuration() {
        here.write("pipeline.json", LEAST);
        here.write("huge.json", " ".repeat(1_000_001));

        assertThatThrownBy(() -> here.loader(Map.of()).load(directory, null))
                .hasMessageContaining("this is a directory, but must be a file, such as ")
                .hasMessageContaining("pipeline.json");
        assertThatThrownBy(() -> here.loader(Map.of()).load(Path.of("huge.json"), null))
                .hasMessageContaining("larger than 1 MB");
    }
}
