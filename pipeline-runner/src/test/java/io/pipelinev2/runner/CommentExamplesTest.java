package io.pipelinev2.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.embedding.Comments;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.extension.Extensions;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The code in this module's comments is compiled: it is what stands between the marks here, line breaks aside. */
class CommentExamplesTest {

    private static final Path HERE = Path.of("src/test/java/io/pipelinev2/runner/CommentExamplesTest.java");

    static void daemon() throws Exception {
        // docs:daemon
        PipelineConfig config = ConfigLoader.ofThisProcess().load(Path.of("pipeline.json"), null);
        try (HomeLock lock = HomeLock.take(config.home(), "my application");
                PipelineHome home = PipelineHome.open(config);
                Pipeline pipeline = home.pipeline(lock)) {
            pipeline.runDaemon();
        }
        // docs:end
    }

    record LiquidityStage(DataSource source) implements Stage {
        @Override
        public String name() {
            return "liquidity";
        }

        @Override
        public StageOutcome execute(StageContext context) {
            return StageOutcome.passed("liquid");
        }
    }

    static void extensions(PipelineConfig config, DataSource dataSource) {
        // docs:extensions
        PipelineHome.open(
                config,
                Extensions.builder().stage(new LiquidityStage(dataSource)).build());
        // docs:end
    }

    static EmbeddedPipeline embedded(DataSource dataSource, MeterRegistry registry) {
        // docs:embedded
        EmbeddedPipeline pipeline = EmbeddedPipeline.builder()
                .configuration(Path.of("/srv/pipeline/pipeline.json"))
                .dataSource(dataSource)
                .meters(registry)
                .start();
        // docs:end
        return pipeline;
    }

    @Test
    void every_example_in_a_comment_is_one_of_these() throws Exception {
        assertThat(Comments.examplesBelow(Path.of("src/main/java")))
                .containsExactlyInAnyOrderElementsOf(Comments.regionsOf(HERE));
    }
}
