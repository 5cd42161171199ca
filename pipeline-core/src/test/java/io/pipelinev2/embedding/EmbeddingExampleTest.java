package io.pipelinev2.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.TrialStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The snippet in the README that shows how to embed a pipeline is this code, and this code runs. */
class EmbeddingExampleTest {

    private static final Path SOURCE = Path.of("src/test/java/io/pipelinev2/embedding/EmbeddingExampleTest.java");

    // readme:embedding
    static PipelineStatus embedded() throws InterruptedException {
        InMemoryTrialSource trials =
                new InMemoryTrialSource().add("my-study", 0, 0.8).add("my-study", 1, -0.3);
        Stage sanity = Stage.of("sanity", context -> {
            Double value = context.trial().value();
            return value != null && value > 0
                    ? StageOutcome.passed("value " + value + " is positive")
                    : StageOutcome.rejected("value " + value + " is not positive");
        });
        Stage backtest = Stage.of("backtest", context -> StageOutcome.passed("looks good"));
        try (Pipeline pipeline =
                Pipeline.builder().source(trials).stage(sanity).stage(backtest).build()) {
            pipeline.runOnce();
            return pipeline.status();
        }
    }
    // readme:end

    @Test
    void the_snippet_does_what_it_says() throws Exception {
        PipelineStatus status = embedded();
        assertThat(status.count(TrialStatus.COMPLETED)).isEqualTo(1);
        assertThat(status.count(TrialStatus.FAILED)).isEqualTo(1);
    }

    @Test
    void the_readme_shows_exactly_this_code() throws Exception {
        List<String> snippet = snippet(SOURCE);
        List<String> readme = Files.readAllLines(Path.of("../README.md")).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        assertThat(readme).containsSubsequence(snippet);
        assertThat(snippet).as("about twenty lines").hasSizeLessThan(25);
        assertThat(Files.readAllLines(SOURCE))
                .containsAll(readme.stream()
                        .filter(line -> line.startsWith("import io.pipelinev2.core"))
                        .toList());
    }

    private static List<String> snippet(Path source) throws Exception {
        boolean[] inside = {false};
        return Files.readAllLines(source).stream()
                .map(String::strip)
                .filter(line -> {
                    if (line.startsWith("// readme:")) {
                        inside[0] = !line.equals("// readme:end");
                        return false;
                    }
                    return inside[0] && !line.isEmpty();
                })
                .toList();
    }
}
