package io.pipelinev2.runner.extension;

import io.pipelinev2.core.stage.StageFactory;
import io.pipelinev2.runner.config.InertText;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
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
    private final TreeMap<String, Provider<StageFactory>> stages = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    private Plugins() {}

    /** Loads the jars of a home, in the order of their names, after what the host application brings. */
    public static Plugins load(Path home, Extensions extensions) {
        Plugins plugins = new Plugins();
        extensions.stageFactories().forEach(plugins::addOfHost);
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

    private void addOfHost(StageFactory factory) {
        String from = "the host application's " + factory.getClass().getName();
        try {
            add(new Provider<>(
                    Guard.typeOf(factory.type()),
                    factory,
                    from,
                    factory.getClass().getClassLoader()));
        } catch (Throwable e) {
            Guard.rethrowIfFatal(e);
            faults.add(from + ": " + Guard.cause(e));
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
        Consumer<String> fault = faults::add;
        List<Provider<StageFactory>> found = jar.providers(StageFactory.class, StageFactory::type, fault);
        found.forEach(this::add);
        if (found.isEmpty() && faults.size() == before) {
            LOG.warn(
                    "{} provides nothing: it has no file META-INF/services/{}. A library belongs into the jar of the"
                            + " plugin that needs it.",
                    jar.name(),
                    StageFactory.class.getName());
        }
    }

    private void add(Provider<StageFactory> provider) {
        Provider<StageFactory> first = stages.putIfAbsent(provider.type(), provider);
        if (first != null) {
            faults.add("the stage type '%s' is provided twice, by %s and by %s: remove one, or give it another type"
                    .formatted(provider.type(), first.from(), provider.from()));
        }
    }

    /** What is wrong, a line each, harmless to show. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    Optional<Provider<StageFactory>> stage(String type) {
        return Optional.ofNullable(stages.get(type));
    }

    /** The types of stages that are provided. */
    public List<String> stageTypes() {
        return List.copyOf(stages.keySet());
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
