package io.pipelinev2.core.execution;

import static io.pipelinev2.core.testkit.PipelineAssertions.assertThat;
import static io.pipelinev2.core.testkit.PipelineTestKit.OPERATOR;
import static io.pipelinev2.core.testkit.PipelineTestKit.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.testkit.PipelineTestKit;
import io.pipelinev2.core.trial.TrialKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The configuration is changed while trials are under way: what docs/operating.md says of each case. */
class ChangedPlanTest {

    @RegisterExtension
    final PipelineTestKit kit = new PipelineTestKit();

    private final List<String> calls = new ArrayList<>();
    private boolean broken;

    private Stage stage(String name) {
        return Stage.of(name, context -> {
            if (broken && name.equals("b")) {
                throw new IOException("not yet");
            }
            calls.add(context.trial().key().number() + name);
            return StageOutcome.passed("fine");
        });
    }

    /** The program is started again with these stages in this order; one in brackets is disabled. */
    private Pipeline restarted(String... names) {
        Pipeline.Builder builder =
                Pipeline.builder().store(kit.store()).source(kit.source()).clock(kit.clock());
        for (String name : names) {
            boolean disabled = name.startsWith("(");
            builder.stage(
                    stage(disabled ? name.substring(1, name.length() - 1) : name),
                    StageSettings.DEFAULT.withEnabled(!disabled));
        }
        return builder.build();
    }

    /** Trial 0 has done a and waits for its retry of b, trial 1 has not begun. */
    private void twoTrialsUnderWay(String... names) {
        kit.submit(0, 1);
        try (Pipeline before = restarted(names)) {
            before.discoverTrials();
            broken = true;
            before.processTrial(key(0));
            broken = false;
        }
        calls.clear();
    }

    private void runToTheEnd(Pipeline pipeline) {
        pipeline.runDue();
        kit.advance(Duration.ofHours(1));
        pipeline.runDue();
        pipeline.close();
    }

    @Test
    void a_stage_that_was_added_at_the_end_is_gone_through_by_all_under_way() {
        twoTrialsUnderWay("a", "b");
        runToTheEnd(restarted("a", "b", "c"));
        assertThat(calls).containsExactlyInAnyOrder("0b", "0c", "1a", "1b", "1c");
        assertThat(kit.trial(0)).isCompleted();
        assertThat(kit.trial(1)).isCompleted();
    }

    @Test
    void a_stage_that_was_put_in_between_is_gone_through_where_nothing_after_it_has_begun() {
        twoTrialsUnderWay("a", "b");
        runToTheEnd(restarted("a", "new", "b"));
        // 0 has begun b already
        assertThat(calls).containsExactlyInAnyOrder("0b", "1a", "1new", "1b");
        assertThat(kit.trial(0)).isCompleted();
        assertThat(kit.trial(1)).isCompleted();
    }

    @Test
    void a_stage_that_was_put_in_front_is_waited_for_instead() {
        twoTrialsUnderWay("a", "b");
        Pipeline after = restarted("new", "a", "b");
        after.runDue();
        assertThat(calls).startsWith("1new");
        runToTheEnd(after);
        assertThat(calls).containsExactlyInAnyOrder("0b", "1new", "1a", "1b");
    }

    @Test
    void stages_in_another_order_are_gone_through_in_it_as_far_as_they_are_not_behind() {
        twoTrialsUnderWay("a", "b", "c");
        runToTheEnd(restarted("c", "b", "a"));
        assertThat(calls.stream().filter(call -> call.startsWith("0")).toList()).containsExactly("0c", "0b");
        assertThat(calls.stream().filter(call -> call.startsWith("1")).toList()).containsExactly("1c", "1b", "1a");
        assertThat(kit.trial(0)).isCompleted();
        assertThat(kit.trial(1)).isCompleted();
    }

    @Test
    void a_stage_that_was_disabled_is_passed_over_and_says_so() {
        twoTrialsUnderWay("a", "b");
        runToTheEnd(restarted("a", "(b)"));
        assertThat(calls).containsExactly("1a");
        assertThat(kit.stage(0, "b")).isSkipped().becauseOf("disabled in the configuration");
        assertThat(kit.stage(1, "b")).isSkipped().becauseOf("disabled in the configuration");
        assertThat(kit.trial(0)).isCompleted();
    }

    @Test
    void a_stage_that_was_enabled_is_gone_through_by_those_under_way_and_not_by_the_finished() {
        kit.submit(9);
        try (Pipeline before = restarted("a", "b", "(c)")) {
            before.discoverTrials();
            before.processTrial(key(9));
        }
        twoTrialsUnderWay("a", "b", "(c)");
        runToTheEnd(restarted("a", "b", "c"));
        assertThat(calls).containsExactlyInAnyOrder("0b", "0c", "1a", "1b", "1c");

        Pipeline after = restarted("a", "b", "c");
        kit.operations().retry(key(9), "b", true, "", OPERATOR);
        calls.clear();
        runToTheEnd(after);
        assertThat(calls).as("a retry takes it along").containsExactly("9b", "9c");
    }

    @Test
    void a_retry_that_comes_to_a_stage_in_no_configuration_is_parked_by_the_first_run() throws Exception {
        kit.submit(9);
        try (Pipeline before = restarted("a", "b")) {
            before.discoverTrials();
            before.processTrial(key(9));
        }
        kit.operations().retry(key(9), "a", true, "", OPERATOR);
        calls.clear();

        restarted("a").runOnce();

        assertThat(calls).containsExactly("9a");
        assertThat(kit.trial(9))
                .isProcessing()
                .isHeldBecauseOf(
                        "parked: its stage 'b' is not in the configuration, which has [a]. Add it there, or skip it.");
    }

    @Test
    void a_stage_that_is_in_no_configuration_parks_those_that_wait_for_it_and_nobody_else() {
        kit.submit(5);
        twoTrialsUnderWay("a", "b");
        Pipeline without = restarted("a");
        without.runDue();
        String why = "parked: its stage 'b' is not in the configuration, which has [a]. Add it there, or skip it.";
        kit.advance(Duration.ofHours(1));
        without.runDue();
        assertThat(kit.trial(0)).isProcessing().isHeldBecauseOf(why);
        assertThat(kit.trial(1)).isHeldBecauseOf(why);
        kit.source().add("s", 6, 0.6);
        without.discoverTrials();
        runToTheEnd(without);
        assertThat(kit.trial(6)).isCompleted();

        kit.operations().skip(key(1), "b", "not needed", OPERATOR);
        assertThat(kit.trial(1)).isCompleted().isNotHeld();

        calls.clear();
        runToTheEnd(restarted("a", "b"));
        assertThat(calls).as("they go on by themselves").contains("0b");
        assertThat(kit.trial(0)).isCompleted().isNotHeld();
    }

    @Test
    void more_attempts_or_other_delays_count_from_the_next_attempt_on() {
        kit.submit(0);
        broken = true;
        try (Pipeline before = restarted("b")) {
            before.discoverTrials();
            before.runDue();
        }
        Pipeline.Builder builder = Pipeline.builder()
                .store(kit.store())
                .source(kit.source())
                .clock(kit.clock())
                .stage(stage("b"), StageSettings.DEFAULT.withMaxAttempts(2));
        try (Pipeline after = builder.build()) {
            kit.advance(Duration.ofSeconds(5));
            after.runDue();
        }
        assertThat(kit.trial(0)).isFailed().becauseOf("b: 2 of 2 attempts failed, the last with: IOException: not yet");
    }

    @Test
    void a_trial_that_was_found_while_no_stage_was_enabled_goes_on_once_there_is_one() {
        kit.submit(0);
        try (Pipeline before = restarted("(a)")) {
            before.discoverTrials();
            before.runDue();
        }
        runToTheEnd(restarted("a"));
        assertThat(calls).containsExactly("0a");
        assertThat(kit.trial(new TrialKey("s", 0))).isCompleted();
    }
}
