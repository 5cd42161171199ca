package io.pipelinev2.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every row of docs/failure-matrix.md names a test, and every test that it names is there. */
class FailureMatrixTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT|Contract))(?:#(\\w+))?`");

    private static Map<String, Path> tests() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().contains("/src/test/java/"))
                    .filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            Function.identity(),
                            (one, other) -> one));
        }
    }

    @Test
    void every_row_names_tests_that_are_there() throws IOException {
        Map<String, Path> tests = tests();
        List<String> rows = Files.readAllLines(ROOT.resolve("docs/failure-matrix.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| failure"))
                .toList();
        assertThat(rows).hasSizeGreaterThan(20);
        for (String row : rows) {
            Matcher named = TEST.matcher(row);
            assertThat(named.find()).as("a test in: %s", row).isTrue();
            do {
                assertThat(tests).as(row).containsKey(named.group(1));
                if (named.group(2) != null) {
                    assertThat(Files.readString(tests.get(named.group(1))))
                            .as(row)
                            .contains("void " + named.group(2) + "(");
                }
            } while (named.find());
        }
    }
}
