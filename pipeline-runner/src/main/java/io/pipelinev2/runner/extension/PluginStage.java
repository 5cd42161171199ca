package io.pipelinev2.runner.extension;

import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageOutcome;

/** A stage whose code runs as it expects to: with its own class loader as that of the thread. */
record PluginStage(Stage stage, ClassLoader loader) implements Stage {

    @Override
    public String name() {
        return stage.name();
    }

    @Override
    public StageOutcome execute(StageContext context) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            StageOutcome outcome = stage.execute(context);
            if (outcome == null) {
                throw new IllegalStateException("the stage returned null, but must return a verdict or throw");
            }
            return outcome;
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
