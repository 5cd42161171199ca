package io.pipelinev2.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.Pipeline;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;

/** The API from outside, by a module of somebody else: it compiles against what is exported, and against nothing else. */
class ModulePathTest {

    private static final String MODULE = "module host { requires io.pipelinev2.core; }";

    @TempDir
    Path output;

    @Test
    void a_host_compiles_against_the_api_without_a_warning() {
        assertThat(compile("""
                        package host;

                        import io.pipelinev2.core.Pipeline;
                        import io.pipelinev2.core.RefusedException;
                        import io.pipelinev2.core.monitoring.Event;
                        import io.pipelinev2.core.monitoring.Operator;
                        import io.pipelinev2.core.stage.Stage;
                        import io.pipelinev2.core.stage.StageOutcome;
                        import io.pipelinev2.core.trial.InMemoryTrialSource;
                        import io.pipelinev2.core.trial.Trial;
                        import io.pipelinev2.core.trial.TrialKey;

                        public final class Host {

                            private Host() {}

                            /** Reads, judges, and steers: nothing of it needs more than the API. */
                            public static void main(String... arguments) throws InterruptedException {
                                Stage stage = Stage.of("check", context -> StageOutcome.passed("seen"));
                                InMemoryTrialSource source = new InMemoryTrialSource().add("study", 1, 0.5);
                                try (Pipeline pipeline =
                                        Pipeline.builder().source(source).stage(stage).build()) {
                                    pipeline.runOnce();
                                    for (Trial trial : pipeline.records().trials()) {
                                        for (Event event : pipeline.records().events(trial.key(), 10)) {
                                            System.out.println(event.message());
                                        }
                                    }
                                    pipeline.park(new TrialKey("study", 2), "not there", new Operator("me", "host"));
                                } catch (RefusedException e) {
                                    System.out.println(e.getMessage());
                                }
                            }
                        }
                        """)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("hidden")
    void a_host_does_not_compile_against_what_is_no_api(String type) {
        assertThat(compile("package host; class Host { %s what; }".formatted(type)))
                .contains("does not export it");
    }

    static List<String> hidden() throws Exception {
        Set<String> exported =
                ModuleFinder.of(place(Pipeline.class))
                        .find("io.pipelinev2.core")
                        .orElseThrow()
                        .descriptor()
                        .exports()
                        .stream()
                        .filter(each -> !each.isQualified())
                        .map(Exports::source)
                        .collect(Collectors.toSet());
        List<String> types = new ArrayList<>();
        Path root = place(Pipeline.class);
        try (Stream<Path> files = Files.walk(root)) {
            files.map(file -> root.relativize(file).toString().replace('/', '.'))
                    .filter(name -> name.startsWith("io.") && name.endsWith(".class") && !name.contains("$"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .filter(name -> !exported.contains(name.substring(0, name.lastIndexOf('.'))))
                    .filter(name -> !name.endsWith(".package-info"))
                    // one of each package tells
                    .collect(Collectors.toMap(
                            name -> name.substring(0, name.lastIndexOf('.')),
                            name -> name,
                            (a, b) -> isPublic(a) ? a : b))
                    .values()
                    .forEach(types::add);
        }
        return types;
    }

    private static boolean isPublic(String name) {
        try {
            return Modifier.isPublic(Class.forName(name).getModifiers());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the compiler says, warnings included. */
    private String compile(String host) {
        StringWriter words = new StringWriter();
        List<String> options = List.of(
                "-p",
                Stream.of(Pipeline.class, Logger.class, NullMarked.class)
                        .map(type -> place(type).toString())
                        .collect(Collectors.joining(":")),
                // else that of the tests
                "-cp",
                output.toString(),
                "-d",
                output.toString(),
                "-Xlint:all",
                "-proc:none");
        ToolProvider.getSystemJavaCompiler()
                .getTask(
                        words,
                        ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, Locale.ROOT, null),
                        null,
                        options,
                        null,
                        List.of(source("module-info", MODULE), source("host/Host", host)))
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

    private static Path place(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
