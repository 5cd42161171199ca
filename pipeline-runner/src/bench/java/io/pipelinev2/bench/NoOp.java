package io.pipelinev2.bench;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import java.util.List;

/** Trials with nothing to them, and three stages that do nothing: what is left is the engine. */
final class NoOp {

    static final List<String> STAGES = List.of("first", "second", "third");
    static final String STUDY = "bench";

    private NoOp() {}

    static InMemoryTrialSource trials(int count) {
        InMemoryTrialSource source = new InMemoryTrialSource();
        for (int number = 0; number < count; number++) {
            source.add(STUDY, number, number);
        }
        return source;
    }

    static Pipeline pipeline(PipelineStore store, InMemoryTrialSource source, int workers) {
        Pipeline.Builder builder =
                Pipeline.builder().store(store).source(source).workers(workers);
        for (String name : STAGES) {
            builder.stage(Stage.of(name, context -> StageOutcome.passed("nothing to do")));
        }
        return builder.build();
    }
}
