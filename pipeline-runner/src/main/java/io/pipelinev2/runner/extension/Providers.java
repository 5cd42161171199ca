package io.pipelinev2.runner.extension;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What is provided for one service, by type.
 *
 * @param <T> the service
 */
final class Providers<T> {

    private final String kind;
    private final Class<T> service;
    private final Function<T, String> type;
    private final Consumer<String> faults;
    private final TreeMap<String, Provider<T>> providers = new TreeMap<>();

    /**
     * @param kind what the service makes, such as {@code stage}
     * @param type tells the type of a provider
     * @param faults is told what is wrong
     */
    Providers(String kind, Class<T> service, Function<T, String> type, Consumer<String> faults) {
        this.kind = kind;
        this.service = service;
        this.type = type;
        this.faults = faults;
    }

    void addOfHost(T factory) {
        ClassLoader loader = factory.getClass().getClassLoader();
        String from = "the host application's " + factory.getClass().getName();
        try {
            add(new Provider<>(Guard.typeOf(type.apply(factory)), factory, from, loader));
        } catch (Throwable e) {
            Guard.rethrowIfFatal(e);
            faults.accept(from + ": " + Guard.cause(e));
        }
    }

    /** @return how many there were in the jar that can be used */
    int addFrom(PluginJar jar) {
        List<Provider<T>> found = jar.providers(service, type, faults);
        found.forEach(this::add);
        return found.size();
    }

    private void add(Provider<T> provider) {
        Provider<T> first = providers.putIfAbsent(provider.type(), provider);
        if (first != null) {
            faults.accept("the %s type '%s' is provided twice, by %s and by %s: remove one, or give it another type"
                    .formatted(kind, provider.type(), first.from(), provider.from()));
        }
    }

    Optional<Provider<T>> of(String name) {
        return Optional.ofNullable(providers.get(name));
    }

    /** All types, in alphabetical order. */
    List<String> types() {
        return new ArrayList<>(providers.keySet());
    }
}
