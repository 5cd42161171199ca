package io.pipelinev2.runner.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.ServedHome;
import io.pipelinev2.runner.http.logs.LogExcerpt;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class DeploymentsApiTest {

    @TempDir
    Path directory;

    private ServedHome home;
    private Deployment deployment;

    @BeforeEach
    void open() {
        home = new ServedHome(directory);
        deployment = home.sample.running(home.sample.trial("ppo", 7, 1.0, TrialStatus.DEPLOYED, null), 4711);
    }

    @AfterEach
    void close() {
        home.close();
    }

    @Test
    void a_deployment_is_told_with_every_start_of_its_process() throws Exception {
        home.store.write(tx -> {
            ProcessRun run = tx.insert(ProcessRun.started(
                    deployment.id(), new ProcessIdentity("boot", 4710, 1, "nonce"), home.clock.now()));
            tx.update(run.ended(home.clock.now().plusSeconds(5), 137, true, "ended by SIGKILL"));
            return null;
        });

        JsonNode json = home.json("/api/v1/deployments/" + deployment.id());

        assertThat(json.path("number").asInt()).isEqualTo(7);
        assertThat(json.path("trial_id").asLong()).isEqualTo(deployment.trialId());
        assertThat(json.path("version").asString()).isEqualTo(home.versionOf(deployment.trialId()));
        assertThat(json.path("starts").path(0).path("exit_code").asInt()).isEqualTo(137);
        assertThat(json.path("starts").path(0).path("reason").asString()).isEqualTo("ended by SIGKILL");
    }

    @Test
    void what_the_account_was_worth_comes_in_few_points_that_keep_the_lowest() throws Exception {
        home.store.write(tx -> {
            List<LedgerEntry> entries = new ArrayList<>();
            for (int i = 1; i <= 12_000; i++) {
                entries.add(new LedgerEntry(
                        deployment.id(),
                        i,
                        "bar",
                        home.clock.now().plusSeconds(i),
                        (long) i,
                        i == 7_777 ? 1.0 : 1000.0 + i,
                        Map.of()));
            }
            tx.append(entries);
            return null;
        });

        JsonNode json = home.json("/api/v1/deployments/" + deployment.id() + "/equity");

        assertThat(json.path("count").asInt()).isEqualTo(12_000);
        assertThat(json.path("value").size()).isBetween(500, 2000);
        assertThat(json.path("at").size()).isEqualTo(json.path("value").size());
        assertThat(json.path("step").toString())
                .contains(",7777,")
                .startsWith("[1,")
                .endsWith(",12000]");
    }

    @Test
    void the_log_of_a_start_is_shown_harmless_and_from_its_end() throws Exception {
        Path log = directory.resolve("logs/traders/" + deployment.id() + "-2.log");
        Files.createDirectories(log.getParent());
        Files.writeString(log, "one\n\u001b[31mred\u001b[0m\nthree\n<b>four</b>");

        JsonNode json = home.json("/api/v1/deployments/" + deployment.id() + "/log?lines=3");

        assertThat(json.path("lines").path(0).asString()).isEqualTo("\\u001b[31mred\\u001b[0m");
        assertThat(json.path("lines").path(2).asString()).isEqualTo("<b>four</b>");
        assertThat(json.path("truncated").asBoolean()).isTrue();
        assertThat(home.get("/api/v1/deployments/" + deployment.id() + "/log?start=1")
                        .statusCode())
                .isEqualTo(404);
        assertThat(home.get("/api/v1/deployments/" + deployment.id() + "/log?start=3")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void of_a_huge_log_the_end_alone_is_read() throws Exception {
        Path log = directory.resolve("logs/traders/" + deployment.id() + "-2.log");
        Files.createDirectories(log.getParent());
        Files.writeString(log, "x".repeat(LogExcerpt.MOST_BYTES) + "\n" + "y".repeat(100_000) + "\nlast\n");

        JsonNode json = home.json("/api/v1/deployments/" + deployment.id() + "/log");

        assertThat(json.path("lines").size()).isEqualTo(2);
        assertThat(json.path("lines").path(0).asString())
                .hasSizeLessThan(10_000)
                .endsWith("…");
        assertThat(json.path("lines").path(1).asString()).isEqualTo("last");
        assertThat(json.path("truncated").asBoolean()).isTrue();
    }

    @Test
    void links_out_of_the_logs_are_not_followed() throws Exception {
        Path secret = Files.createDirectories(directory.resolve("elsewhere")).resolve(deployment.id() + "-2.log");
        Files.writeString(secret, "a secret\n");
        Files.createDirectories(directory.resolve("logs"));
        Files.createSymbolicLink(directory.resolve("logs/traders"), secret.getParent());

        HttpResponse<String> answer = home.get("/api/v1/deployments/" + deployment.id() + "/log");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).doesNotContain("a secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"999", "x", "..", "%2e%2e%2f", "-1"})
    void an_id_that_names_nothing_is_not_found(String id) throws Exception {
        for (String path : List.of("", "/equity", "/log")) {
            assertThat(home.raw("GET /api/v1/deployments/" + id + path
                            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .containsPattern("\\AHTTP/1.1 40[04] ")
                    .contains("application/problem+json");
        }
    }

    @Test
    void events_come_by_page_and_kind() throws Exception {
        for (int i = 0; i < 3; i++) {
            home.post("/api/v1/stages/backtest/pause", "{}");
            home.post("/api/v1/stages/backtest/unpause", "{}");
        }

        JsonNode first = home.json("/api/v1/events?type=operator_pause&limit=2");
        JsonNode second = home.json("/api/v1/events?type=operator_pause&limit=2&before="
                + first.path("next").asString());

        assertThat(first.path("events").size()).isEqualTo(2);
        assertThat(second.path("events").size()).isEqualTo(1);
        assertThat(second.path("next").isNull()).isTrue();
        assertThat(home.get("/api/v1/events?type=nothing").statusCode()).isEqualTo(400);
        assertThat(home.get("/api/v1/events?before=x").statusCode()).isEqualTo(400);
        assertThat(home.json("/api/v1/events?trial=424242").path("events").size())
                .isZero();
    }

    @Test
    void figures_come_in_the_form_of_prometheus() throws Exception {
        HttpResponse<String> answer = home.get("/metrics");

        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
        assertThat(answer.body())
                .contains(
                        "pipeline_trials{status=\"deployed\"} 1.0",
                        "pipeline_deployments{health=\"healthy\"} 1.0",
                        "pipeline_health 0.0",
                        "pipeline_status_age_seconds",
                        "jvm_memory_used_bytes");
    }
}
