package io.pipelinev2.runner.extension;

import io.pipelinev2.backtest.gate.CustomGate;
import io.pipelinev2.backtest.gate.GateDecision;
import io.pipelinev2.backtest.gate.GateEvidence;
import io.pipelinev2.runner.config.UserGate;
import io.pipelinev2.runner.view.Json;

/** A gate whose code runs as it expects to, with its own class loader as that of the thread, and whose faults stay with it. */
record PluginGate(CustomGate gate, UserGate configuration, String from, ClassLoader loader) implements CustomGate {

    @Override
    public String name() {
        return configuration.name();
    }

    @Override
    public String basis() {
        String own = Provider.within(loader, gate::basis);
        String settings = Json.compact(configuration.settings());
        return name().equals(own)
                ? "%s by type %s %s".formatted(name(), configuration.type(), settings)
                : "%s by type %s %s: %s".formatted(name(), configuration.type(), settings, own);
    }

    @Override
    public GateDecision judge(GateEvidence evidence) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return gate.judge(evidence);
        } catch (Error e) {
            Guard.rethrowIfFatal(e);
            throw new IllegalStateException("%s: %s".formatted(from, Guard.cause(e)), e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
