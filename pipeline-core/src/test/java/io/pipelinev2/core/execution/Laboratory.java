package io.pipelinev2.core.execution;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.stage.Attempt;
import io.pipelinev2.core.stage.RetryDelays;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import java.time.Duration;
import java.util.List;

/** A pipeline over an in-memory store, a made-up study and clocks that stand still. */
final class Laboratory {

    static final Duration CANCEL_GRACE = Duration.ofSeconds(5);

    static final Operator OPERATOR = new Operator("ada", "test");

    final ManualClock clock = new ManualClock();
    final InMemoryPipelineStore store = new InMemoryPipelineStore(clock);
    final InMemoryTrialSource source = new InMemoryTrialSource();

    static StageSettings settings(int attempts) {
        return new StageSettings(
                true,
                attempts,
                Duration.ofMinutes(1),
                RetryDelays.of(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5)),
                0);
    }

    /** A runner that knows nothing of others. */
    static RunnerSettings runner(Duration lease) {
        return new RunnerSettings(
                RunnerIdentity.fresh("here"), RunnerLiveness.unknown(), StageBreaker.never(), 2, lease, CANCEL_GRACE);
    }

    Pipeline.Builder builder() {
        return Pipeline.builder().store(store).source(source).clock(clock).drainPatience(Duration.ZERO);
    }

    Pipeline pipeline(Stage... stages) {
        Pipeline.Builder builder = builder();
        for (Stage stage : stages) {
            builder.stage(stage, settings(3));
        }
        return builder.build();
    }

    Laboratory trials(int... numbers) {
        for (int number : numbers) {
            source.add("s", number, number / 10.0);
        }
        return this;
    }

    static TrialKey key(int number) {
        return new TrialKey("s", number);
    }

    Trial trial(int number) {
        return store.read(tx -> tx.trial(key(number))).orElseThrow();
    }

    StageRun stage(int number, String stage) {
        return store.read(tx -> tx.stage(trial(number).id(), stage)).orElseThrow();
    }

    List<Attempt> attempts(int number) {
        return store.read(tx -> tx.attempts(trial(number).id()));
    }

    List<Event> events(int number) {
        return store.read(tx -> tx.events(trial(number).id(), 100));
    }
}
