package io.pipelinev2.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.TrialSource;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API's documentation can be made without a warning, and the code in its comments is code that is compiled here, and runs. */
class ApiCommentsTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path HERE = Path.of("src/test/java/io/pipelinev2/embedding/ApiCommentsTest.java");

    @TempDir
    Path output;

    @Test
    void javadoc_has_nothing_to_warn_of() {
        assertThat(Comments.javadocSays("io.pipelinev2.core", output, SOURCES)).isEmpty();
        assertThat(output.resolve("io.pipelinev2.core/io/pipelinev2/core/Pipeline.html"))
                .exists();
        assertThat(output.resolve("io.pipelinev2.core/io/pipelinev2/core/store"))
                .doesNotExist();
    }

    private static void example(TrialSource source) throws InterruptedException {
        // docs:pipeline
        try (Pipeline pipeline = Pipeline.builder()
                .source(source)
                .stage(Stage.of("backtest", context -> StageOutcome.passed("fine")))
                .build()) {
            pipeline.runOnce();
            System.out.println(pipeline.status());
        }
        // docs:end
    }

    @Test
    void the_examples_in_comments_are_code_that_runs() throws Exception {
        example(new InMemoryTrialSource().add("study", 1, 0.5));

        assertThat(Comments.examplesBelow(SOURCES)).isNotEmpty().isEqualTo(Comments.regionsOf(HERE));
    }
}
