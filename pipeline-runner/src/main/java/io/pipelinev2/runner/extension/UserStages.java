package io.pipelinev2.runner.extension;

import io.pipelinev2.backtest.ModelLocation;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageConfiguration;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageFactory;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.runner.config.ConfigException;
import io.pipelinev2.runner.config.DidYouMean;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.config.UserStage;
import io.pipelinev2.runner.logging.RunnerLogCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stages of a user's own that a configuration asks for, made. */
public final class UserStages implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UserStages.class);

    private final PipelineConfig config;
    private final Extensions extensions;
    private final Plugins plugins;
    private final BoundedRuns runs;
    private final CommandStage.ModelKeeper keeper;
    private final List<String> faults = new ArrayList<>();
    private final Map<String, Stage> stages = new LinkedHashMap<>();
    private final List<AutoCloseable> closeables = new ArrayList<>();
    private boolean closed;

    private UserStages(
            PipelineConfig config,
            Extensions extensions,
            Plugins plugins,
            BoundedRuns runs,
            CommandStage.ModelKeeper keeper) {
        this.config = config;
        this.extensions = extensions;
        this.plugins = plugins;
        this.runs = runs;
        this.keeper = keeper;
    }

    /**
     * Makes the enabled ones.
     *
     * @param runs where commands run; closed with what is returned
     * @throws ConfigException telling all that is wrong with plugins and their settings
     */
    public static UserStages of(PipelineConfig config, Extensions extensions, Plugins plugins, BoundedRuns runs) {
        UserStages made = new UserStages(
                config,
                extensions,
                plugins,
                runs,
                new ModelArchive(config.state().resolve("models"))::keep);
        plugins.faults().forEach(made::refuse);
        config.userStages().values().forEach(made::make);
        made.refuseUnasked();
        return made.usable();
    }

    /**
     * Makes one of them, enabled or not, for a look at what it does: the models that a command names are not kept.
     *
     * @param name the name of a stage of the user's own
     * @param runs where commands run; closed with what is returned
     * @throws ConfigException telling all that is wrong with plugins and its settings
     */
    public static UserStages look(
            PipelineConfig config, Extensions extensions, Plugins plugins, BoundedRuns runs, String name) {
        UserStages made = new UserStages(config, extensions, plugins, runs, (model, fileName) -> {});
        plugins.faults().forEach(made::refuse);
        made.makeEnabled(Objects.requireNonNull(config.userStages().get(name), "a stage of the user's own"));
        return made.usable();
    }

    /**
     * A stage whose verdicts count only as somebody else has judged them; the model that a command names is kept only of
     * what passes then.
     */
    public static Stage judged(Stage stage, BiFunction<StageContext, StageOutcome, StageOutcome> judge) {
        return stage instanceof CommandStage command
                ? command.judgedBy(judge::apply)
                : Stage.of(stage.name(), context -> judge.apply(context, stage.execute(context)));
    }

    private UserStages usable() {
        if (!faults.isEmpty()) {
            close();
            throw new ConfigException(faults);
        }
        return this;
    }

    private void refuse(String fault) {
        faults.add("%s: %s".formatted(InertText.of(String.valueOf(config.file().getFileName())), fault));
    }

    private void make(UserStage user) {
        String name = user.name();
        if (!config.stage(name).enabled()) {
            // not even loaded: disabling it is how a broken one is put out of the way
            stages.put(name, Stage.of(name, context -> {
                throw new IllegalStateException("stage '" + name + "' is disabled");
            }));
        } else {
            makeEnabled(user);
        }
    }

    private void makeEnabled(UserStage user) {
        String name = user.name();
        if (user.command().isPresent()) {
            stages.put(name, command(user, user.command().get()));
        } else {
            object(user).ifPresent(stage -> stages.put(name, stage));
        }
    }

    private Stage command(UserStage user, List<String> words) {
        TrialDocument document = new TrialDocument(
                user.name(),
                user.settings(),
                config.home(),
                new ModelLocation(config.home(), config.models().directory()),
                earlier(user.name()));
        return new CommandStage(user.name(), words, document, keeper, runs);
    }

    /** Those before it in the order, and itself: one that repeats its verdict sees the last one. */
    private List<String> earlier(String name) {
        int place = config.order().indexOf(name);
        return place < 0 ? List.of() : config.order().subList(0, place + 1);
    }

    private Optional<Stage> object(UserStage user) {
        Stage ofHost = extensions.stages().get(user.name());
        if (ofHost != null && user.type().equals(user.name())) {
            if (!user.settings().isEmpty()) {
                refuse(
                        "stages.%s.settings must be left out: the stage is an object of the host application, made already"
                                .formatted(user.name()));
            }
            return Optional.of(ofHost);
        }
        Optional<Provider<StageFactory>> provider = plugins.stages().of(user.type());
        if (provider.isEmpty()) {
            List<String> known = plugins.stages().types();
            known.addAll(extensions.stages().keySet());
            refuse(
                    "stages.%s.type was '%s' but must be a type that a jar in plugins/ or the host application provides; %s"
                            .formatted(user.name(), user.type(), DidYouMean.hint(user.type(), known)));
        }
        return provider.flatMap(found -> made(user, found));
    }

    private Optional<Stage> made(UserStage user, Provider<StageFactory> provider) {
        StageConfiguration configuration = new StageConfiguration(user.name(), user.settings(), config.home());
        try {
            Stage stage = provider.within(() -> provider.factory().create(configuration));
            if (stage instanceof AutoCloseable closeable) {
                closeables.add(closeable);
            }
            if (stage == null || !user.name().equals(stage.name())) {
                refuse(
                        "stages.%s: %s made %s, but must make a stage whose name() is '%s', the name() of its configuration"
                                .formatted(
                                        user.name(),
                                        provider.from(),
                                        stage == null
                                                ? "null"
                                                : "one named '" + InertText.of(String.valueOf(stage.name())) + "'",
                                        user.name()));
                return Optional.empty();
            }
            return Optional.of(new PluginStage(stage, provider.loader()));
        } catch (IllegalArgumentException e) {
            refuse("stages.%s.settings: %s (says %s)"
                    .formatted(user.name(), InertText.of(String.valueOf(e.getMessage())), provider.from()));
        } catch (Throwable e) {
            refuse("stages.%s: %s: %s".formatted(user.name(), provider.from(), Guard.words(e, StageFactory.class)));
        }
        return Optional.empty();
    }

    /** An object that the configuration does not ask for would silently do nothing. */
    private void refuseUnasked() {
        for (String name : extensions.stages().keySet()) {
            UserStage asked = config.userStages().get(name);
            if (asked == null || asked.command().isPresent() || !asked.type().equals(name)) {
                refuse(
                        "the host application brings the stage '%s', which the configuration does not ask for: add \"%s\": {} to stages, and '%s' to order"
                                .formatted(name, name, name));
            }
        }
    }

    /** The stage of this name, a disabled one included; empty if it is none of a user's own. */
    public Optional<Stage> stage(String name) {
        return Optional.ofNullable(stages.get(name));
    }

    /** Ends what commands still run, and closes the stages that can be closed; once. */
    @Override
    public synchronized void close() {
        runs.close();
        if (closed) {
            return;
        }
        closed = true;
        for (AutoCloseable closeable : closeables) {
            try {
                closeable.close();
            } catch (Throwable e) {
                Guard.rethrowIfFatal(e);
                LOG.warn(RunnerLogCode.PLUGIN_NOT_CLOSED, "A stage of a plugin was closed with an error", e);
            }
        }
    }
}
