package io.pipelinev2.runner.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.core.trial.TrialSourceException;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.HomeLock;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.ConfigException;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.PipelineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trials that do not come from Optuna, in a home whose only stage is a command. */
class TrialSourcesTest {

    private static final String SETTINGS = """
            public String type() { return "made-up"; }
            public TrialSource open(TrialSourceConfiguration configuration) {
                if (!(configuration.settings().get("trials") instanceof Long trials)) {
                    throw new IllegalArgumentException("trials must be a whole number");
                }
                InMemoryTrialSource source = new InMemoryTrialSource();
                for (int i = 0; i < trials; i++) { source.add("plugged", i, 0.5); }
                return source;
            }
            """;

    @TempDir
    private Path home;

    private PipelineConfig config(String source) throws IOException {
        Path file = Files.writeString(home.resolve("pipeline.json"), """
                {
                  "source": { %s },
                  "order": ["check"],
                  "stages": {
                    "backtest": { "enabled": false },
                    "check": { "command": ["echo", "{\\"verdict\\": \\"passed\\"}"] },
                    "deploy": { "enabled": false }
                  }
                }
                """.formatted(source));
        return new ConfigLoader(Map.of(), home).load(file, null);
    }

    private static List<Trial> once(PipelineConfig config, Extensions extensions) throws InterruptedException {
        try (HomeLock lock = HomeLock.take(config.home(), "test");
                PipelineHome opened = PipelineHome.open(config, extensions);
                Pipeline pipeline = opened.pipeline(lock)) {
            pipeline.runOnce();
            return opened.store().read(tx -> tx.trialsIn(List.of(TrialStatus.values())));
        }
    }

    @Test
    void a_plugin_brings_trials() throws Exception {
        new JarSource().sourceFactory("MadeUp", SETTINGS).packedInto(home, "made-up.jar");
        PipelineConfig config = config("\"type\": \"made-up\", \"settings\": { \"trials\": 3 }");
        assertThat(once(config, Extensions.none())).hasSize(3).allSatisfy(trial -> {
            assertThat(trial.key().study()).isEqualTo("plugged");
            assertThat(trial.status()).isEqualTo(TrialStatus.COMPLETED);
        });
    }

    @Test
    void a_host_application_brings_trials() throws Exception {
        Extensions extensions = Extensions.builder()
                .trialSource("orders", new InMemoryTrialSource().add("hosted", 7, 0.1))
                .build();
        assertThat(once(config("\"type\": \"orders\""), extensions))
                .singleElement()
                .extracting(trial -> trial.key().toString())
                .isEqualTo("hosted/7");
    }

    @Test
    void what_is_wrong_with_it_is_a_fault_of_the_configuration() throws Exception {
        new JarSource().sourceFactory("MadeUp", SETTINGS).packedInto(home, "made-up.jar");
        assertThat(faults("\"type\": \"made-up\""))
                .containsExactly(
                        "pipeline.json: source.settings: trials must be a whole number (says plugins/made-up.jar,"
                                + " class plugin.MadeUp)");
        assertThat(faults("\"type\": \"madeup\""))
                .containsExactly(
                        "pipeline.json: source.type was 'madeup' but must be a type that a jar in plugins/ or the"
                                + " host application provides; did you mean 'made-up'?");
    }

    private List<String> faults(String source) throws Exception {
        PipelineConfig config = config(source);
        ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> once(config, Extensions.none()));
        return thrown == null ? List.of() : thrown.faults();
    }

    @Test
    void whatever_a_source_throws_is_a_failure_of_the_source() throws Exception {
        new JarSource().sourceFactory("Broken", """
                        public String type() { return "broken"; }
                        public TrialSource open(TrialSourceConfiguration configuration) {
                            return new TrialSource() {
                                public String storage() { return null; }
                                public List<SourceStudy> studies() { throw new ExceptionInInitializerError("gone"); }
                                public List<TrialHeader> completeTrials(SourceStudy study) { return List.of(); }
                                public TrialDetails details(SourceTrial trial) { throw new TrialGoneException(trial); }
                            };
                        }
                        """).packedInto(home, "broken.jar");
        PipelineConfig config = config("\"type\": \"broken\"");
        try (Plugins plugins = Plugins.load(home, Extensions.none())) {
            TrialSource source =
                    TrialSources.open(config.source().orElseThrow(), config, Extensions.none(), () -> plugins, () -> {
                        throw new AssertionError("no command");
                    });
            assertThatThrownBy(source::studies)
                    .isInstanceOf(TrialSourceException.class)
                    .hasMessageContaining("plugins/broken.jar, class plugin.Broken failed: ")
                    .hasMessageContaining("gone");
            assertThatThrownBy(source::storage).hasMessageContaining("returned null, which no source may");
        }
        try (HomeLock lock = HomeLock.take(home, "test");
                PipelineHome opened = PipelineHome.open(config);
                Pipeline pipeline = opened.pipeline(lock)) {
            assertThatThrownBy(pipeline::discoverTrials).isInstanceOf(TrialSourceException.class);
            assertThat(opened.store().read(StoreReader::studies)).isEmpty();
        }
    }

    @Test
    void a_source_of_a_plugin_is_closed_with_its_home() throws Exception {
        new JarSource().sourceFactory("Closing", """
                        public String type() { return "closing"; }
                        public TrialSource open(TrialSourceConfiguration configuration) { return new Closing2(configuration); }
                        """).type("Closing2", """
                        import io.pipelinev2.core.trial.*;
                        final class Closing2 implements TrialSource, AutoCloseable {
                            private final TrialSourceConfiguration configuration;
                            Closing2(TrialSourceConfiguration configuration) { this.configuration = configuration; }
                            public String storage() { return "s"; }
                            public List<SourceStudy> studies() { return List.of(); }
                            public List<TrialHeader> completeTrials(SourceStudy study) { return List.of(); }
                            public TrialDetails details(SourceTrial trial) { throw new TrialGoneException(trial); }
                            public void close() throws java.io.IOException {
                                java.nio.file.Files.writeString(configuration.home().resolve("closed"), "yes");
                            }
                        }
                        """).packedInto(home, "closing.jar");
        assertThat(once(config("\"type\": \"closing\""), Extensions.none())).isEmpty();
        assertThat(home.resolve("closed")).hasContent("yes");
    }
}
