package io.pipelinev2.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.TrialSource;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every member of the API says what it is for, and the code in its comments is code that is compiled here, and runs. */
class ApiCommentsTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path HERE = Path.of("src/test/java/io/pipelinev2/embedding/ApiCommentsTest.java");
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\\n(.*?)\\n \\* }</pre>", Pattern.DOTALL);

    @TempDir
    Path output;

    @Test
    void nothing_in_the_api_goes_without_a_comment() throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter words = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            compiler.getTask(
                            words,
                            files,
                            null,
                            List.of(
                                    "-p",
                                    System.getProperty(
                                            "surefire.test.class.path", System.getProperty("java.class.path")),
                                    "-d",
                                    output.toString(),
                                    "-proc:none",
                                    "-Xmaxwarns",
                                    "10000",
                                    "-Xdoclint:all/protected",
                                    "-Xdoclint/package:io.pipelinev2.core,io.pipelinev2.core.monitoring,"
                                            + "io.pipelinev2.core.stage,io.pipelinev2.core.trial"),
                            null,
                            files.getJavaFileObjectsFromPaths(sources()))
                    .call();
        }

        assertThat(words.toString()).as("what doclint finds missing at all").contains("no @return");
        assertThat(words.toString().lines().filter(line -> line.contains("no comment") || line.contains("error:")))
                .isEmpty();
    }

    // docs:pipeline
    private static void example(TrialSource source) throws InterruptedException {
        try (Pipeline pipeline = Pipeline.builder()
                .source(source)
                .stage(Stage.of("backtest", context -> StageOutcome.passed("fine")))
                .build()) {
            pipeline.runOnce();
            System.out.println(pipeline.status());
        }
    }
    // docs:end

    @Test
    void the_examples_in_comments_are_code_that_runs() throws Exception {
        example(new InMemoryTrialSource().add("study", 1, 0.5));

        String here = Files.readString(HERE);
        String body = here.substring(here.indexOf("    // docs:pipeline"), here.indexOf("    // docs:end"));
        List<String> lines = body.lines().toList();
        String compiled = String.join("\n", lines.subList(2, lines.size() - 1)).stripIndent();

        List<String> examples = new ArrayList<>();
        for (Path source : sources()) {
            EXAMPLE.matcher(Files.readString(source))
                    .results()
                    .forEach(found -> examples.add(found.group(1).replaceAll("(?m)^ +\\* ?", "")));
        }
        assertThat(examples).containsExactly(compiled);
    }

    private static List<Path> sources() throws Exception {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
