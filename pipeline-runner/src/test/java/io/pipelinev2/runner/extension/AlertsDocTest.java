package io.pipelinev2.runner.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.runner.alerts.AlertChannelFactory;
import io.pipelinev2.runner.alerts.AlertNotice;
import io.pipelinev2.runner.alerts.AlertNotice.Kind;
import io.pipelinev2.runner.alerts.AlertNotice.Severity;
import io.pipelinev2.runner.config.AlertRule;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.PipelineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What docs/alerts.md shows is so. */
@Timeout(60)
class AlertsDocTest {

    private static final AlertNotice NOTICE = new AlertNotice(
            Kind.OPENED,
            7,
            "disk",
            "",
            Severity.CRITICAL,
            "no room",
            Instant.parse("2026-03-01T08:00:00Z"),
            Instant.parse("2026-03-01T08:00:00Z"),
            null,
            "host:/srv");

    @TempDir
    private Path home;

    private static String page() throws IOException {
        return Files.readString(Path.of("../docs/alerts.md"));
    }

    private static List<String> blocks(String language) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher fences = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(page());
        while (fences.find()) {
            blocks.add(fences.group(1));
        }
        return blocks;
    }

    private PipelineConfig load(String members) throws IOException {
        Path file = Files.writeString(
                home.resolve("pipeline.json"), "{ %s, \"optuna\": { \"storage\": \"optuna.db\" } }".formatted(members));
        return new ConfigLoader(Map.of(), home).load(file, null);
    }

    private void tell(String members) throws Exception {
        try (BoundedRuns runs = new BoundedRuns(home.resolve("state"), "runner", runner -> true)) {
            AlertChannels.open(
                            load(members),
                            Extensions.none(),
                            Plugins.load(home, Extensions.none()),
                            runs,
                            new InMemoryPipelineStore(),
                            Clock.system())
                    .channels()
                    .get(0)
                    .channel()
                    .send(NOTICE);
        }
    }

    @Test
    void every_configuration_that_is_shown_is_one() throws Exception {
        List<String> shown =
                blocks("json").stream().filter(block -> !block.startsWith("{")).toList();
        assertThat(shown).hasSize(3);
        for (String members : shown) {
            load(members.strip());
        }
        assertThat(load(shown.get(0).strip()).disk())
                .isEqualTo(load("\"alerts\": []").disk());
        assertThat(load(shown.get(1).strip()).alerts()).hasSize(4);
    }

    @Test
    void every_rule_is_listed() throws Exception {
        String table = page().split("## Alerts")[1].split("## Channels")[0];
        List<String> listed = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE)
                .matcher(table)
                .results()
                .map(row -> row.group(1))
                .toList();
        assertThat(listed)
                .containsExactlyElementsOf(
                        Arrays.stream(AlertRule.values()).map(AlertRule::label).toList());
    }

    @Test
    void the_notice_that_is_shown_has_the_keys_that_there_are() throws Exception {
        String shown = blocks("json").stream()
                .filter(block -> block.startsWith("{"))
                .findFirst()
                .orElseThrow();
        Map<String, Object> keys =
                JsonMapper.builder().build().readValue(shown, new TypeReference<Map<String, Object>>() {});
        assertThat(keys.keySet()).containsExactlyElementsOf(NOTICE.json().keySet());
    }

    @Test
    void the_script_that_is_shown_writes_the_notice_down() throws Exception {
        Files.createDirectories(home.resolve("checks"));
        Files.writeString(home.resolve("checks/alert.py"), blocks("python").get(0));
        tell("\"alerts\": [ { \"channel\": \"command\", \"command\": [\"python3\", \"checks/alert.py\"] } ]");
        assertThat(home.resolve("alerts.txt"))
                .hasContent("2026-03-01T08:00:00Z opened [PAPER pipeline] critical: disk");
    }

    @Test
    void the_class_that_is_shown_is_told_the_notice() throws Exception {
        JarSource.ofSource("example.Notebook", blocks("java").get(0))
                .providing(AlertChannelFactory.class)
                .against(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .packedInto(home, "notebook.jar");
        List<String> json = blocks("json").stream()
                .filter(block -> block.contains("notebook"))
                .toList();
        assertThat(json).hasSize(1);
        tell(json.get(0).strip());
        assertThat(home.resolve("notebook.txt")).hasContent("[PAPER pipeline] critical: disk");
    }
}
