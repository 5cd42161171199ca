package io.pipelinev2.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Core and store as modules: a host that is one too keeps its state in a file, migrations and all. */
class ModulePathTest {

    private static final String HOST = """
            package host;

            import io.pipelinev2.core.Pipeline;
            import io.pipelinev2.core.monitoring.PipelineRecords;
            import io.pipelinev2.core.stage.Stage;
            import io.pipelinev2.core.stage.StageOutcome;
            import io.pipelinev2.core.trial.InMemoryTrialSource;
            import io.pipelinev2.store.SqliteStore;
            import java.nio.file.Path;
            import java.util.Map;

            public final class Host {

                private Host() {}

                public static void main(String... arguments) throws InterruptedException {
                    Stage stage = Stage.of("check", context -> StageOutcome.passed("seen", Map.of("value", 0.5)));
                    try (PipelineRecords records = SqliteStore.open(Path.of(arguments[0]));
                            Pipeline pipeline = Pipeline.builder()
                                    .store(records)
                                    .source(new InMemoryTrialSource().add("study", 1, 0.5))
                                    .stage(stage)
                                    .build()) {
                        pipeline.runOnce();
                        records.trials().forEach(trial -> System.out.println(trial.key() + " " + trial.status() + " "
                                + records.stages(trial.key()).get(0).results()));
                    }
                }
            }
            """;

    @TempDir
    Path directory;

    @Test
    void a_module_keeps_its_state_in_a_file() throws Exception {
        assertThat(compile(HOST)).isEmpty();

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-p",
                        modulePath() + File.pathSeparator + directory.resolve("classes"),
                        "-m",
                        "host/host.Host",
                        directory.resolve("state.db").toString())
                .redirectError(directory.resolve("errors").toFile())
                .start();
        String said;
        try (InputStream output = process.getInputStream()) {
            said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
        }

        int code = process.waitFor();
        assertThat(code).as(Files.readString(directory.resolve("errors"))).isZero();
        assertThat(said).isEqualTo("study/1 COMPLETED {value=0.5}\n");
    }

    @Test
    void what_the_store_consists_of_is_hidden() {
        assertThat(compile("package host; class Host { io.pipelinev2.store.column.UtcText what; }"))
                .contains("does not export it");
        assertThat(compile("package host; class Host { io.pipelinev2.core.store.StoreWriter what; }"))
                .contains("does not export it to module host");
    }

    private String compile(String host) {
        StringWriter words = new StringWriter();
        List<String> options = List.of(
                "-p",
                modulePath(),
                // else that of the tests
                "-cp",
                directory.toString(),
                "-d",
                directory.resolve("classes").toString(),
                "-Xlint:all,-requires-automatic",
                "-proc:none");
        ToolProvider.getSystemJavaCompiler()
                .getTask(
                        words,
                        ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, Locale.ROOT, null),
                        null,
                        options,
                        null,
                        List.of(
                                source("module-info", "module host { requires io.pipelinev2.store; }"),
                                source("host/Host", host)))
                .call();
        return words.toString();
    }

    private static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    /** What is on the class path here, but for the tests, some of which stand in packages of the modules under test. */
    private static String modulePath() {
        return Arrays.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator))
                .filter(place -> !place.endsWith("test-classes") && !place.endsWith("-tests.jar"))
                .filter(ModulePathTest::isModule)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isModule(String place) {
        try {
            return !ModuleFinder.of(Path.of(place)).findAll().isEmpty();
        } catch (FindException e) {
            // such as an automatic module with a name that is none
            return false;
        }
    }
}
