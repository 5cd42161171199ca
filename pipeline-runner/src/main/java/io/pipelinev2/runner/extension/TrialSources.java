package io.pipelinev2.runner.extension;

import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.core.trial.TrialSourceConfiguration;
import io.pipelinev2.core.trial.TrialSourceException;
import io.pipelinev2.core.trial.TrialSourceFactory;
import io.pipelinev2.runner.config.ConfigException;
import io.pipelinev2.runner.config.DidYouMean;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.config.SourceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Opens trial sources that are not built in. */
public final class TrialSources {

    private TrialSources() {}

    /**
     * Opens the source that a configuration asks for, by type or by a command.
     *
     * @param plugins what the home provides; asked for if it may be a plugin's
     * @param runs where a command runs; asked for if it is one
     * @throws ConfigException telling all that is wrong with plugins and with its settings
     * @throws TrialSourceException if what the settings name cannot be read
     */
    public static TrialSource open(
            SourceConfig source,
            PipelineConfig config,
            Extensions extensions,
            Supplier<Plugins> plugins,
            Supplier<BoundedRuns> runs) {
        if (source.command().isPresent()) {
            return new CommandTrialSource(source, source.command().get(), config.home(), runs.get());
        }
        TrialSource ofHost = extensions.trialSources().get(source.type());
        if (ofHost != null) {
            return ofHost;
        }
        return ofPlugin(source, config, extensions, plugins.get());
    }

    private static TrialSource ofPlugin(
            SourceConfig source, PipelineConfig config, Extensions extensions, Plugins plugins) {
        List<String> faults = new ArrayList<>(plugins.faults());
        Provider<TrialSourceFactory> provider =
                plugins.sources().of(source.type()).orElse(null);
        if (provider == null) {
            List<String> known = plugins.sources().types();
            known.addAll(extensions.trialSources().keySet());
            faults.add(
                    "source.type was '%s' but must be a type that a jar in plugins/ or the host application provides; %s"
                            .formatted(source.type(), DidYouMean.hint(source.type(), known)));
            throw refused(config, faults);
        }
        try {
            TrialSourceConfiguration configuration = new TrialSourceConfiguration(source.settings(), config.home());
            TrialSource opened = provider.within(() -> provider.factory().open(configuration));
            if (opened == null) {
                throw new IllegalStateException("its open() returned null");
            }
            return new PluginTrialSource(opened, provider.from(), provider.loader());
        } catch (TrialSourceException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            faults.add("source.settings: %s (says %s)"
                    .formatted(InertText.of(String.valueOf(e.getMessage())), provider.from()));
        } catch (Throwable e) {
            faults.add("source: %s: %s".formatted(provider.from(), Guard.words(e, TrialSourceFactory.class)));
        }
        throw refused(config, faults);
    }

    /** Ends what keeps a source from answering soon, as far as it is known here; it cannot be asked any more. */
    public static void end(TrialSource source) {
        if (source instanceof CommandTrialSource command) {
            command.end();
        }
    }

    /** Closes a source that was opened here; one that a host application brought is its own affair. */
    public static void close(TrialSource source) {
        if (source instanceof PluginTrialSource opened) {
            opened.close();
        }
    }

    private static ConfigException refused(PipelineConfig config, List<String> faults) {
        String file = InertText.of(String.valueOf(config.file().getFileName()));
        return new ConfigException(
                faults.stream().map(fault -> file + ": " + fault).toList());
    }
}
