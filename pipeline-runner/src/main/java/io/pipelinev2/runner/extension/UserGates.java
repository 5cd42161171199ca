package io.pipelinev2.runner.extension;

import io.pipelinev2.backtest.gate.CustomGate;
import io.pipelinev2.backtest.gate.CustomGates;
import io.pipelinev2.backtest.gate.GateConfiguration;
import io.pipelinev2.backtest.gate.GateFactory;
import io.pipelinev2.runner.config.ConfigException;
import io.pipelinev2.runner.config.DidYouMean;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.config.UserGate;
import io.pipelinev2.runner.logging.RunnerLogCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gates of a user's own that a configuration asks for, made. */
public final class UserGates implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UserGates.class);

    private final PipelineConfig config;
    private final Extensions extensions;
    private final Supplier<Plugins> plugins;
    private final List<String> faults = new ArrayList<>();
    private final List<CustomGate> gates = new ArrayList<>();
    private final List<AutoCloseable> closeables = new ArrayList<>();

    private UserGates(PipelineConfig config, Extensions extensions, Supplier<Plugins> plugins) {
        this.config = config;
        this.extensions = extensions;
        this.plugins = plugins;
    }

    /**
     * Makes them.
     *
     * @param plugins what the home provides; asked for if there is a gate
     * @param runs where commands run; asked for if there is one
     * @throws ConfigException telling all that is wrong with plugins and their settings
     */
    public static UserGates of(
            PipelineConfig config, Extensions extensions, Supplier<Plugins> plugins, Supplier<BoundedRuns> runs) {
        UserGates made = new UserGates(config, extensions, plugins);
        List<UserGate> asked = config.backtest().gates().custom();
        if (!asked.isEmpty()) {
            plugins.get().faults().forEach(made::refuse);
        }
        for (UserGate gate : asked) {
            gate.command()
                    .<CustomGate>map(words -> new CommandGate(gate, words, config.home(), runs.get()))
                    .or(() -> made.object(gate))
                    .ifPresent(made.gates::add);
        }
        made.refuseUnasked(asked);
        if (!made.faults.isEmpty()) {
            made.close();
            throw new ConfigException(made.faults);
        }
        return made;
    }

    private void refuse(String fault) {
        faults.add("%s: %s".formatted(InertText.of(String.valueOf(config.file().getFileName())), fault));
    }

    private Optional<CustomGate> object(UserGate asked) {
        CustomGate ofHost = extensions.gates().get(asked.type());
        if (ofHost != null) {
            if (!asked.settings().isEmpty() || !asked.name().equals(asked.type())) {
                refuse(
                        "name and settings of the gate '%s' in stages.backtest.gates must be left out: it is an object of the host application, made already"
                                .formatted(asked.type()));
            }
            return Optional.of(ofHost);
        }
        Optional<Provider<GateFactory>> provider = plugins.get().gates().of(asked.type());
        if (provider.isEmpty()) {
            List<String> known = plugins.get().gates().types();
            known.addAll(extensions.gates().keySet());
            refuse(
                    "type of a gate in stages.backtest.gates was '%s' but must be a type that a jar in plugins/ or the host application provides; %s"
                            .formatted(asked.type(), DidYouMean.hint(asked.type(), known)));
        }
        return provider.flatMap(found -> made(asked, found));
    }

    private Optional<CustomGate> made(UserGate asked, Provider<GateFactory> provider) {
        String where = "gate '%s' in stages.backtest.gates".formatted(InertText.of(asked.name()));
        GateConfiguration configuration = new GateConfiguration(asked.name(), asked.settings(), config.home());
        try {
            CustomGate gate = provider.within(() -> provider.factory().create(configuration));
            if (gate instanceof AutoCloseable closeable) {
                closeables.add(closeable);
            }
            if (gate == null || !asked.name().equals(gate.name())) {
                refuse("%s: %s made %s, but must make a gate whose name() is that of its configuration"
                        .formatted(
                                where,
                                provider.from(),
                                gate == null
                                        ? "null"
                                        : "one named '" + InertText.of(String.valueOf(gate.name())) + "'"));
                return Optional.empty();
            }
            return Optional.of(new PluginGate(gate, asked, provider.from(), provider.loader()));
        } catch (IllegalArgumentException e) {
            refuse("settings of the %s: %s (says %s)"
                    .formatted(where, InertText.of(String.valueOf(e.getMessage())), provider.from()));
        } catch (Throwable e) {
            refuse("%s: %s: %s".formatted(where, provider.from(), Guard.words(e, GateFactory.class)));
        }
        return Optional.empty();
    }

    /** A gate that nobody asks would silently let everything pass. */
    private void refuseUnasked(List<UserGate> asked) {
        for (String name : extensions.gates().keySet()) {
            if (asked.stream()
                    .noneMatch(gate -> gate.command().isEmpty() && gate.type().equals(name))) {
                refuse(
                        "the host application brings the gate '%s', which the configuration does not ask for: add { \"type\": \"%s\" } to stages.backtest.gates"
                                .formatted(name, name));
            }
        }
    }

    /** In the order of the configuration. */
    public CustomGates gates() {
        return new CustomGates(gates);
    }

    /** Closes those that can be closed. */
    @Override
    public void close() {
        for (AutoCloseable closeable : closeables) {
            try {
                closeable.close();
            } catch (Throwable e) {
                Guard.rethrowIfFatal(e);
                LOG.warn(RunnerLogCode.PLUGIN_NOT_CLOSED, "A gate of a plugin was closed with an error", e);
            }
        }
        closeables.clear();
    }
}
