package io.pipelinev2.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.runner.cli.Main;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.PipelineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README and the manual say is so. The Java snippet is checked where it is compiled, in core. */
class ReadmeTest {

    private static final Path ROOT = Path.of("..");

    @TempDir
    private Path home;

    private static List<String> blocks(Path file, String language) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher fences = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(file));
        while (fences.find()) {
            blocks.add(fences.group(1));
        }
        return blocks;
    }

    private PipelineConfig load(String json) throws IOException {
        Path file = Files.writeString(home.resolve("pipeline.json"), json);
        return new ConfigLoader(Map.of(), home).load(file, null);
    }

    @Test
    void the_configuration_in_the_readme_is_one() throws IOException {
        List<String> blocks = blocks(ROOT.resolve("README.md"), "json");
        assertThat(blocks).hasSize(1);
        assertThat(load(blocks.get(0)).deploy().maxDeployed()).isEqualTo(3);
    }

    @Test
    void the_manual_shows_all_keys_with_their_defaults() throws IOException {
        List<String> blocks = blocks(ROOT.resolve("docs/configuration.md"), "json");
        assertThat(blocks).hasSize(1);
        PipelineConfig shown = load(blocks.get(0));
        assertThat(shown).isEqualTo(load("{\"optuna\": {\"storage\": \"sqlite:///databases/optuna.db\"}}"));
    }

    @Test
    void every_command_in_the_readme_exists() throws IOException {
        Matcher commands = Pattern.compile("`P ([a-z]+)").matcher(Files.readString(ROOT.resolve("README.md")));
        List<String> named = new ArrayList<>();
        while (commands.find()) {
            named.add(commands.group(1));
        }
        assertThat(named).contains("once", "run", "trials", "retry");
        assertThat(Main.commandLine().getSubcommands().keySet()).containsAll(named);
    }

    @Test
    void the_two_commands_run_the_demo_and_the_tests() throws IOException {
        String section = Files.readString(ROOT.resolve("README.md"))
                .split("## Two commands")[1]
                .split("\n## ")[0];
        Matcher fence =
                Pattern.compile("^```\n(.*?)\n(.*?)\n```$", Pattern.MULTILINE).matcher(section);
        assertThat(fence.find()).isTrue();
        assertThat(fence.group(1)).endsWith("pipeline-runner/target/pipeline-runner.jar demo");
        assertThat(fence.group(2)).startsWith("mvn").endsWith("verify");
    }
}
