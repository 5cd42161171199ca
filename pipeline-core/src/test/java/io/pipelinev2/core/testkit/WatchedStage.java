package io.pipelinev2.core.testkit;

import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageOutcome;

/** A stage under test: says so when it is called, and takes its runner with it if it dies. */
final class WatchedStage implements Stage {

    private final Stage stage;
    private final MortalStore runner;
    private final Runnable called;

    WatchedStage(Stage stage, MortalStore runner, Runnable called) {
        this.stage = stage;
        this.runner = runner;
        this.called = called;
    }

    @Override
    public String name() {
        return stage.name();
    }

    @Override
    public StageOutcome execute(StageContext context) throws Exception {
        try {
            called.run();
            return stage.execute(context);
        } catch (RunnerDeath e) {
            runner.die();
            throw e;
        }
    }

    @Override
    public String toString() {
        return stage.toString();
    }
}
