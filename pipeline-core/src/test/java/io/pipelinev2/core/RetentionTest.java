package io.pipelinev2.core;

import static io.pipelinev2.core.testkit.PipelineAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.testkit.PipelineTestKit;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is forgotten in time; which rows those are is in the store's contract. */
class RetentionTest {

    @RegisterExtension
    final PipelineTestKit kit = new PipelineTestKit();

    private void decide(int... numbers) {
        kit.with(Stage.of("work", context -> StageOutcome.passed("fine")))
                .submit(numbers)
                .discover();
        kit.runDue();
    }

    @Test
    void history_of_what_is_over_is_forgotten_after_the_retention_however_much_it_is() {
        kit.configured(builder -> builder.retention(Duration.ofDays(90)));
        int[] many = IntStream.range(0, 700).toArray();
        decide(many);
        kit.advance(Duration.ofDays(89));
        assertThat(kit.pipeline().prune()).isZero();
        kit.submit(1000).discover();
        kit.runDue();

        kit.advance(Duration.ofDays(2));
        assertThat(kit.pipeline().prune())
                .as("an attempt and three events of each")
                .isEqualTo(4 * 700);

        assertThat(kit.trial(0)).isCompleted().hasNoEvent(EventType.STAGE_PASSED);
        assertThat(kit.stage(0, "work")).isPassed().hasOutcomes();
        assertThat(kit.trial(1000)).hasEvent(EventType.STAGE_PASSED);
        assertThat(kit.pipeline().prune()).isZero();
    }

    @Test
    void without_a_retention_nothing_is_forgotten() {
        decide(0);
        kit.advance(Duration.ofDays(10_000));
        assertThat(kit.pipeline().prune()).isZero();
        assertThat(kit.trial(0)).hasEvent(EventType.STAGE_PASSED);
    }
}
