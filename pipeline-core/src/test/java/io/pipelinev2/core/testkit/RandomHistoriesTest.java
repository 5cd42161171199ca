package io.pipelinev2.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.execution.Operations;
import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageNotReadyException;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever stages, operators and dying runners do, in whatever order: no state in between is impossible, and once everything
 * passes every trial is decided. The seed in the message of a failure gives its history again.
 */
class RandomHistoriesTest {

    private static final List<String> STAGES = List.of("one", "two", "three");
    private static final int HISTORIES = 100;
    private static final int STEPS = 100;
    private static final int TRIALS = 5;

    private final Map<Step, Integer> taken = new EnumMap<>(Step.class);

    private enum Step {
        RUN,
        WAIT,
        SUBMIT,
        DIE,
        BY_HAND,
        RESTART,
        SWITCH_STAGE,
        RETRY,
        RETRY_STAGE,
        RETRY_FROM,
        REVALIDATE,
        SKIP,
        PARK,
        UNPARK,
        CANCEL
    }

    @Test
    void nothing_impossible_happens_and_nothing_is_lost() {
        for (int seed = 0; seed < HISTORIES; seed++) {
            try (PipelineTestKit kit = new PipelineTestKit()) {
                new History(kit, new Random(seed)).play();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(taken.keySet()).as("steps that were taken").containsExactly(Step.values());
    }

    private final class History {

        private final PipelineTestKit kit;
        private final Random random;

        History(PipelineTestKit kit, Random random) {
            this.kit = kit;
            this.random = random;
        }

        void play() {
            STAGES.forEach(name -> kit.with(Stage.of(name, this::anything)));
            for (int i = 0; i < STEPS; i++) {
                Step step = Step.values()[random.nextInt(Step.values().length)];
                try {
                    take(step, PipelineTestKit.key(random.nextInt(TRIALS)), STAGES.get(random.nextInt(STAGES.size())));
                    taken.merge(step, 1, Integer::sum);
                } catch (RefusedException | IllegalArgumentException e) {
                    // not possible as things stand, and nothing was changed
                }
                kit.checkInvariants();
            }
            decide();
        }

        private void take(Step step, TrialKey trial, String stage) {
            Operations operations = kit.operations();
            switch (step) {
                case RUN -> kit.runDue();
                case WAIT -> kit.advance(Duration.ofSeconds(random.nextInt(150)));
                case SUBMIT -> kit.submit(trial.number()).discover();
                case DIE -> die(trial.number(), stage);
                case BY_HAND -> byHand(trial, stage);
                case RESTART -> kit.restart();
                case SWITCH_STAGE -> switchStage(stage);
                case RETRY -> kit.retry(trial.number());
                case RETRY_STAGE -> kit.retry(trial.number(), stage);
                case RETRY_FROM -> operations.retry(trial, stage, true, "", PipelineTestKit.OPERATOR);
                case REVALIDATE -> operations.revalidate(trial, stage, "", PipelineTestKit.OPERATOR);
                case SKIP -> kit.skip(trial.number(), stage, "leave it");
                case PARK -> operations.park(trial, "later", PipelineTestKit.OPERATOR);
                case UNPARK -> operations.unpark(trial, "now", PipelineTestKit.OPERATOR);
                case CANCEL -> operations.cancel(trial, "enough", PipelineTestKit.OPERATOR);
            }
        }

        private void die(int number, String stage) {
            try {
                kit.crashDuring(number, stage);
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageStartingWith("There is no attempt to begin");
            }
        }

        private void switchStage(String stage) {
            // the last stays on: a trial that is discovered while all are off has nothing to go through
            boolean on = stage.equals("three") || random.nextBoolean();
            kit.with(Stage.of(stage, this::anything), StageSettings.DEFAULT.withEnabled(on))
                    .restart();
        }

        private void byHand(TrialKey trial, String stage) {
            if (kit.dies(() -> kit.pipeline().executeStage(trial, stage))) {
                kit.restart();
            }
        }

        private StageOutcome anything(StageContext context) throws Exception {
            return switch (random.nextInt(14)) {
                case 0 -> StageOutcome.rejected("no");
                case 1 -> StageOutcome.skipped("does not apply");
                case 2, 3 -> throw new IOException("disk on fire");
                case 4 -> throw new StackOverflowError("deep");
                case 5 -> throw new PermanentStageException("never");
                case 6, 7 ->
                    throw new StageNotReadyException("not yet", context.now().plusSeconds(random.nextInt(100)));
                case 8, 9 -> throw new RunnerDeath();
                default -> StageOutcome.passed("fine");
            };
        }

        private void decide() {
            STAGES.forEach(name -> kit.with(Stage.of(name, context -> StageOutcome.passed("fine"))));
            kit.restart().runUntilIdle();
            kit.store()
                    .<List<Trial>>read(StoreReader::trials)
                    .forEach(trial -> kit.operations().unpark(trial.key(), "", PipelineTestKit.OPERATOR));
            kit.runUntilIdle();
            kit.checkInvariants();
            assertThat(kit.store().<List<Trial>>read(StoreReader::trials))
                    .allSatisfy(trial -> assertThat(trial.status().isDecided())
                            .as(kit.trial(trial.key()).toString())
                            .isTrue());
        }
    }
}
