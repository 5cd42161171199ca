package io.pipelinev2.runner.http.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.HandledRequest;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.ServedHome;
import io.pipelinev2.runner.http.api.OpenApiDocument;
import io.pipelinev2.runner.http.exchange.RequestKey;
import io.pipelinev2.runner.http.problem.Problem;
import io.pipelinev2.runner.view.BulkView;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One request for many trials: each is done on what was seen of it, and answered by itself. */
class BulkApiTest {

    private static final String RETRY = "/api/v1/bulk/retry";
    private static final String KEY = "Idempotency-Key";

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
        Trial trial = home.sample.trial("ppo", number, 1.0, TrialStatus.FAILED, "no data yet");
        home.sample.stage(trial, "backtest", StageStatus.FAILED, 3, "no data yet", null);
        return trial;
    }

    private static String named(long id, String version) {
        return "{\"id\":" + id + ",\"expected_version\":\"" + version + "\"}";
    }

    private String seen(Trial trial) throws Exception {
        return named(trial.id(), home.versionOf(trial.id()));
    }

    private static String body(String... trials) {
        return "{\"reason\":\"data came\",\"trials\":[" + String.join(",", trials) + "]}";
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private TrialStatus status(Trial trial) {
        return home.store.read(tx -> tx.trial(trial.id()).orElseThrow().status());
    }

    private List<Event> events() {
        return home.store.read(tx -> tx.events(null, 50));
    }

    @Test
    void each_is_done_on_what_was_seen_of_it_and_answered_by_itself() throws Exception {
        Trial one = failed(1);
        Trial moved = failed(2);
        Trial done = home.sample.trial("ppo", 3, 1.0, TrialStatus.COMPLETED, null);
        home.sample.passed(done, 1.0);

        HttpResponse<String> answer =
                home.post(RETRY, body(seen(one), named(moved.id(), "00"), seen(done), named(999, "*")));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(207);
        JsonNode json = json(answer);
        assertThat(json.path("result").asString()).isEqualTo("partly");
        assertThat(json.path("message").asString()).startsWith("retry: 1 of 4 done, 3 refused");
        assertThat(json.path("items").findValuesAsString("result"))
                .containsExactly("done", "refused", "refused", "refused");
        assertThat(json.path("items").findValuesAsString("code"))
                .containsExactly("", "version_conflict", "conflict", "not_found");
        assertThat(json.at("/items/0/message").asString()).contains("Stage backtest of trial ppo/1 is due again");
        assertThat(json.at("/items/1/study").asString()).isEqualTo("ppo");
        assertThat(json.at("/items/3/study").isNull()).isTrue();
        assertThat(status(one)).isNotEqualTo(TrialStatus.FAILED);
        assertThat(status(moved)).isEqualTo(TrialStatus.FAILED);
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.trialId()).isEqualTo(one.id());
            assertThat(event.origin()).isEqualTo("api");
            assertThat(event.message()).contains("data came");
        });
    }

    @Test
    void sent_again_it_is_answered_as_before_and_nothing_is_done_twice() throws Exception {
        String body = body(seen(failed(1)), seen(failed(2)), named(999, "*"));

        HttpResponse<String> first = home.post(RETRY, body, KEY, "bulk-0001");
        HttpResponse<String> again = home.post(RETRY, body, KEY, "bulk-0001");
        HttpResponse<String> other = home.post(RETRY, body(named(999, "*")), KEY, "bulk-0001");

        assertThat(first.statusCode()).isEqualTo(207);
        assertThat(again.statusCode()).isEqualTo(207);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue(RequestKey.REPLAYED)).hasValue("true");
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(events()).hasSize(2);
    }

    @Test
    void what_broke_off_goes_on_under_the_same_key() throws Exception {
        Trial one = failed(1);
        Trial two = failed(2);
        String body = body(seen(one), seen(two));
        // as if the daemon had died after the first
        kept("bulk-0002/" + one.id(), sha256(RETRY + "\n" + body), "done before the end");
        kept("bulk-0002/" + two.id(), "of another request", "something else");
        HttpResponse<String> mixed = home.post(RETRY, body, KEY, "bulk-0002");
        assertThat(json(mixed).path("items").findValuesAsString("code")).containsExactly("", "key_reused");

        kept("bulk-0005/" + one.id(), sha256(RETRY + "\n" + body), "done before the end");
        HttpResponse<String> answer = home.post(RETRY, body, KEY, "bulk-0005");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).at("/items/0/message").asString()).isEqualTo("done before the end");
        assertThat(events()).singleElement().extracting(Event::trialId).isEqualTo(two.id());
    }

    private void kept(String key, String fingerprint, String message) {
        HandledRequest handled = new HandledRequest(
                key, fingerprint, "{\"result\":\"done\",\"message\":\"" + message + "\"}", home.store.now());
        home.store.write(tx -> {
            tx.put(handled);
            return handled;
        });
    }

    private static String sha256(String text) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }

    @Test
    void what_was_refused_for_all_may_be_sent_again() throws Exception {
        Trial done = home.sample.trial("ppo", 3, 1.0, TrialStatus.COMPLETED, null);
        home.sample.passed(done, 1.0);
        String body = body(named(done.id(), "*"));

        assertThat(home.post(RETRY, body, KEY, "bulk-0003").statusCode()).isEqualTo(409);
        HttpResponse<String> again = home.post(RETRY, body, KEY, "bulk-0003");

        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.headers().firstValue(RequestKey.REPLAYED)).isEmpty();
        assertThat(json(again).path("result").asString()).isEqualTo("refused");
    }

    @Test
    void a_skip_takes_its_stage_and_reason() throws Exception {
        Trial trial = failed(1);
        String trials = "\"trials\":[" + seen(trial) + "]";
        assertThat(home.post("/api/v1/bulk/skip", "{" + trials + ",\"reason\":\"known good\"}")
                        .statusCode())
                .isEqualTo(400);

        HttpResponse<String> answer =
                home.post("/api/v1/bulk/skip", "{" + trials + ",\"reason\":\"known good\",\"stage\":\"backtest\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(status(trial)).isEqualTo(TrialStatus.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"trials\":7}",
                "{\"trials\":[]}",
                "{\"trials\":[7]}",
                "{\"trials\":[{\"id\":7}]}",
                "{\"trials\":[{\"id\":\"7\",\"expected_version\":\"*\"}]}",
                "{\"trials\":[{\"id\":7.5,\"expected_version\":\"*\"}]}",
                "{\"trials\":[{\"id\":7,\"expected_version\":null}]}",
                "{\"trials\":[{\"id\":7,\"expected_version\":\"*\",\"x\":1}]}",
                "{\"trials\":[{\"id\":7,\"expected_version\":\"*\"},{\"id\":7,\"expected_version\":\"*\"}]}",
                "{\"trials\":[[[[[[[[[]]]]]]]]]}"
            })
    void a_list_of_another_form_is_refused_as_a_whole(String body) throws Exception {
        HttpResponse<String> answer = home.post(RETRY, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(Problem.MEDIA_TYPE);
    }

    @Test
    void no_more_than_the_limit_are_taken() throws Exception {
        String many = IntStream.rangeClosed(1, BulkView.MOST + 1)
                .mapToObj(id -> named(id, "*"))
                .collect(Collectors.joining(","));

        HttpResponse<String> answer = home.post(RETRY, body(many));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("1 to 500", "names 501");
    }

    @Test
    void the_token_for_reading_does_not_do() throws Exception {
        home.close();
        Path reading = directory.resolve("state").resolve("http_read_token");
        home = new ServedHome(directory, ServedHome.readsByTheirOwnToken(reading));
        Trial trial = failed(1);

        HttpResponse<String> answer = home.postAsIs(
                RETRY,
                body(named(trial.id(), "*")),
                "Content-Type",
                "application/json",
                KEY,
                "bulk-0004",
                "Authorization",
                "Bearer " + Files.readString(reading).strip());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(status(trial)).isEqualTo(TrialStatus.FAILED);
    }

    @Test
    void what_is_answered_is_as_the_document_says() throws Exception {
        JsonNode schema = home.json(OpenApiDocument.PATH).at("/components/schemas/Bulk");
        JsonNode answer = json(home.post(RETRY, body(seen(failed(1)))));

        assertThat(schema.path("required").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrderElementsOf(answer.propertyNames());
        assertThat(schema.at("/properties/items/items/required").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrderElementsOf(answer.at("/items/0").propertyNames());
        JsonNode trials = home.json(OpenApiDocument.PATH)
                .at(
                        "/paths/~1api~1v1~1bulk~1retry/post/requestBody/content/application~1json/schema/properties/trials");
        assertThat(trials.path("maxItems").asInt()).isEqualTo(BulkView.MOST);
    }
}
