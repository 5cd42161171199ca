package io.pipelinev2.runner.http.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.ServedHome;
import io.pipelinev2.runner.http.problem.Problem;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator does over HTTP: done once, on what was seen, and on record. */
class ActionsTest {

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

    private Trial failed(int number) {
        Trial trial = home.sample.trial("ppo", number, 1.0, TrialStatus.FAILED, "no data");
        home.sample.stage(trial, "backtest", StageStatus.FAILED, 3, "no data", null);
        return trial;
    }

    private Deployment deployed(int number) {
        Trial trial = home.sample.trial("ppo", number, 1.0, TrialStatus.DEPLOYED, null);
        home.sample.stage(trial, "backtest", StageStatus.PASSED, 1, null, Map.of("model_sha256", "abc", "trades", 3L));
        home.sample.stage(trial, "deploy", StageStatus.PASSED, 1, null, null);
        return home.sample.running(trial, 4711);
    }

    private HttpResponse<String> act(long trial, String verb, String more, String... headers) throws Exception {
        return home.post(
                "/api/v1/trials/" + trial + "/" + verb,
                "{\"expected_version\":\"" + home.versionOf(trial) + "\"" + more + "}",
                headers);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private List<Event> events() {
        return home.store.read(tx -> tx.events(null, 100));
    }

    @Test
    void a_retry_is_done_said_and_recorded_with_who_asked() throws Exception {
        Trial trial = failed(7);

        HttpResponse<String> answer = act(trial.id(), "retry", ",\"reason\":\"data came\"");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).path("message").asString()).isEqualTo("Stage backtest of trial ppo/7 is due again.");
        assertThat(home.store
                        .<StageRun>read(tx -> tx.stage(trial.id(), "backtest").orElseThrow())
                        .status())
                .isEqualTo(StageStatus.PENDING);
        Event event = events().get(0);
        assertThat(event.type()).isEqualTo(EventType.OPERATOR_RETRY);
        assertThat(event.actor()).isEqualTo(System.getProperty("user.name"));
        assertThat(event.origin()).isEqualTo("api");
        assertThat(event.message()).contains("data came");
    }

    @Test
    void skip_park_unpark_and_cancel_do_what_the_commands_do() throws Exception {
        Trial trial = failed(7);
        assertThat(act(trial.id(), "skip", ",\"stage\":\"backtest\",\"reason\":\"known good\"")
                        .statusCode())
                .isEqualTo(200);
        Trial waits = home.sample.trial("ppo", 8, 1.0, TrialStatus.PENDING, null);
        home.sample.stage(waits, "backtest", StageStatus.PENDING, 0, null, null);
        assertThat(json(act(waits.id(), "park", ",\"reason\":\"later\""))
                        .path("message")
                        .asString())
                .contains("is parked");
        assertThat(act(waits.id(), "unpark", "").statusCode()).isEqualTo(200);
        assertThat(act(waits.id(), "cancel", ",\"reason\":\"not needed\"").statusCode())
                .isEqualTo(200);

        assertThat(home.store
                        .<Trial>read(tx -> tx.trial(waits.id()).orElseThrow())
                        .status())
                .isEqualTo(TrialStatus.FAILED);
        assertThat(events())
                .extracting(Event::type)
                .containsExactly(
                        EventType.OPERATOR_CANCEL,
                        EventType.OPERATOR_UNPARK,
                        EventType.OPERATOR_PARK,
                        EventType.TRIAL_COMPLETED,
                        EventType.OPERATOR_SKIP);
    }

    @Test
    void what_is_still_to_be_carried_out_is_accepted_in_words() throws Exception {
        Deployment deployment = deployed(7);

        HttpResponse<String> answer = act(deployment.trialId(), "stop", "");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(json(answer).path("result").asString()).isEqualTo("accepted");
        assertThat(json(answer).path("message").asString())
                .startsWith("Trial ppo/7 (PAPER) is ended: SIGTERM to its process group, SIGKILL after 10 s.");
        assertThat(json(answer).path("desired").asString()).isEqualTo("stopped");
        assertThat(home.store
                        .<Deployment>read(tx -> tx.deployment(deployment.id()).orElseThrow())
                        .desired())
                .isEqualTo(DesiredState.STOPPED);
    }

    @ParameterizedTest
    @CsvSource({
        "restart,'',202,OPERATOR_RESTART",
        "flatten,'',202,OPERATOR_FLATTEN",
        "halt,'',202,OPERATOR_HALT",
        "halt,',\"state\":\"reducing\"',202,OPERATOR_HALT",
        "resume,'',202,OPERATOR_RESUME",
        "pin,',\"reason\":\"mine\"',200,OPERATOR_PIN",
        "never,'',200,OPERATOR_NEVER",
    })
    void each_verb_on_a_deployment_leaves_its_event(String verb, String more, int status, EventType event)
            throws Exception {
        Deployment deployment = deployed(7);

        HttpResponse<String> answer = act(deployment.trialId(), verb, more);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(events()).extracting(Event::type).containsExactly(event);
    }

    @Test
    void what_was_preferred_can_be_taken_back() throws Exception {
        Deployment deployment = deployed(7);
        act(deployment.trialId(), "pin", ",\"reason\":\"mine\"");

        assertThat(json(act(deployment.trialId(), "unpin", "")).path("message").asString())
                .contains("pinned no longer");
        act(deployment.trialId(), "never", "");
        assertThat(json(act(deployment.trialId(), "readmit", ""))
                        .path("message")
                        .asString())
                .contains("may be deployed again");
        assertThat(act(deployment.trialId(), "deploy", "").statusCode()).isIn(202, 409);
    }

    @Test
    void what_is_refused_is_a_conflict_with_the_reason() throws Exception {
        Trial trial = failed(7);

        HttpResponse<String> reset = act(trial.id(), "reset", "");

        assertThat(reset.statusCode()).isEqualTo(409);
        assertThat(json(reset).path("code").asString()).isEqualTo("conflict");
        assertThat(json(reset).path("detail").asString()).contains("ppo/7 is not deployed");
        assertThat(act(trial.id(), "retry", ",\"stage\":\"nowhere\"").statusCode())
                .isEqualTo(409);
        assertThat(events()).isEmpty();
    }

    @Test
    void a_row_that_moved_on_is_not_changed() throws Exception {
        Trial trial = failed(7);
        String seen = home.versionOf(trial.id());
        act(trial.id(), "retry", "");

        HttpResponse<String> late = home.post(
                "/api/v1/trials/" + trial.id() + "/skip",
                "{\"stage\":\"backtest\",\"reason\":\"x\",\"expected_version\":\"" + seen + "\"}");

        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(json(late).path("code").asString()).isEqualTo("version_conflict");
        assertThat(json(late).path("detail").asString())
                .contains("Nothing was changed")
                .contains(home.versionOf(trial.id()));
        assertThat(events()).hasSize(1);
        assertThat(home.post(
                                "/api/v1/trials/" + trial.id() + "/skip",
                                "{\"stage\":\"backtest\",\"reason\":\"x\",\"expected_version\":\"*\"}")
                        .statusCode())
                .as("any version")
                .isEqualTo(200);
    }

    @Test
    void a_request_sent_again_is_answered_as_before_and_not_carried_out_again() throws Exception {
        Deployment deployment = deployed(7);
        String body = "{\"expected_version\":\"" + home.versionOf(deployment.trialId()) + "\"}";
        String path = "/api/v1/trials/" + deployment.trialId() + "/flatten";

        HttpResponse<String> first = home.post(path, body, "Idempotency-Key", "my-key-0001");
        HttpResponse<String> again = home.post(path, body, "Idempotency-Key", "my-key-0001");

        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
        assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(events()).hasSize(1);

        HttpResponse<String> other =
                home.post("/api/v1/trials/" + deployment.trialId() + "/halt", body, "Idempotency-Key", "my-key-0001");
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(json(other).path("code").asString()).isEqualTo("key_reused");
    }

    @Test
    void of_the_same_request_sent_many_times_at_once_one_is_carried_out() throws Exception {
        Deployment deployment = deployed(7);
        String body = "{\"expected_version\":\"*\"}";
        Callable<HttpResponse<String>> send = () -> home.post(
                "/api/v1/trials/" + deployment.trialId() + "/flatten", body, "Idempotency-Key", "my-key-0002");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<HttpResponse<String>> each : threads.invokeAll(List.of(send, send, send, send))) {
                assertThat(each.get().statusCode()).as(each.get().body()).isEqualTo(202);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(events()).hasSize(1);
        assertThat(home.store
                        .<Deployment>read(tx -> tx.deployment(deployment.id()).orElseThrow())
                        .flattens())
                .isEqualTo(1);
    }

    @Test
    void a_refused_request_may_be_sent_again_under_its_key() throws Exception {
        Trial trial = failed(7);
        String path = "/api/v1/trials/" + trial.id() + "/skip";
        String body = "{\"expected_version\":\"*\",\"stage\":\"deploy\",\"reason\":\"x\"}";
        assertThat(home.post(path, body, "Idempotency-Key", "my-key-0003").statusCode())
                .isEqualTo(409);
        home.sample.stage(trial, "deploy", StageStatus.FAILED, 1, "x", null);

        assertThat(home.post(path, body, "Idempotency-Key", "my-key-0003").statusCode())
                .isEqualTo(200);
    }

    @Test
    void stages_are_paused_and_unpaused_on_what_was_seen() throws Exception {
        String seen = version("backtest");
        assertThat(home.post("/api/v1/stages/backtest/pause", "{\"reason\":\"disk\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(home.post("/api/v1/stages/backtest/unpause", "{\"expected_version\":\"" + seen + "\"}")
                        .statusCode())
                .isEqualTo(409);
        assertThat(home.post(
                                "/api/v1/stages/backtest/unpause",
                                "{\"expected_version\":\"" + version("backtest") + "\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(home.post("/api/v1/stages/*/pause", "{}").body()).contains("All stages are paused");
        assertThat(home.store.<Integer>read(tx -> tx.holds().size())).isEqualTo(1);
        assertThat(home.post("/api/v1/stages/nowhere/pause", "{}").statusCode()).isEqualTo(404);
    }

    private String version(String stage) throws Exception {
        for (JsonNode row : home.json("/api/v1/stages").path("stages")) {
            if (row.path("stage").asString().equals(stage)) {
                return row.path("version").asString();
            }
        }
        throw new AssertionError(stage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/orders/", "/api/"})
    void all_orders_are_halted_and_resumed(String base) throws Exception {
        Path file = directory.resolve("state").resolve("KILL");
        HttpResponse<String> halted = home.post(base + "halt", "{\"state\":\"reducing\",\"reason\":\"odd prices\"}");

        assertThat(halted.statusCode()).isEqualTo(200);
        assertThat(json(halted).path("orders").asString()).isEqualTo("reducing");
        assertThat(json(halted).path("message").asString()).startsWith("All traders of this home are reducing");
        assertThat(Files.readString(file)).startsWith("reducing at ").contains("odd prices");
        assertThat(home.get("/status").body()).contains("\"orders\":\"reducing\"");
        assertThat(home.get("/").body()).contains(">reducing<", "odd prices");
        assertThat(json(home.post(base + "halt", "")).path("orders").asString()).isEqualTo("halted");

        assertThat(json(home.post(base + "resume", "{}")).path("orders").asString())
                .isEqualTo("active");
        assertThat(file).doesNotExist();
        assertThat(events())
                .extracting(Event::type)
                .containsExactly(EventType.OPERATOR_RESUME, EventType.OPERATOR_HALT, EventType.OPERATOR_HALT);
    }

    @Test
    void a_halt_sent_again_after_a_resume_does_not_halt_again() throws Exception {
        home.post("/api/v1/orders/halt", "{}", "Idempotency-Key", "my-key-0004");
        home.post("/api/v1/orders/resume", "{}");

        HttpResponse<String> again = home.post("/api/v1/orders/halt", "{}", "Idempotency-Key", "my-key-0004");

        assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
        assertThat(directory.resolve("state").resolve("KILL")).doesNotExist();
    }

    @Test
    void a_halt_needs_no_database_and_says_that_it_is_not_recorded() throws Exception {
        home.unrecordable = true;

        HttpResponse<String> answer = home.post("/api/v1/orders/halt", "{\"reason\":\"now\"}");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("The database is gone.", "are halted by", "not be recorded");
        assertThat(Files.readString(directory.resolve("state").resolve("KILL")))
                .startsWith("halted by ")
                .contains("now");

        HttpResponse<String> resumed = home.post("/api/v1/orders/resume", "{}");
        assertThat(resumed.statusCode()).isEqualTo(503);
        assertThat(resumed.body()).contains("Nothing was changed.");
        assertThat(directory.resolve("state").resolve("KILL")).exists();
    }

    @Test
    void halting_needs_no_key() throws Exception {
        HttpResponse<String> answer = home.postAsIs(
                "/api/v1/orders/halt",
                "",
                "Authorization",
                "Bearer " + home.token(),
                "Content-Type",
                "application/json");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void every_other_change_needs_a_key_and_what_was_seen() throws Exception {
        Trial trial = failed(7);
        String path = "/api/v1/trials/" + trial.id() + "/retry";
        HttpResponse<String> without = home.postAsIs(
                path,
                "{\"expected_version\":\"*\"}",
                "Authorization",
                "Bearer " + home.token(),
                "Content-Type",
                "application/json");
        assertThat(without.statusCode()).isEqualTo(400);
        assertThat(without.body()).contains("Idempotency-Key");
        assertThat(home.post(path, "{}").body()).contains("\"status\":400", "expected_version is missing");
        assertThat(home.post(path, "{\"expected_version\":\"*\"}", "Idempotency-Key", "short")
                        .statusCode())
                .isEqualTo(400);
        assertThat(home.post(path.replace("/" + trial.id() + "/", "/424242/"), "{\"expected_version\":\"*\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(events()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "not json",
                "{} {}",
                "{\"expected_version\":1}",
                "{\"expected_version\":\"*\",\"from\":\"yes\"}",
                "{\"expected_version\":\"*\",\"reason\":7}",
                "{\"expected_version\":\"*\",\"expected_version\":\"*\"}",
                "{\"expected_version\":\"*\",\"more\":1}",
                "{\"expected_version\":\"*\",\"reason\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}}"
            })
    void a_malformed_body_is_a_problem_that_quotes_none_of_it(String body) throws Exception {
        Trial trial = failed(7);

        HttpResponse<String> answer = home.post("/api/v1/trials/" + trial.id() + "/retry", body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(Problem.MEDIA_TYPE);
        assertThat(answer.body()).doesNotContain("not json", "JsonParser", "Exception");
        assertThat(home.store.<List<Event>>read(tx -> tx.events(null, 10))).isEmpty();
        assertThat(home.store.<List<?>>read(StoreReader::holds)).isEmpty();
    }

    @Test
    void a_read_only_server_says_so_and_changes_nothing() throws Exception {
        home.close();
        home = new ServedHome(directory, ServedHome.readOnly());
        Trial trial = failed(7);

        HttpResponse<String> answer = act(trial.id(), "retry", "");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("http.read_only");
        assertThat(home.post("/api/v1/orders/halt", "{}").statusCode()).isEqualTo(403);
        assertThat(events()).isEmpty();
    }
}
