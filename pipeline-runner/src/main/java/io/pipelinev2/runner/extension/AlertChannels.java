package io.pipelinev2.runner.extension;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.runner.alerts.AlertChannel;
import io.pipelinev2.runner.alerts.AlertChannelConfiguration;
import io.pipelinev2.runner.alerts.AlertChannelFactory;
import io.pipelinev2.runner.alerts.BuiltInChannels;
import io.pipelinev2.runner.alerts.DeadManPing;
import io.pipelinev2.runner.alerts.OpenChannel;
import io.pipelinev2.runner.config.AlertConfig;
import io.pipelinev2.runner.config.AlertConfig.Command;
import io.pipelinev2.runner.config.AlertConfig.Own;
import io.pipelinev2.runner.config.ConfigException;
import io.pipelinev2.runner.config.DidYouMean;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.config.PipelineConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The alert channels that a configuration asks for, opened. */
public final class AlertChannels {

    private final PipelineConfig config;
    private final Extensions extensions;
    private final Plugins plugins;
    private final BoundedRuns runs;
    private final List<String> faults = new ArrayList<>();
    private final List<OpenChannel> channels = new ArrayList<>();
    private final List<DeadManPing> pings = new ArrayList<>();
    private final List<AutoCloseable> closeables = new ArrayList<>();

    private AlertChannels(PipelineConfig config, Extensions extensions, Plugins plugins, BoundedRuns runs) {
        this.config = config;
        this.extensions = extensions;
        this.plugins = plugins;
        this.runs = runs;
    }

    /**
     * Opens them.
     *
     * @param runs where commands run
     * @throws ConfigException telling all that is wrong with plugins, their settings, and files with secrets
     */
    public static AlertChannels open(
            PipelineConfig config,
            Extensions extensions,
            Plugins plugins,
            BoundedRuns runs,
            PipelineStore store,
            Clock clock) {
        AlertChannels opened = new AlertChannels(config, extensions, plugins, runs);
        plugins.faults().forEach(opened::refuse);
        for (int i = 0; i < config.alerts().size(); i++) {
            opened.open("alerts[%d]".formatted(i), config.alerts().get(i), store, clock);
        }
        opened.refuseUnasked();
        if (!opened.faults.isEmpty()) {
            opened.closeables.forEach(AlertChannels::close);
            throw new ConfigException(opened.faults);
        }
        BuiltInChannels.unlessConfigured(config.alerts()).ifPresent(opened.channels::add);
        return opened;
    }

    private static void close(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception e) {
            Guard.rethrowIfFatal(e);
        }
    }

    private void refuse(String fault) {
        faults.add("%s: %s".formatted(InertText.of(String.valueOf(config.file().getFileName())), fault));
    }

    private void open(String key, AlertConfig block, PipelineStore store, Clock clock) {
        try {
            if (block.target() instanceof Command command) {
                add(block, new CommandChannel(block.name(), command.words(), config.home(), block.timeout(), runs));
            } else if (block.target() instanceof Own own) {
                own(key, block.name(), own).ifPresent(channel -> add(block, channel));
            } else {
                BuiltInChannels.open(key, block).ifPresent(channel -> add(block, channel));
                BuiltInChannels.ping(key, block, store, clock).ifPresent(pings::add);
            }
        } catch (PipelineException e) {
            refuse(String.valueOf(e.getMessage()));
        }
    }

    private void add(AlertConfig block, AlertChannel channel) {
        channels.add(OpenChannel.of(block, channel));
    }

    private Optional<AlertChannel> own(String key, String name, Own own) {
        AlertChannel ofHost = extensions.alertChannels().get(own.type());
        if (ofHost != null) {
            if (!own.settings().isEmpty()) {
                refuse("%s.settings must be left out: the channel is an object of the host application, made already"
                        .formatted(key));
            }
            return Optional.of(ofHost);
        }
        Optional<Provider<AlertChannelFactory>> provider = plugins.channels().of(own.type());
        if (provider.isEmpty()) {
            List<String> known = plugins.channels().types();
            known.addAll(extensions.alertChannels().keySet());
            refuse(
                    "%s.channel was '%s' but must be log, webhook, email, ping, command, or a type that a jar in plugins/ or the host application provides; %s"
                            .formatted(key, own.type(), DidYouMean.hint(own.type(), known)));
        }
        return provider.flatMap(found -> made(key, name, own, found));
    }

    private Optional<AlertChannel> made(String key, String name, Own own, Provider<AlertChannelFactory> provider) {
        AlertChannelConfiguration configuration = new AlertChannelConfiguration(name, own.settings(), config.home());
        try {
            AlertChannel channel = provider.within(() -> provider.factory().create(configuration));
            if (channel == null) {
                throw new IllegalStateException("its create() returned null");
            }
            PluginChannel made = new PluginChannel(channel, provider.from(), provider.loader());
            closeables.add(made);
            return Optional.of(made);
        } catch (IllegalArgumentException e) {
            refuse("%s.settings: %s (says %s)"
                    .formatted(key, InertText.of(String.valueOf(e.getMessage())), provider.from()));
        } catch (Throwable e) {
            refuse("%s: %s: %s".formatted(key, provider.from(), Guard.words(e, AlertChannelFactory.class)));
        }
        return Optional.empty();
    }

    /** An object that the configuration does not ask for would silently do nothing. */
    private void refuseUnasked() {
        for (String type : extensions.alertChannels().keySet()) {
            boolean asked = config.alerts().stream()
                    .anyMatch(block ->
                            block.target() instanceof Own own && own.type().equals(type));
            if (!asked) {
                refuse(
                        "the host application brings the alert channel '%s', which the configuration does not ask for: add { \"channel\": \"%s\" } to alerts"
                                .formatted(type, type));
            }
        }
    }

    /** Whom to tell. */
    public List<OpenChannel> channels() {
        return List.copyOf(channels);
    }

    /** What to ask for while the pipeline is well. */
    public List<DeadManPing> pings() {
        return List.copyOf(pings);
    }

    /** What was made here, to be closed once nothing is told to it any more. */
    public List<AutoCloseable> closeables() {
        return List.copyOf(closeables);
    }
}
