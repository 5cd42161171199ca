package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.core.Pipeline;
import io.pipelinev2.deploy.DeployStage;
import io.pipelinev2.runner.EmbeddedPipeline;
import io.pipelinev2.store.SqliteStore;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What the built jars are to others: how large the core is, and which modules they make. */
class JarsIT {

    /** What it came to, with a little room; docs/decisions/0020-public-api.md says what is in it. */
    private static final long LARGEST_CORE = 299_000;

    @Test
    void the_core_stays_as_small_as_it_is() throws Exception {
        assertThat(Files.size(jar(Pipeline.class))).isLessThan(LARGEST_CORE);
    }

    @Test
    void core_and_store_are_modules_and_the_others_have_names_that_stay() {
        assertThat(module(Pipeline.class)).isEqualTo("io.pipelinev2.core, described");
        assertThat(module(SqliteStore.class)).isEqualTo("io.pipelinev2.store, described");
        assertThat(module(BacktestStage.class)).isEqualTo("io.pipelinev2.backtest, automatic");
        assertThat(module(DeployStage.class)).isEqualTo("io.pipelinev2.deploy, automatic");
        assertThat(module(EmbeddedPipeline.class)).isEqualTo("io.pipelinev2.runner, automatic");
    }

    @Test
    void the_program_is_no_module() throws Exception {
        try (JarFile program = new JarFile(Path.of("target/pipeline-runner.jar").toFile())) {
            assertThat(program.stream().map(entry -> entry.getName()))
                    .contains("io/pipelinev2/core/Pipeline.class")
                    .noneMatch(name -> name.endsWith("module-info.class"));
        }
    }

    private static String module(Class<?> type) {
        ModuleDescriptor module =
                ModuleFinder.of(jar(type)).findAll().iterator().next().descriptor();
        return module.name() + (module.isAutomatic() ? ", automatic" : ", described");
    }

    private static Path jar(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
