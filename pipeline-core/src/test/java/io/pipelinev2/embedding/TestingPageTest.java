package io.pipelinev2.embedding;

import static io.pipelinev2.core.testkit.PipelineAssertions.assertThat;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreContract;
import io.pipelinev2.core.testkit.PipelineTestKit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/testing.md shows is {@link GateTest} and the marked regions of this file: it is compiled, and it runs. */
class TestingPageTest {

    private static final Path HERE = Path.of("src/test/java/io/pipelinev2/embedding");
    private static final Path PAGE = Path.of("../docs/testing.md");
    private static final Path PARENT = Path.of("../pom.xml");

    // docs:store
    static class MyStoreTest extends StoreContract {
        @Override
        protected PipelineStore open(Clock clock) {
            return new InMemoryPipelineStore(clock);
        }
    }
    // docs:end

    // docs:kit-over-a-store
    private static PipelineTestKit kitOver(PipelineStore store) {
        return PipelineTestKit.over(store).with(Stage.of("work", context -> StageOutcome.passed("done")));
    }
    // docs:end

    @Test
    void a_kit_over_a_store_does_what_it_says() {
        try (PipelineTestKit own = kitOver(new InMemoryPipelineStore())) {
            own.submit(0).discover();
            own.runUntilIdle();
            assertThat(own.trial(0)).isCompleted();
        }
    }

    @Test
    void the_page_shows_exactly_this_code() throws Exception {
        List<String> code = new ArrayList<>();
        String example = Files.readString(HERE.resolve("GateTest.java"));
        code.add(example.substring(example.indexOf("import ")));
        code.addAll(regions(HERE.resolve("TestingPageTest.java")));
        assertThat(blocks("java")).isEqualTo(code);
    }

    @Test
    void the_page_names_the_versions_that_the_kit_is_built_with() throws Exception {
        String pom = Files.readString(PARENT);
        String xml = String.join("\n", blocks("xml"));
        assertThat(xml).contains("<type>test-jar</type>");
        assertThat(versionOf("pipeline-core", xml)).isEqualTo(first("<version>(.*?)</version>", pom));
        assertThat(versionOf("junit-jupiter", xml)).isEqualTo(first("<version.junit>(.*?)<", pom));
        assertThat(versionOf("assertj-core", xml)).isEqualTo(first("<version.assertj>(.*?)<", pom));
    }

    private static String versionOf(String artifact, String xml) {
        return first("<artifactId>" + artifact + "</artifactId>\\s*<version>(.*?)</version>", xml);
    }

    private static String first(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }

    private static List<String> blocks(String language) throws Exception {
        List<String> blocks = new ArrayList<>();
        Matcher fences = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(PAGE));
        while (fences.find()) {
            blocks.add(fences.group(1));
        }
        return blocks;
    }

    /** What stands between the marks, moved to the left as far as it goes. */
    private static List<String> regions(Path source) throws Exception {
        List<String> regions = new ArrayList<>();
        StringBuilder region = new StringBuilder();
        boolean inside = false;
        for (String line : Files.readAllLines(source)) {
            String mark = line.strip();
            if (mark.equals("// docs:end")) {
                // an empty last line would count as one without indentation
                regions.add(region.toString().stripTrailing().stripIndent() + "\n");
                region.setLength(0);
                inside = false;
            } else if (mark.startsWith("// docs:")) {
                inside = true;
            } else if (inside) {
                region.append(line).append('\n');
            }
        }
        return regions;
    }
}
