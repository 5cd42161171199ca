package io.pipelinev2.runner.extension;

import io.pipelinev2.backtest.gate.GateFactory;
import io.pipelinev2.core.stage.StageFactory;
import io.pipelinev2.core.trial.TrialSourceFactory;
import io.pipelinev2.runner.alerts.AlertChannelFactory;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.logging.RunnerLogCode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the jars of a home and its host application provide, by type. Faults are told, not thrown: whoever asks reports all
 * of them at once.
 */
public final class Plugins implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);
    private static final String DIRECTORY = "plugins";

    private final List<PluginJar> jars = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Providers<StageFactory> stages =
            new Providers<>("stage", StageFactory.class, StageFactory::type, faults::add);
    private final Providers<TrialSourceFactory> sources =
            new Providers<>("trial source", TrialSourceFactory.class, TrialSourceFactory::type, faults::add);
    private final Providers<GateFactory> gates =
            new Providers<>("gate", GateFactory.class, GateFactory::type, faults::add);

    private final Providers<AlertChannelFactory> channels =
            new Providers<>("alert channel", AlertChannelFactory.class, AlertChannelFactory::type, faults::add);

    private Plugins() {}

    /** Loads the jars of a home, in the order of their names, after what the host application brings. */
    public static Plugins load(Path home, Extensions extensions) {
        Plugins plugins = new Plugins();
        extensions.stageFactories().forEach(plugins.stages::addOfHost);
        extensions.trialSourceFactories().forEach(plugins.sources::addOfHost);
        extensions.gateFactories().forEach(plugins.gates::addOfHost);
        extensions.alertChannelFactories().forEach(plugins.channels::addOfHost);
        for (Path file : plugins.files(home.resolve(DIRECTORY))) {
            plugins.add(file);
        }
        return plugins;
    }

    private List<Path> files(Path directory) {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*.jar")) {
            List<Path> files = new ArrayList<>();
            entries.forEach(files::add);
            files.sort(null);
            return files;
        } catch (IOException e) {
            faults.add("the directory %s cannot be read (%s): correct its permissions, or remove it"
                    .formatted(DIRECTORY, InertText.of(e.toString())));
            return List.of();
        }
    }

    private void add(Path file) {
        PluginJar jar;
        try {
            jar = PluginJar.open(file);
        } catch (IOException e) {
            faults.add("plugins/%s cannot be read as a jar (%s): build it again, or remove it"
                    .formatted(InertText.of(String.valueOf(file.getFileName())), InertText.of(e.toString())));
            return;
        }
        jars.add(jar);
        int before = faults.size();
        int found = stages.addFrom(jar) + sources.addFrom(jar) + gates.addFrom(jar) + channels.addFrom(jar);
        if (found == 0 && faults.size() == before) {
            LOG.warn(
                    RunnerLogCode.PLUGIN_EMPTY,
                    "{} provides nothing: it has no file in META-INF/services that is named {}, {}, {} or {}. A library belongs"
                            + " into the jar of the plugin that needs it.",
                    jar.name(),
                    StageFactory.class.getName(),
                    TrialSourceFactory.class.getName(),
                    GateFactory.class.getName(),
                    AlertChannelFactory.class.getName());
        }
    }

    /** What is wrong, a line each, harmless to show. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    Providers<StageFactory> stages() {
        return stages;
    }

    Providers<TrialSourceFactory> sources() {
        return sources;
    }

    Providers<GateFactory> gates() {
        return gates;
    }

    Providers<AlertChannelFactory> channels() {
        return channels;
    }

    /** What is provided, in words such as {@code stage drawdown-limit}. */
    public List<String> provided() {
        List<String> provided = new ArrayList<>();
        stages.types().forEach(type -> provided.add("stage " + type));
        sources.types().forEach(type -> provided.add("trial source " + type));
        gates.types().forEach(type -> provided.add("gate " + type));
        channels.types().forEach(type -> provided.add("alert channel " + type));
        return provided;
    }

    @Override
    public void close() {
        for (PluginJar jar : jars) {
            try {
                jar.close();
            } catch (IOException e) {
                LOG.debug("{} was closed with an error", jar.name(), e);
            }
        }
    }
}
