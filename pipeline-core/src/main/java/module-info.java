/**
 * The pipeline: trials, stages, the state machine and the ports.
 *
 * <p>Its API are the packages that are exported to everyone. The others serve this project's own modules and change without
 * notice.
 */
@SuppressWarnings(
        "module") // the project's name ends in a digit, and the modules that stand above this one are not seen from
// here
module io.pipelinev2.core {
    requires transitive org.jspecify;
    requires org.slf4j;

    exports io.pipelinev2.core;
    exports io.pipelinev2.core.monitoring;
    exports io.pipelinev2.core.stage;
    exports io.pipelinev2.core.trial;
    exports io.pipelinev2.core.deployment to
            io.pipelinev2.backtest,
            io.pipelinev2.deploy,
            io.pipelinev2.runner,
            io.pipelinev2.store;
    exports io.pipelinev2.core.execution to
            io.pipelinev2.deploy,
            io.pipelinev2.runner;
    exports io.pipelinev2.core.logging to
            io.pipelinev2.deploy,
            io.pipelinev2.runner,
            io.pipelinev2.store;
    exports io.pipelinev2.core.monitoring.internal to
            io.pipelinev2.runner;
    exports io.pipelinev2.core.stage.internal to
            io.pipelinev2.runner,
            io.pipelinev2.store;
    exports io.pipelinev2.core.store to
            io.pipelinev2.backtest,
            io.pipelinev2.deploy,
            io.pipelinev2.runner,
            io.pipelinev2.store;
}
