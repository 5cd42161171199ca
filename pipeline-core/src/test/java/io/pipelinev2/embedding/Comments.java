package io.pipelinev2.embedding;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A module's comments, for tests: the code in them, which is to be code that is compiled, and what the javadoc tool has to
 * say of them.
 */
public final class Comments {

    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\\n(.*?)\\n \\* }</pre>", Pattern.DOTALL);
    private static final Pattern REGION = Pattern.compile("// docs:[a-z-]+\\n(.*?)// docs:end", Pattern.DOTALL);

    private Comments() {}

    /** The code in all comments below a directory, without white space: where lines break is not the same there. */
    public static List<String> examplesBelow(Path sources) throws Exception {
        List<Path> files;
        try (Stream<Path> all = Files.walk(sources)) {
            files = all.filter(file -> file.toString().endsWith(".java")).toList();
        }
        List<String> examples = new ArrayList<>();
        for (Path file : files) {
            found(EXAMPLE, file).forEach(text -> examples.add(dense(text.replaceAll("(?m)^ +\\*", ""))));
        }
        return examples;
    }

    /** The code between the marks {@code // docs:…} and {@code // docs:end} of a test, without white space. */
    public static List<String> regionsOf(Path test) throws Exception {
        return found(REGION, test).map(Comments::dense).toList();
    }

    /**
     * What the javadoc tool of this JDK says while it documents what a module exports to everyone.
     *
     * @param sources the module's sources and resources
     */
    public static String javadocSays(String module, Path output, Path... sources) {
        StringWriter words = new StringWriter();
        PrintWriter to = new PrintWriter(words);
        ToolProvider.findFirst("javadoc")
                .orElseThrow()
                .run(
                        to,
                        to,
                        "-quiet",
                        "-Xdoclint:all",
                        "-p",
                        modules(),
                        "--module-source-path",
                        module + "=" + Stream.of(sources).map(Path::toString).collect(Collectors.joining(":")),
                        "--module",
                        module,
                        "-d",
                        output.toString());
        return words.toString();
    }

    /** The test kit is no module: as a jar it would be one of its own that has core's packages, too. */
    private static String modules() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(path.split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("-tests.jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Stream<String> found(Pattern pattern, Path file) throws Exception {
        return pattern.matcher(Files.readString(file)).results().map(result -> result.group(1));
    }

    private static String dense(String code) {
        return code.replaceAll("\\s+", "");
    }
}
