package io.pipelinev2.runner.extension;

import io.pipelinev2.runner.config.InertText;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.jar.JarFile;

/** One jar of the directory {@code plugins}, with a class loader of its own whose parent is the program's. */
final class PluginJar implements AutoCloseable {

    /** However broken a jar is, its list of providers is not asked more often than this. */
    private static final int MOST_FAULTS = 100;

    private final String name;
    private final URLClassLoader loader;

    private PluginJar(String name, URLClassLoader loader) {
        this.name = name;
        this.loader = loader;
    }

    /**
     * Opens a jar.
     *
     * @throws IOException if it cannot be read, or is none
     */
    static PluginJar open(Path file) throws IOException {
        // A class loader would only say that a class is missing.
        new JarFile(file.toFile()).close();
        String name = "plugins/" + InertText.of(String.valueOf(file.getFileName()));
        URL[] urls = {file.toUri().toURL()};
        return new PluginJar(name, new URLClassLoader(name, urls, PluginJar.class.getClassLoader()));
    }

    String name() {
        return name;
    }

    /**
     * The providers of a service that this jar declares.
     *
     * @param type tells the type of a provider
     * @param faults is told what is wrong with the others
     */
    <T> List<Provider<T>> providers(Class<T> service, Function<T, String> type, Consumer<String> faults) {
        return Provider.within(loader, () -> found(service, type, faults));
    }

    private <T> List<Provider<T>> found(Class<T> service, Function<T, String> type, Consumer<String> faults) {
        List<Provider<T>> found = new ArrayList<>();
        Iterator<ServiceLoader.Provider<T>> all =
                ServiceLoader.load(service, loader).stream().iterator();
        int faulty = 0;
        while (faulty < MOST_FAULTS) {
            String of = name;
            try {
                if (!all.hasNext()) {
                    break;
                }
                ServiceLoader.Provider<T> next = all.next();
                of = name + ", class " + next.type().getName();
                if (next.type().getClassLoader() == loader) {
                    T factory = next.get();
                    found.add(new Provider<>(Guard.typeOf(type.apply(factory)), factory, of, loader));
                }
            } catch (Throwable e) {
                faulty++;
                faults.accept("%s: %s".formatted(of, Guard.words(e, service)));
            }
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
