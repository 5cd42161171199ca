package io.pipelinev2.runner;

import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.backtest.ExternalBacktest;
import io.pipelinev2.backtest.ExternalResult;
import io.pipelinev2.backtest.gate.CustomGates;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.extension.BoundedRuns;
import io.pipelinev2.runner.extension.Extensions;
import io.pipelinev2.runner.extension.Plugins;
import io.pipelinev2.runner.extension.TrialSources;
import io.pipelinev2.runner.extension.UserGates;
import io.pipelinev2.runner.extension.UserStages;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A look at a home without opening it: its trial source and its backtest, for commands that leave no trace in the state. What
 * of it is a user's own is made as the pipeline would make it, once it is needed.
 */
public final class HomeLook implements AutoCloseable {

    private final PipelineConfig config;
    private @Nullable Plugins plugins;
    private @Nullable CommandRunner commands;
    private @Nullable TrialSource source;
    private @Nullable SourceLookup lookup;
    private @Nullable UserGates gates;
    private @Nullable UserStages stages;
    private boolean closed;

    public HomeLook(PipelineConfig config) {
        this.config = config;
    }

    /**
     * Finds trials in their source.
     *
     * @throws io.pipelinev2.core.trial.TrialSourceException if it is of a kind that cannot be read
     * @throws io.pipelinev2.runner.config.ConfigException if it is one of a plugin that cannot be used
     */
    public synchronized SourceLookup source() {
        SourceLookup made = lookup;
        if (made == null) {
            TrialSource opened = PipelineHome.source(config, Extensions.none(), this::plugins, this::runs);
            source = opened;
            made = new SourceLookup(opened);
            lookup = made;
        }
        return made;
    }

    /** Whether a stage of the user's own is the backtest. */
    public boolean isBacktestReplaced() {
        return config.userStages().containsKey(BacktestStage.NAME);
    }

    /**
     * The built-in backtest with the gates of the configuration.
     *
     * @throws io.pipelinev2.runner.config.ConfigException if a gate of the user's own cannot be used
     */
    public BacktestStage backtest() {
        SourceLookup trials = source();
        return PipelineHome.backtestStage(config, trials::rivalOf, trials::completeTrials)
                .gatedBy(gates());
    }

    /**
     * Has the user's own backtest look at one trial, and measures and judges what it returns. Results of stages before it are
     * not there, and the model that a command names is not kept.
     *
     * @throws io.pipelinev2.runner.config.ConfigException if stage or gates cannot be used
     * @throws Exception whatever the stage throws
     */
    public ExternalResult backtest(Trial trial, TrialDetails details) throws Exception {
        Stage stage = ownBacktest();
        ExternalBacktest measured = PipelineHome.measured(config, stage, source()::completeTrials, gates());
        return measured.run(new Look(trial, details, PipelineHome.settings(config, BacktestStage.NAME)));
    }

    private synchronized Stage ownBacktest() {
        UserStages made = stages;
        if (made == null) {
            made = UserStages.look(config, Extensions.none(), plugins(), runs(), BacktestStage.NAME);
            stages = made;
        }
        return made.stage(BacktestStage.NAME).orElseThrow();
    }

    private synchronized CustomGates gates() {
        UserGates made = gates;
        if (made == null) {
            made = UserGates.of(config, Extensions.none(), this::plugins, this::runs);
            gates = made;
        }
        return made.gates();
    }

    private synchronized Plugins plugins() {
        Plugins loaded = plugins;
        if (loaded == null) {
            loaded = Plugins.load(config.home(), Extensions.none());
            plugins = loaded;
        }
        return loaded;
    }

    private synchronized BoundedRuns runs() {
        CommandRunner runner = commands;
        if (runner == null) {
            runner = CommandRunner.begin(config.state(), "a look at a trial");
            commands = runner;
        }
        return runner.runs();
    }

    /** One attempt that nobody records. */
    private record Look(Trial trial, TrialDetails details, StageSettings settings) implements StageContext {

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public Map<String, @Nullable Object> resultsOf(String stage) {
            return Map.of();
        }

        @Override
        public boolean isCancelled() {
            return Thread.currentThread().isInterrupted();
        }

        @Override
        public Instant deadline() {
            return Instant.MAX;
        }

        @Override
        public Instant now() {
            return Clock.system().now();
        }
    }

    /** Kills what runs, and closes what was opened; from any thread. */
    @Override
    public void close() {
        CommandRunner runner;
        synchronized (this) {
            runner = commands;
            if (closed) {
                return;
            }
            closed = true;
        }
        if (runner != null) {
            runner.close();
        }
        synchronized (this) {
            if (stages != null) {
                stages.close();
            }
            if (gates != null) {
                gates.close();
            }
            if (source != null) {
                TrialSources.close(source);
            }
            if (plugins != null) {
                plugins.close();
            }
        }
    }
}
