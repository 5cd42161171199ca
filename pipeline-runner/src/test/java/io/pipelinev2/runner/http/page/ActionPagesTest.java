package io.pipelinev2.runner.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.ServedHome;
import io.pipelinev2.runner.http.SignedIn;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's browser, without a script: it is told what will happen, then it happens, once. */
class ActionPagesTest {

    @TempDir
    Path directory;

    private ServedHome home;
    private Trial trial;
    private SignedIn owner;

    @BeforeEach
    void open() throws Exception {
        home = new ServedHome(directory);
        trial = home.sample.trial("ppo", 7, 1.0, TrialStatus.FAILED, "no data");
        home.sample.stage(trial, "backtest", StageStatus.FAILED, 3, "no data", null);
        owner = SignedIn.asOwner(home);
    }

    @AfterEach
    void close() {
        home.close();
    }

    private String page(String action) {
        return "/trials/" + trial.id() + "/actions/" + action;
    }

    private String fields(String action, String... typed) throws Exception {
        HttpResponse<String> confirm = owner.get(page(action));
        assertThat(confirm.body()).contains("PAPER", "Yes, " + action, "No, go back");
        return SignedIn.fields(confirm, typed);
    }

    private HttpResponse<String> send(String action, String fields) throws Exception {
        return owner.send(page(action), fields);
    }

    private List<Event> events() {
        return home.store.read(tx -> tx.events(null, 10));
    }

    @Test
    void it_is_confirmed_in_words_and_done_once() throws Exception {
        assertThat(owner.get("/trials/" + trial.id()).body())
                .contains("href=\"" + page("retry") + "\"", "href=\"" + page("pin") + "\"")
                .doesNotContain(page("unpark"), page("stop"), page("cancel"));
        String fields = fields("retry", "reason=" + SignedIn.encoded("data <came>"), "stage=", "from=on");

        HttpResponse<String> first = send("retry", fields);
        HttpResponse<String> again = send("retry", fields);

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(first.body()).contains("Stage backtest of trial ppo/7 is due again, and all after it.");
        assertThat(untimed(again)).isEqualTo(untimed(first));
        assertThat(events()).hasSize(1);
        assertThat(events().get(0).origin()).isEqualTo("dashboard");
        assertThat(events().get(0).message()).contains("data <came>");
    }

    /** What was answered, without when the page was made. */
    private static String untimed(HttpResponse<String> page) {
        return page.body().replaceAll("<time.*?</time>", "");
    }

    @Test
    void a_page_that_was_left_open_changes_nothing() throws Exception {
        String fields = fields("retry", "reason=");
        home.post("/api/v1/trials/" + trial.id() + "/retry", "{\"expected_version\":\"*\"}");

        HttpResponse<String> late = send("retry", fields);

        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.body()).contains("not any more what you saw", "role=\"alert\"", "Back to the trial");
        assertThat(events()).hasSize(1);
    }

    @Test
    void what_is_refused_is_said_on_the_page() throws Exception {
        HttpResponse<String> refused = send("reset", fields("reset", "reason="));

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("ppo/7 is not deployed");
    }

    @Test
    void without_its_own_key_or_a_session_nothing_is_done() throws Exception {
        String fields = fields("retry", "reason=");
        assertThat(send("retry", fields.replaceFirst("csrf=[0-9a-f]+&", "")).statusCode())
                .isEqualTo(403);
        assertThat(send("retry", fields.replaceFirst("csrf=[0-9a-f]+", "csrf=" + "0".repeat(64)))
                        .statusCode())
                .isEqualTo(403);
        assertThat(home.postAsIs(page("retry"), fields, "Content-Type", SignedIn.FORM)
                        .statusCode())
                .isEqualTo(401);
        assertThat(owner.send(page("retry"), fields, "Origin", "https://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(home.postAsIs(page("retry"), "{}", "Content-Type", "application/json", "Cookie", owner.cookie())
                        .statusCode())
                .isIn(403, 415);
        HttpResponse<String> stranger = home.get(page("retry"));
        assertThat(stranger.statusCode()).isEqualTo(303);
        assertThat(stranger.headers().firstValue("Location"))
                .hasValue("/login?next=" + SignedIn.encoded(page("retry")));
        assertThat(events()).isEmpty();
    }
}
