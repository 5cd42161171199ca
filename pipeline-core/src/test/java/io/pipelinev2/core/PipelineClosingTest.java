package io.pipelinev2.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineClosingTest {

    @Test
    void what_stages_stand_on_is_closed_once_after_their_last_attempt() throws InterruptedException {
        List<String> order = new ArrayList<>();
        Pipeline pipeline = Pipeline.builder()
                .source(new InMemoryTrialSource().add("study", 1, 0.5))
                .stage(Stage.of("check", context -> {
                    order.add("attempt");
                    return StageOutcome.passed("fine");
                }))
                .closing(() -> {
                    order.add("first");
                    throw new IllegalStateException("cannot be closed");
                })
                .closing(() -> order.add("second"))
                .build();
        pipeline.runOnce();
        pipeline.close();
        pipeline.close();
        assertThat(order).containsExactly("attempt", "first", "second");
    }
}
