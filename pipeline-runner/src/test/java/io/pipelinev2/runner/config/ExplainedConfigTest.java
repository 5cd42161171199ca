package io.pipelinev2.runner.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExplainedConfigTest {

    @TempDir
    private Path directory;

    private List<Setting> explain(String json, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(directory.resolve("pipeline.json"), json);
        return new ConfigLoader(environment, directory).explain(file, null).settings();
    }

    private static Setting of(List<Setting> settings, String key) {
        return settings.stream()
                .filter(setting -> setting.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new AssertionError(key + " is not among " + settings));
    }

    @Test
    void each_value_says_where_it_comes_from() throws IOException {
        List<Setting> settings = explain("""
                {
                  "optuna": { "storage": "sqlite:///o.db" },
                  "stages": { "deploy": { "max_deployed": 7, "risk": { "daily_loss": 0.1 } } },
                  "daemon": { "check_interval": "5m" }
                }
                """, Map.of());

        assertThat(of(settings, "stages.deploy.max_deployed"))
                .isEqualTo(new Setting("stages.deploy.max_deployed", 7L, "file", "3"));
        assertThat(of(settings, "stages.deploy.risk.daily_loss").value()).isEqualTo(0.1);
        assertThat(of(settings, "daemon.check_interval").value())
                .as("as it is written")
                .isEqualTo("5m");
        assertThat(of(settings, "daemon.lease")).isEqualTo(new Setting("daemon.lease", "1m", "default", null));
        assertThat(of(settings, "stages.deploy.rank_paper_after"))
                .isEqualTo(new Setting("stages.deploy.rank_paper_after", null, "default", null));
        assertThat(of(settings, "(file)")).satisfies(file -> {
            assertThat(file.value())
                    .isEqualTo(directory.resolve("pipeline.json").toString());
            assertThat(file.place()).isEqualTo("--config");
        });
    }

    @Test
    void the_environment_is_an_origin_too() throws IOException {
        Files.writeString(directory.resolve("other.json"), "{}");
        List<Setting> settings = new ConfigLoader(
                        Map.of("OPTUNA_DB", "o.db", "PIPELINE_CONFIG", "other.json"), directory)
                .explain(null, directory.resolve("elsewhere"))
                .settings();

        assertThat(of(settings, "optuna.storage"))
                .isEqualTo(new Setting(
                        "optuna.storage", directory.resolve("o.db").toString(), "environment", "OPTUNA_DB"));
        assertThat(of(settings, "(file)").place()).isEqualTo("PIPELINE_CONFIG");
        assertThat(of(settings, "(home)"))
                .isEqualTo(new Setting("(home)", directory.resolve("elsewhere").toString(), "flag", "--home"));
    }

    @Test
    void what_is_secret_is_not_shown() throws IOException {
        List<Setting> settings = explain("""
                {
                  "database": "jdbc:postgresql://db.example.org/p?user=me&password=canary1",
                  "optuna": { "storage": "postgresql://me:canary2@db.example.org/optuna" },
                  "order": ["mine", "backtest", "deploy"],
                  "stages": {
                    "mine": { "type": "mine", "settings": { "api_key": "canary3", "deep": [ { "token": "canary4" } ] } },
                    "deploy": { "secrets": { "api-key": "keys/alpaca" } }
                  }
                }
                """, Map.of());

        assertThat(settings.toString()).doesNotContain("canary").contains("***");
        assertThat(of(settings, "stages.deploy.secrets.api-key").value())
                .as("a path is none")
                .isEqualTo("keys/alpaca");
    }

    @Test
    void the_address_of_an_alert_channel_is_not_shown() throws IOException {
        List<Setting> settings = explain("""
                {
                  "optuna": { "storage": "sqlite:///o.db" },
                  "alerts": [ { "channel": "webhook", "url": "https://hooks.example.org/canary" } ]
                }
                """, Map.of());

        assertThat(of(settings, "alerts").value().toString())
                .contains("webhook")
                .doesNotContain("canary");
    }

    /** The manual shows all keys, which another test holds against the defaults. */
    @Test
    void every_key_of_the_manual_is_shown() throws IOException {
        String page = Files.readString(Path.of("../docs/configuration.md"));
        String block = page.substring(page.indexOf("```json\n") + 8);
        JsonNode manual = JsonMapper.shared().readTree(block.substring(0, block.indexOf("```")));
        List<String> keys = new ArrayList<>();
        collect("", manual, keys);

        List<Setting> settings = explain("{ \"optuna\": { \"storage\": \"sqlite:///o.db\" } }", Map.of());

        TreeSet<String> shown =
                new TreeSet<>(settings.stream().map(Setting::key).toList());
        assertThat(keys)
                .allSatisfy(key -> assertThat(
                                shown.stream().anyMatch(each -> key.equals(each) || key.startsWith(each + ".")))
                        .as(key)
                        .isTrue());
    }

    private static void collect(String parent, JsonNode node, List<String> keys) {
        node.propertyStream().forEach(entry -> {
            String path = parent.isEmpty() ? entry.getKey() : parent + "." + entry.getKey();
            if (entry.getValue().isObject() && !entry.getValue().isEmpty()) {
                collect(path, entry.getValue(), keys);
            } else {
                keys.add(path);
            }
        });
    }
}
