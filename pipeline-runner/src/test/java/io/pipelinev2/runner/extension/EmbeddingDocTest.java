package io.pipelinev2.runner.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.EmbeddedPipeline;
import io.pipelinev2.runner.PipelineGauge;
import io.pipelinev2.runner.demo.DemoHome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** What docs/embedding.md shows is so: its snippets are taken from there, compiled and run. */
@Timeout(120)
class EmbeddingDocTest {

    private static final Path DOC = Path.of("../docs/embedding.md");

    @TempDir
    private Path directory;

    private static String block(String language, int index) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher fences = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(DOC));
        while (fences.find()) {
            blocks.add(fences.group(1));
        }
        return blocks.get(index);
    }

    private URLClassLoader compiled(String className, String source) throws IOException {
        Path jar = JarSource.ofSource(className, source)
                .against(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .packedInto(directory, className + ".jar");
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, getClass().getClassLoader());
    }

    /** The demo's home with two of its trials, and a trader that only sleeps. */
    private Path home(String order, String stages) throws Exception {
        Path home = directory.resolve("home");
        Path file = DemoHome.unpack(home);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("databases/optuna.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update trials set state = 'FAIL' where number not in (1, 31)");
        }
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceFirst("\\{", Matcher.quoteReplacement("{ " + order))
                        .replaceFirst("\"stages\": \\{", Matcher.quoteReplacement("\"stages\": { " + stages + ", "))
                        .replace("\"deploy\": {", "\"deploy\": { \"enabled\": false, "));
        return file;
    }

    @Test
    void the_plain_main_prints_a_table_of_all_trials() throws Exception {
        String source = block("java", 0);
        assertThat(source)
                .isEqualTo(Files.readString(Path.of("../examples/plain-main/src/main/java/example/PlainMain.java")));
        Path optuna = DemoHome.unpack(directory.resolve("demo")).resolveSibling("databases/optuna.db");
        PrintStream before = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (URLClassLoader loader = compiled("example.PlainMain", source);
                PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            loader.loadClass("example.PlainMain")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[] {
                        optuna.toString(), directory.resolve("state.db").toString()
                    });
        } finally {
            System.setOut(before);
        }
        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .hasSize(28)
                .allMatch(line -> line.matches("ppo_1h/\\d+ +(completed|failed) .*"));
    }

    @Test
    void the_bean_is_the_examples() throws IOException {
        String example = Files.readString(Path.of("../examples/spring-boot/src/main/java/example/Application.java"));
        assertThat(example).contains(block("java", 2).indent(4));
    }

    @Test
    void the_host_runs_the_configured_home() throws Exception {
        String json = block("json", 0);
        String order = json.substring(0, json.indexOf("\"stages\""));
        String stages = json.substring(json.indexOf('{') + 1, json.lastIndexOf('}'));
        Path file = home(order, stages);
        SQLiteDataSource database = new SQLiteDataSource();
        database.setUrl("jdbc:sqlite:" + file.resolveSibling("pipeline_v2.db"));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (URLClassLoader loader = compiled("example.Host", block("java", 1));
                EmbeddedPipeline pipeline = (EmbeddedPipeline) loader.loadClass("example.Host")
                        .getMethod("start", Path.class, DataSource.class, MeterRegistry.class)
                        .invoke(null, file, database, meters)) {
            assertThat(pipeline.isRunning()).isTrue();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(pipeline.status().count(TrialStatus.COMPLETED)
                                    + pipeline.status().count(TrialStatus.FAILED))
                            .isEqualTo(2));
            assertThat(pipeline.home().stages()).contains("mine");
            assertThat(meters.getMeters())
                    .extracting(meter -> meter.getId().getName())
                    .contains(PipelineGauge.TRIALS.id());
        }
        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void all_gauges_are_listed() throws IOException {
        String doc = Files.readString(DOC);
        for (PipelineGauge gauge : PipelineGauge.values()) {
            String tag = gauge.tag().isEmpty() ? "" : "`" + gauge.tag() + "` ";
            assertThat(doc).contains("| `%s` | %s| %s |".formatted(gauge.id(), tag, gauge.description()));
        }
    }
}
