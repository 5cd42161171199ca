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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every row of the pages that promise something names a test, and every test that they name is there. */
class PromisesTest {

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

    @ParameterizedTest
    @CsvSource({"failure-matrix.md, failure, 20", "guarantees.md, rule, 35", "security.md, id, 24"})
    void every_row_names_tests_that_are_there(String page, String heading, int rowsAtLeast) throws IOException {
        Map<String, Path> tests = tests();
        List<String> text = Files.readAllLines(ROOT.resolve("docs").resolve(page));
        List<String> rows = text.stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| " + heading + " |"))
                .toList();
        assertThat(rows).hasSizeGreaterThanOrEqualTo(rowsAtLeast);
        for (String row : rows) {
            assertThat(TEST.matcher(row).find()).as("a test in: %s", row).isTrue();
        }
        for (String line : text) {
            Matcher named = TEST.matcher(line);
            while (named.find()) {
                assertThat(tests).as(line).containsKey(named.group(1));
                if (named.group(2) != null) {
                    assertThat(Files.readString(tests.get(named.group(1))))
                            .as(line)
                            .containsPattern("(void|Stream<DynamicTest>) " + named.group(2) + "\\(");
                }
            }
        }
    }
}
