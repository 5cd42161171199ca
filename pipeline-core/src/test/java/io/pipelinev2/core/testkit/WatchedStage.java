package io.pipelinev2.core.testkit;

import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageOutcome;
import java.util.function.Consumer;

/** A stage under test that says so when it is called. */
final class WatchedStage implements Stage {

    private final Stage stage;
    private final Consumer<StageContext> called;

    WatchedStage(Stage stage, Consumer<StageContext> called) {
        this.stage = stage;
        this.called = called;
    }

    @Override
    public String name() {
        return stage.name();
    }

    @Override
    public StageOutcome execute(StageContext context) throws Exception {
        called.accept(context);
        return stage.execute(context);
    }

    @Override
    public String toString() {
        return stage.toString();
    }
}
