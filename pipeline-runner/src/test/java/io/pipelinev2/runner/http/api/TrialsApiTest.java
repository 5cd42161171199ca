package io.pipelinev2.runner.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.ServedHome;
import io.pipelinev2.runner.http.problem.Problem;
import io.pipelinev2.runner.view.Json;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
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

class TrialsApiTest {

    @TempDir
    Path directory;

    private ServedHome home;

    @BeforeEach
    void open() {
        home = new ServedHome(directory);
    }

    @AfterEach
    void close() {
        home.close();
    }

    @Test
    void pages_follow_one_another_to_the_end() throws Exception {
        for (int i = 0; i < 7; i++) {
            home.sample.trial("ppo", i, i % 3 == 0 ? null : (double) (i % 3), TrialStatus.PENDING, null);
        }

        List<Integer> numbers = new ArrayList<>();
        String after = "";
        for (int pages = 0; pages < 4; pages++) {
            JsonNode page = home.json("/api/v1/trials?sort=value&order=desc&limit=2" + after);
            page.path("trials").forEach(row -> numbers.add(row.path("number").asInt()));
            after = "&after=" + page.path("next").asString("");
            assertThat(page.path("next").isNull()).isEqualTo(pages == 3);
        }

        assertThat(numbers).containsExactly(5, 2, 4, 1, 6, 3, 0);
    }

    @Test
    void a_row_is_what_the_command_line_prints_with_its_id_and_version() throws Exception {
        Trial trial = home.sample.trial("ppo", 7, 1.5, TrialStatus.COMPLETED, "ranked 4");
        home.sample.passed(trial, 1.25);

        JsonNode row = home.json("/api/v1/trials").path("trials").path(0);

        assertThat(row.path("id").asLong()).isEqualTo(trial.id());
        assertThat(row.path("study").asString()).isEqualTo("ppo");
        assertThat(row.path("number").asInt()).isEqualTo(7);
        assertThat(row.path("metrics").path("sharpe").asDouble()).isEqualTo(1.25);
        assertThat(row.path("rank").asInt()).isEqualTo(1);
        assertThat(row.path("optuna_rank").asInt()).isEqualTo(1);
        assertThat(row.path("version").asString()).isEqualTo(home.versionOf(trial.id()));
    }

    @Test
    void filters_are_of_study_number_status_stage_and_text() throws Exception {
        Trial passed = home.sample.trial("ppo", 1, 1.0, TrialStatus.COMPLETED, null);
        home.sample.passed(passed, 1.0);
        Trial failed = home.sample.trial("td3", 1, 2.0, TrialStatus.FAILED, "gate: Sharpe < 1");
        home.sample.stage(failed, "backtest", StageStatus.FAILED, 1, "Sharpe 0.4 is below 1", null);

        assertThat(listed("study=td3")).containsExactly(failed.id());
        assertThat(listed("number=1")).containsExactly(passed.id(), failed.id());
        assertThat(listed("status=failed")).containsExactly(failed.id());
        assertThat(listed("status=failed,completed")).hasSize(2);
        assertThat(listed("stage=backtest")).containsExactly(failed.id());
        assertThat(listed("stage=backtest&stage_status=passed")).containsExactly(passed.id());
        assertThat(listed("text=SHARPE")).containsExactly(failed.id());
        assertThat(listed("text=%25")).isEmpty();
        assertThat(listed("study=nowhere")).isEmpty();
    }

    private List<Long> listed(String query) throws Exception {
        List<Long> ids = new ArrayList<>();
        home.json("/api/v1/trials?" + query)
                .path("trials")
                .forEach(row -> ids.add(row.path("id").asLong()));
        return ids;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "after=x",
                "after=%00",
                "after=////",
                "after=dXBkYXRlZA",
                "limit=0",
                "limit=501",
                "limit=-1",
                "limit=1e3",
                "limit=99999999999999999999",
                "sort=name",
                "order=up",
                "status=happy",
                "status=",
                "status=failed,,",
                "stage_status=passed",
                "stage=backtest&stage_status=great",
                "number=-1",
                "number=one",
                "sort=value&sort=number",
                "unknown=1",
                "limit=1&__proto__=1"
            })
    void what_cannot_be_asked_for_is_a_problem_that_says_what_can(String query) throws Exception {
        HttpResponse<String> answer = home.get("/api/v1/trials?" + query);

        if (query.equals("status=")) {
            assertThat(answer.statusCode()).as("an empty filter is none").isEqualTo(200);
            return;
        }
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(Problem.MEDIA_TYPE);
        assertThat(answer.body()).contains("\"status\":400", "\"code\":\"bad_request\"");
    }

    @Test
    void a_key_of_one_order_is_refused_in_another() throws Exception {
        home.sample.trial("ppo", 1, 1.0, TrialStatus.PENDING, null);
        home.sample.trial("ppo", 2, 2.0, TrialStatus.PENDING, null);
        String next =
                home.json("/api/v1/trials?sort=value&limit=1").path("next").asString();

        assertThat(home.get("/api/v1/trials?sort=value&after=" + next).statusCode())
                .isEqualTo(200);
        HttpResponse<String> other = home.get("/api/v1/trials?sort=number&after=" + next);
        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(other.body()).contains("another order");
    }

    @Test
    void everything_about_one_trial_is_told() throws Exception {
        Trial trial = home.sample.trial("ppo", 7, 1.5, TrialStatus.PENDING, null);
        StageRun stage = home.sample.stage(trial, "backtest", StageStatus.PENDING, 1, "no data", null);
        attempt(stage, 1, "no data");

        JsonNode json = home.json("/api/v1/trials/" + trial.id());

        assertThat(json.path("stages").path("backtest").path("max_attempts").asInt())
                .isEqualTo(3);
        assertThat(json.path("attempts").path(0).path("error").asString()).isEqualTo("no data");
        assertThat(json.path("attempts").path(0).path("attempt").asLong()).isPositive();
    }

    private Attempt attempt(StageRun stage, int number, String error) {
        return home.store.write(tx -> tx.insert(new Attempt(
                0,
                stage.id(),
                stage.trialId(),
                stage.name(),
                number,
                number,
                "runner",
                "host",
                home.clock.now(),
                home.clock.now().plusSeconds(5),
                Attempt.Outcome.ERROR,
                error,
                null)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "999999",
                "0",
                "-1",
                "x",
                "1.5",
                "999999999999999999",
                "9999999999999999999999",
                "%2e%2e",
                "1%20or%201=1"
            })
    void an_id_that_names_nothing_is_not_found(String id) throws Exception {
        home.sample.trial("ppo", 1, 1.0, TrialStatus.PENDING, null);
        for (String path : List.of("", "/equity", "/attempts/1/log")) {
            HttpResponse<String> answer = home.get("/api/v1/trials/" + id + path);
            assertThat(answer.statusCode()).as(path).isIn(404, 400);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue(Problem.MEDIA_TYPE);
        }
    }

    @Test
    void a_curve_comes_in_columns_and_in_few_points() throws Exception {
        Trial trial = home.sample.trial("ppo", 7, 1.5, TrialStatus.COMPLETED, null);
        home.sample.passed(trial, 1.0);
        double[] values = new double[5000];
        for (int i = 0; i < values.length; i++) {
            values[i] = 100 + i;
        }
        values[1234] = 1;
        home.store.write(tx -> {
            tx.put(trial.id(), "backtest", List.of(new Series("equity", "d1", values)));
            return null;
        });

        JsonNode json = home.json("/api/v1/trials/" + trial.id() + "/equity");

        assertThat(json.path("count").asInt()).isEqualTo(5000);
        assertThat(json.path("value").size())
                .isBetween(1000, 2000)
                .isEqualTo(json.path("step").size());
        assertThat(json.path("step").toString()).contains(",1234,");
        assertThat(json.path("basis").asString()).isEqualTo("d1");
        assertThat(home.json("/api/v1/trials/" + trial.id() + "/equity?points=10")
                        .path("value")
                        .size())
                .isLessThanOrEqualTo(10);
        assertThat(home.get("/api/v1/trials/" + trial.id() + "/equity?series=benchmark")
                        .body())
                .contains("but equity");
        assertThat(home.get("/api/v1/trials/" + trial.id() + "/equity?points=2001")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void the_log_of_one_attempt_is_told_from_another_of_its_number() throws Exception {
        Trial trial = home.sample.trial("ppo", 7, 1.5, TrialStatus.PENDING, null);
        StageRun stage = home.sample.stage(trial, "backtest", StageStatus.PENDING, 1, "no data", null);
        Attempt first = attempt(stage, 1, "no data");
        Path log = directory.resolve("logs/trials/ppo-7.log");
        Files.createDirectories(log.getParent());
        String then = home.clock.now().toString();
        String later = home.clock.now().plus(Duration.ofHours(1)).toString();
        Files.writeString(
                log,
                String.join(
                        "\n",
                        List.of(
                                line(then, "backtest", 1, "of the first"),
                                line(then, "backtest", 2, "of the second"),
                                line(then, "deploy", 1, "of another stage"),
                                "no json at all",
                                line(later, "backtest", 1, "after a retry"),
                                "")));

        JsonNode json = home.json("/api/v1/trials/" + trial.id() + "/attempts/" + first.id() + "/log");

        assertThat(json.path("lines").size()).isEqualTo(1);
        assertThat(json.path("lines").path(0).asString()).contains("of the first");
        assertThat(json.path("truncated").asBoolean()).isFalse();
        assertThat(home.get("/api/v1/trials/" + trial.id() + "/attempts/99/log").statusCode())
                .isEqualTo(404);
    }

    @Test
    void the_log_of_an_attempt_goes_across_files_that_were_set_aside_and_can_be_followed() throws Exception {
        Trial trial = home.sample.trial("ppo", 7, 1.5, TrialStatus.PENDING, null);
        StageRun stage = home.sample.stage(trial, "backtest", StageStatus.PENDING, 1, "no data", null);
        Attempt attempt = attempt(stage, 1, "no data");
        Path logs = Files.createDirectories(directory.resolve("logs/trials"));
        String then = home.clock.now().toString();
        Path log = logs.resolve("ppo-7.log");
        Files.writeString(logs.resolve("ppo-7.aside.log"), line(then, "backtest", 1, "set aside") + "\n");
        Files.writeString(log, line(then, "backtest", 1, "not yet") + "\n");
        String path = "/api/v1/trials/" + trial.id() + "/attempts/" + attempt.id() + "/log";

        JsonNode first = home.json(path);
        Files.writeString(
                log,
                line(then, "backtest", 2, "of another") + "\n" + line(then, "backtest", 1, "new") + "\n",
                StandardOpenOption.APPEND);
        JsonNode next = home.json(path + "?after=" + first.path("next").asString());

        assertThat(first.path("lines").toString()).contains("set aside", "not yet");
        assertThat(next.path("lines").size()).isEqualTo(1);
        assertThat(next.path("lines").path(0).asString()).contains("new");
        assertThat(next.path("truncated").asBoolean()).isFalse();
        assertThat(home.get(path + "?after=1").statusCode()).isEqualTo(400);
    }

    private static String line(String at, String stage, int attempt, String message) {
        return Json.compact(Map.of("timestamp", at, "stage", stage, "attempt", attempt, "message", message));
    }

    @Test
    void a_link_in_place_of_a_log_is_not_followed() throws Exception {
        Trial trial = home.sample.trial("ppo", 7, 1.5, TrialStatus.PENDING, null);
        StageRun stage = home.sample.stage(trial, "backtest", StageStatus.PENDING, 1, "no data", null);
        Attempt attempt = attempt(stage, 1, "no data");
        Path secret = Files.writeString(
                directory.resolve("secret"), line(home.clock.now().toString(), "backtest", 1, "a secret") + "\n");
        Path log = directory.resolve("logs/trials/ppo-7.log");
        Files.createDirectories(log.getParent());
        Files.createSymbolicLink(log, secret);

        HttpResponse<String> answer = home.get("/api/v1/trials/" + trial.id() + "/attempts/" + attempt.id() + "/log");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).doesNotContain("a secret");
    }

    @Test
    void trials_are_sorted_by_what_their_backtest_measured_page_by_page() throws Exception {
        try (ServedHome home = new ServedHome(directory.resolve("sorted"))) {
            home.sample.passed(home.sample.trial("ppo", 1, 1.0, TrialStatus.COMPLETED, null), 0.5, 0.1, 0.3, 10);
            home.sample.trial("ppo", 2, 1.0, TrialStatus.PENDING, null);
            home.sample.passed(home.sample.trial("ppo", 3, 1.0, TrialStatus.COMPLETED, null), 1.5, 0.1, 0.1, 30);
            home.sample.passed(home.sample.trial("ppo", 4, 1.0, TrialStatus.COMPLETED, null), -0.5, 0.1, 0.2, 20);

            assertThat(sorted(home, "sharpe", "desc")).containsExactly(3, 1, 4, 2);
            assertThat(sorted(home, "max_drawdown", "asc")).containsExactly(3, 4, 1, 2);
            assertThat(sorted(home, "trades", "asc")).containsExactly(1, 4, 3, 2);
            String next =
                    home.json("/api/v1/trials?sort=sharpe&limit=1").path("next").asString();
            assertThat(home.get("/api/v1/trials?sort=trades&after=" + next).statusCode())
                    .isEqualTo(400);
            assertThat(home.get("/trials?sort=sharpe&order=desc").body())
                    .contains("<option value=\"max_drawdown\">", "selected=\"selected\">sharpe");
        }
    }

    private static List<Integer> sorted(ServedHome home, String sort, String order) throws Exception {
        List<Integer> numbers = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = home.json("/api/v1/trials?limit=1&sort=" + sort + "&order=" + order + after);
            numbers.add(page.path("trials").path(0).path("number").asInt());
            after = page.path("next").isNull()
                    ? null
                    : "&after=" + page.path("next").asString();
        } while (after != null);
        return numbers;
    }
}
