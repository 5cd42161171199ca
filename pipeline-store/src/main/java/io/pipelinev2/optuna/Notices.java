package io.pipelinev2.optuna;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Says each thing once: discovery asks the same questions every few minutes, and nobody reads a repeated warning. */
final class Notices {

    private static final int MOST = 1000;

    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private final Consumer<String> sink;

    Notices(Consumer<String> sink) {
        this.sink = sink;
    }

    void once(String text) {
        once(text, text);
    }

    /** For a text that may vary from time to time while what it is about stays the same. */
    void once(String topic, String text) {
        // a storage must not be able to fill the memory, or the log
        if (said.size() < MOST && said.add(topic)) {
            sink.accept(text);
        }
    }
}
