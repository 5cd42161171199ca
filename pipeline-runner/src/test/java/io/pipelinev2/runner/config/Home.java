package io.pipelinev2.runner.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A directory with a configuration in it, as tests write and read it. */
record Home(Path directory) {

    static final String STORAGE = "\"optuna\": { \"storage\": \"sqlite:///optuna.db\" }";

    Path write(String name, String content) {
        try {
            return Files.writeString(directory.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ConfigLoader loader(Map<String, String> environment) {
        return new ConfigLoader(environment, directory);
    }

    PipelineConfig load(String content) {
        write("pipeline.json", content);
        return loader(Map.of()).load(null, null);
    }

    /** The members of an object that also names a storage. */
    PipelineConfig loadWith(String members) {
        return load("{ " + members + ",\n" + STORAGE + " }");
    }

    List<String> faultsOf(String content) {
        ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> load(content));
        return thrown == null ? List.of() : thrown.faults();
    }

    List<String> faultsWith(String members) {
        return faultsOf("{ " + members + ",\n" + STORAGE + " }");
    }
}
