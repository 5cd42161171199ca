package io.pipelinev2.runner.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.backtest.gate.GateFactory;
import io.pipelinev2.core.stage.StageFactory;
import io.pipelinev2.core.trial.TrialSourceFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The sources of a plugin, compiled and packed as a user of the published jars would do it. */
final class JarSource {

    private static final String SERVICES = "META-INF/services/";

    private final Map<String, String> classes = new LinkedHashMap<>();
    private final Map<String, List<String>> services = new LinkedHashMap<>();
    private final List<String> left = new ArrayList<>();
    private String classPath = core().toString();

    /** A stage factory with a body, in a package of its own. */
    static JarSource of(String className, String factoryBody) {
        return new JarSource().factory(className, factoryBody);
    }

    /** A whole file; the class is declared as a stage factory. */
    static JarSource ofSource(String className, String source) {
        JarSource jar = new JarSource().service(StageFactory.class.getName(), className);
        jar.classes.put(className.substring(className.lastIndexOf('.') + 1), source);
        return jar;
    }

    /** Its one class is declared as this instead. */
    JarSource providing(Class<?> service) {
        List<String> providers = List.copyOf(services.values().iterator().next());
        services.clear();
        providers.forEach(provider -> service(service.getName(), provider));
        return this;
    }

    /** Compiled against more than core. */
    JarSource against(String path) {
        classPath = path;
        return this;
    }

    /** A factory whose stage runs these statements. */
    static JarSource stage(String className, String type, String statements) {
        return of(className, """
                public String type() { return "%s"; }
                public Stage create(StageConfiguration configuration) {
                    return Stage.of(configuration.name(), context -> { %s });
                }
                """.formatted(type, statements));
    }

    JarSource factory(String className, String body) {
        service(StageFactory.class.getName(), "plugin." + className);
        return type(className, "public final class " + className + " implements StageFactory {" + body + "}");
    }

    /** A factory of trial sources. */
    JarSource sourceFactory(String className, String body) {
        service(TrialSourceFactory.class.getName(), "plugin." + className);
        return type(
                className,
                "import io.pipelinev2.core.trial.*;\npublic final class " + className
                        + " implements TrialSourceFactory {" + body + "}");
    }

    /** A factory of gates; it needs the class path of the program. */
    JarSource gateFactory(String className, String body) {
        service(GateFactory.class.getName(), "plugin." + className);
        return against(programClassPath())
                .type(
                        className,
                        "import io.pipelinev2.backtest.gate.*;\npublic final class " + className
                                + " implements GateFactory {" + body + "}");
    }

    static String programClassPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    JarSource type(String className, String source) {
        classes.put(className, "package plugin;\nimport io.pipelinev2.core.stage.*;\nimport java.util.*;\n" + source);
        return this;
    }

    JarSource service(String service, String provider) {
        services.computeIfAbsent(service, key -> new ArrayList<>()).add(provider);
        return this;
    }

    /** A class that is compiled, but not packed. */
    JarSource leftOut(String className) {
        left.add(className);
        return this;
    }

    Path packedInto(Path home, String jar) throws IOException {
        Path work = Files.createTempDirectory("plugin");
        Path target = home.resolve("plugins").resolve(jar);
        Files.createDirectories(target.getParent());
        Path out = Files.createDirectories(work.resolve("out"));
        compile(work, out);
        try (OutputStream file = Files.newOutputStream(target);
                JarOutputStream packed = new JarOutputStream(file);
                Stream<Path> all = Files.walk(out)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                String name = out.relativize(each).toString();
                if (left.stream().noneMatch(one -> name.equals("plugin/" + one + ".class"))) {
                    packed.putNextEntry(new JarEntry(name));
                    packed.write(Files.readAllBytes(each));
                }
            }
            for (Map.Entry<String, List<String>> service : services.entrySet()) {
                packed.putNextEntry(new JarEntry(SERVICES + service.getKey()));
                packed.write(String.join("\n", service.getValue()).getBytes(StandardCharsets.UTF_8));
            }
        }
        return target;
    }

    private void compile(Path work, Path out) throws IOException {
        if (classes.isEmpty()) {
            return;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> sources = new ArrayList<>();
        for (Map.Entry<String, String> each : classes.entrySet()) {
            Path source = Files.writeString(work.resolve(each.getKey() + ".java"), each.getValue());
            sources.add(source.toString());
        }
        StringWriter said = new StringWriter();
        boolean compiled;
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-proc:none", "-nowarn", "-d", out.toString(), "-cp", classPath);
            compiled = compiler.getTask(said, files, null, options, null, files.getJavaFileObjectsFromStrings(sources))
                    .call();
        }
        assertThat(compiled).as("compiled: %s", said).isTrue();
    }

    /** Where the service interface is: the only thing that a plugin is compiled against. */
    private static Path core() {
        try {
            return Path.of(StageFactory.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
