package io.pipelinev2.runner.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.store.Finding;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.Scripts;
import io.pipelinev2.runner.http.ServedHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The pages of deployments, without a script: what the account did is drawn by the server, and is a table as well. */
class DeploymentPagesTest {

    @TempDir
    Path directory;

    private ServedHome home;
    private Trial trial;
    private Deployment deployment;

    @BeforeEach
    void open() {
        home = new ServedHome(directory);
        trial = home.sample.trial("ppo", 7, 1.0, TrialStatus.DEPLOYED, null);
        home.sample.passed(trial, 1.0);
        deployment = home.sample.running(trial, 4711);
    }

    @AfterEach
    void close() {
        home.close();
    }

    private void entry(long sequence, String kind, Long step, Double equity, Map<String, Object> content) {
        home.store.write(tx -> {
            tx.append(
                    List.of(new LedgerEntry(deployment.id(), sequence, kind, home.clock.now(), step, equity, content)));
            return null;
        });
    }

    private static Map<String, Object> fill(String name) {
        Map<String, Object> fill = new LinkedHashMap<>();
        fill.put("name", name);
        fill.put("side", "buy");
        fill.put("quantity", 0.25);
        fill.put("price", 50_000.0);
        fill.put("fee", 1.25);
        return Map.of("fills", List.of(fill));
    }

    @Test
    void the_list_links_to_each_and_says_why_in_words() throws Exception {
        Trial other = home.sample.trial("ppo", 8, 1.0, TrialStatus.COMPLETED, null);
        home.sample.stopped(other, 4712);

        String page = home.get("/deployments").body();

        assertThat(page)
                .contains(
                        "href=\"/deployments/" + deployment.id() + "\"",
                        "reported 1 s ago",
                        "stopped by an operator",
                        "4711",
                        "<h1>Deployments</h1>",
                        "href=\"/deployments\" aria-current=\"page\"");
        assertThat(page.split("<tr", -1)).hasSize(4);
    }

    @Test
    void an_account_is_drawn_and_a_table_over_what_its_backtest_leads_to_expect() throws Exception {
        entry(1, "open", null, 1000.0, Map.of());
        entry(2, "bar", 1L, 1000.0, fill("BTC<b>"));
        entry(3, "bar", 2L, 500.0, Map.of());
        entry(4, "bar", 3L, 750.0, Map.of());
        Map<String, Object> drift = new LinkedHashMap<>();
        drift.put("deployment", deployment.id());
        drift.put("drifted", true);
        drift.put("words", "it earns less than expected");
        drift.put("bars", 3L);
        drift.put("equity", Map.of("low", -0.1, "high", 0.2));
        drift.put(
                "band",
                Map.of("bars", List.of(0, 3, 4), "low", List.of(0.0, -0.1, -0.2), "high", List.of(0.0, 0.2, 0.3)));
        home.store.write(tx -> {
            tx.put(new Finding(trial.id(), "drift", null, drift, home.clock.now()));
            return null;
        });

        String page =
                Scripts.without(home.get("/deployments/" + deployment.id()).body());
        JsonNode curve = home.json("/api/v1/deployments/" + deployment.id() + "/equity");

        assertThat(curve.path("band").toString())
                .isEqualTo("{\"step\":[0,3,4],\"low\":[1000.0,900.0,800.0],\"high\":[1000.0,1200.0,1300.0]}");
        assertThat(curve.path("drawdown").path("value").toString()).isEqualTo("[0.0,-0.5,-0.25]");
        assertThat(curve.path("fills").path("step").toString()).isEqualTo("[1]");
        assertThat(curve.path("fills").path("asset").path(0).asString()).isEqualTo("BTC<b>");
        assertThat(page)
                .contains(
                        "<svg class=\"chart\"",
                        "data-equity=\"/api/v1/deployments/" + deployment.id() + "/equity\"",
                        "class=\"band\" d=\"M",
                        "class=\"curve\" d=\"M",
                        "lowest 500.00, highest 1,000.00, last 750.00",
                        "Expected by its backtest at bar 3: 900.00 to 1,200.00",
                        "it earns less than expected",
                        "View Equity (PAPER) as a table",
                        "\u221250.00 %",
                        "BTC&lt;b&gt;",
                        "50,000.00")
                .doesNotContain("<script", " style=", "BTC<b>");
    }

    @Test
    void where_only_one_place_of_the_band_is_known_that_is_marked() throws Exception {
        entry(1, "open", null, 1000.0, Map.of());
        entry(2, "bar", 1L, 1000.0, Map.of());
        Map<String, Object> drift = new LinkedHashMap<>();
        drift.put("deployment", deployment.id());
        drift.put("words", "as expected");
        drift.put("bars", 1L);
        drift.put("equity", Map.of("low", -0.1, "high", 0.2));
        home.store.write(tx -> {
            tx.put(new Finding(trial.id(), "drift", null, drift, home.clock.now()));
            return null;
        });

        assertThat(home.get("/deployments/" + deployment.id()).body())
                .contains("class=\"range\"", "900.00 to 1,200.00 (the upright mark)")
                .doesNotContain("class=\"band\"");
        assertThat(home.json("/api/v1/deployments/" + deployment.id() + "/equity")
                        .path("band")
                        .isNull())
                .isTrue();
    }

    @Test
    void starts_are_told_with_their_causes_and_logs() throws Exception {
        ProcessRun run = home.store.write(tx -> tx.insert(
                ProcessRun.started(deployment.id(), new ProcessIdentity("boot", 4710, 1, "n"), home.clock.now())));
        home.store.write(tx -> {
            tx.update(run.ended(home.clock.now().plusSeconds(60), 137, true, "killed by signal 9"));
            return null;
        });

        String page = home.get("/deployments/" + deployment.id()).body();

        assertThat(page)
                .contains(
                        "killed by signal 9",
                        ">137<",
                        ">crashed<",
                        "60 s",
                        "href=\"/deployments/" + deployment.id() + "/log?start=1\"",
                        "code 137");
        assertThat(home.get("/deployments").body()).contains("code 137");
    }

    @Test
    void what_can_be_done_is_offered_through_a_page_that_says_so_first() throws Exception {
        String page = home.getAsOwner("/deployments/" + deployment.id()).body();

        for (String action : List.of("stop", "restart", "flatten", "halt", "resume")) {
            assertThat(page).contains("href=\"/trials/" + trial.id() + "/actions/" + action + "\"");
        }
        assertThat(page).doesNotContain("/actions/reset", "/actions/pin");
        assertThat(home.get("/deployments/4242").statusCode()).isEqualTo(404);
        assertThat(home.get("/deployments/x").statusCode()).isEqualTo(404);
    }

    @Test
    void nothing_is_offered_where_nothing_can_be_changed() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        try (ServedHome readOnly = new ServedHome(other, ServedHome.readOnly())) {
            Deployment shown =
                    readOnly.sample.running(readOnly.sample.trial("ppo", 7, 1.0, TrialStatus.DEPLOYED, null), 4711);

            assertThat(readOnly.getAsOwner("/deployments/" + shown.id()).body())
                    .contains("read-only")
                    .doesNotContain("/actions/");
        }
    }

    @Test
    void a_level_leaves_out_what_is_less_grave_and_is_kept_while_the_log_is_followed() throws Exception {
        Path logs = Files.createDirectories(directory.resolve("logs").resolve("traders"));
        Path log = logs.resolve(deployment.id() + "-2.log");
        Files.writeString(
                log,
                "2026-01-29 20:00:00 INFO bar 1\n2026-01-29 20:00:01 WARN late\n  by 3 s\n"
                        + "{\"level\":\"info\",\"msg\":\"bar 2\"}\n2026-01-29 20:00:02 ERROR gone\n");
        String path = "/deployments/" + deployment.id() + "/log";

        String page = home.get(path + "?level=warn").body();
        assertThat(page)
                .contains(
                        "late\n  by 3 s",
                        "ERROR gone",
                        "href=\"" + path + "\">all lines",
                        "href=\"" + path + "?level=warn\" aria-current=\"true\">warn and above",
                        "data-tail=\"/api/v1" + path + "?start=2&amp;level=warn\"")
                .doesNotContain("bar 1", "bar 2");
        assertThat(home.get(path).body()).contains("bar 1", "bar 2", "gone");
        assertThat(home.get(path + "?level=loud").statusCode()).isEqualTo(400);
        Files.writeString(logs.resolve(deployment.id() + "-1.log"), "begun\nended\n");
        assertThat(home.get(path + "?start=1&level=error").body())
                .contains("begun\nended", "Its lines say nothing of their level, so all of them are shown.");

        String next = page.replaceAll("(?s).*data-next=\"([^\"]+)\".*", "$1");
        Files.writeString(
                log, "  of the error\n2026-01-29 20:00:03 INFO bar 3\n  of bar 3\n", StandardOpenOption.APPEND);
        JsonNode more = home.json("/api/v1" + path + "?start=2&level=warn&lines=2000&after=" + next);
        assertThat(more.path("lines").toString()).isEqualTo("[\"  of the error\"]");
        Files.writeString(log, "  still of bar 3\n", StandardOpenOption.APPEND);
        assertThat(home.json("/api/v1" + path + "?level=warn&after="
                                + more.path("next").asString())
                        .path("lines"))
                .isEmpty();
        assertThat(home.get("/api/v1" + path + "?level=warn&after=1-2-loud").statusCode())
                .isEqualTo(400);
    }

    @Test
    void what_is_there_of_one_fits_on_a_screen_and_is_no_table() throws Exception {
        assertThat(home.get("/deployments/" + deployment.id()).body())
                .contains("<dl class=\"facts\">", "<dt>PID</dt><dd>4711</dd>", "<dt>Max drawdown</dt>")
                .doesNotContain("This deployment");
    }

    @Test
    void what_a_start_wrote_is_a_page_and_inert() throws Exception {
        Path logs = Files.createDirectories(directory.resolve("logs").resolve("traders"));
        Files.writeString(logs.resolve(deployment.id() + "-1.log"), "first start\n");
        Files.writeString(logs.resolve(deployment.id() + "-2.log"), "<script>alert(1)</script>\u001b[31mred\n");
        String path = "/deployments/" + deployment.id() + "/log";

        assertThat(Scripts.without(home.get(path).body()))
                .contains("Start 2 of 2", "&lt;script&gt;", "The deployment")
                .doesNotContain("<script", "\u001b");
        assertThat(home.get(path + "?start=1").body())
                .contains("Start 1 of 2", "first start")
                .doesNotContain("data-tail");
        assertThat(home.get(path).body()).contains("data-tail=\"/api/v1" + path + "?start=2\"", "data-next=\"");
        assertThat(home.get(path + "?start=3").statusCode()).isEqualTo(404);
    }
}
