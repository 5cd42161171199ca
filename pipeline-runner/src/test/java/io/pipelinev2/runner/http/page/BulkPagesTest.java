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

/** Many trials at once: the page says how many, and tells of each what became of it. */
class BulkPagesTest {

    @TempDir
    Path directory;

    private ServedHome home;
    private SignedIn owner;

    @BeforeEach
    void open() throws Exception {
        home = new ServedHome(directory);
        owner = SignedIn.asOwner(home);
    }

    @AfterEach
    void close() {
        home.close();
    }

    private Trial failed(int number) {
        Trial trial = home.sample.trial("ppo", number, 1.0, TrialStatus.FAILED, "no <b>data</b> yet");
        home.sample.stage(trial, "backtest", StageStatus.FAILED, 3, "no <b>data</b> yet", null);
        return trial;
    }

    private HttpResponse<String> send(String verb, String fields) throws Exception {
        return owner.send("/trials/actions/" + verb, fields);
    }

    private TrialStatus status(Trial trial) {
        return home.store.read(tx -> tx.trial(trial.id()).orElseThrow().status());
    }

    private List<Event> events() {
        return home.store.read(tx -> tx.events(null, 50));
    }

    @Test
    void all_that_match_are_retried_once() throws Exception {
        List<Trial> trials = List.of(failed(1), failed(2), failed(3));
        Trial other = home.sample.trial("sac", 4, 1.0, TrialStatus.FAILED, "no data yet");
        home.sample.stage(other, "backtest", StageStatus.FAILED, 3, "no data yet", null);
        assertThat(owner.get("/trials?study=ppo&status=failed").body())
                .contains("href=\"/trials/actions/retry?study=ppo&amp;status=failed\"");

        HttpResponse<String> confirm = owner.get("/trials/actions/retry?study=ppo&status=failed");
        assertThat(confirm.body())
                .contains(
                        "retry 3 trials",
                        "ppo/1, ppo/2, ppo/3.",
                        "study “ppo”",
                        "Yes, retry 3",
                        "<option value=\"backtest\">",
                        "No, go back");
        String fields = SignedIn.fields(confirm, "reason=data+came");
        HttpResponse<String> done = send("retry", fields);
        HttpResponse<String> again = send("retry", fields);

        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(done.body()).contains("retry: 3 of 3 done.", "Stage backtest of trial ppo/2 is due again");
        assertThat(again.body()).contains("As was answered before: retry: 3 of 3 done.");
        assertThat(trials).allMatch(trial -> status(trial) != TrialStatus.FAILED);
        assertThat(status(other)).isEqualTo(TrialStatus.FAILED);
        assertThat(events()).hasSize(3).allMatch(event -> event.message().contains("data came"));
    }

    @Test
    void what_is_refused_is_told_beside_what_is_done() throws Exception {
        Trial failed = failed(1);
        Trial done = home.sample.trial("ppo", 2, 1.0, TrialStatus.COMPLETED, null);
        home.sample.passed(done, 1.0);

        HttpResponse<String> confirm = owner.get("/trials/actions/skip?study=ppo");
        HttpResponse<String> partly = send("skip", SignedIn.fields(confirm, "stage=backtest&reason=known+good"));

        assertThat(partly.statusCode()).as(partly.body()).isEqualTo(207);
        assertThat(partly.body())
                .contains("skip: 1 of 2 done, 1 refused", ">refused<", ">done<", "href=\"/trials/" + done.id() + "\"");
        assertThat(partly.body().indexOf(">refused<")).isLessThan(partly.body().indexOf(">done<"));
        assertThat(status(failed)).isNotEqualTo(TrialStatus.FAILED);
    }

    @Test
    void other_trials_than_were_seen_are_not_touched() throws Exception {
        failed(1);
        String fields = SignedIn.fields(owner.get("/trials/actions/retry?status=failed"), "reason=");
        failed(2);

        HttpResponse<String> late = send("retry", fields);

        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.body()).contains("There are 2 such trials now");
        assertThat(events()).isEmpty();
    }

    @Test
    void nothing_matches_and_odd_choices_are_said_so() throws Exception {
        assertThat(owner.get("/trials/actions/retry?study=none").body()).contains("No trial is as asked for.");
        assertThat(owner.get("/trials/actions/retry?number=x").statusCode()).isEqualTo(400);
        assertThat(owner.get("/trials/actions/retry?stage=a&stage_status=odd").statusCode())
                .isEqualTo(400);
        assertThat(home.get("/trials/actions/retry").headers().firstValue("Location"))
                .hasValue("/login?next=%2Ftrials%2Factions%2Fretry");
        failed(1);
        String fields = SignedIn.fields(owner.get("/trials/actions/retry"), "reason=");
        assertThat(send("retry", fields.replaceFirst("matching=", "matching=colour%3Dred"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(send("retry", fields.replaceFirst("csrf=[0-9a-f]+", "csrf=0"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(owner.get("/trials/actions/retry?text=%3Cb%3E").body()).doesNotContain("<b>");
        assertThat(events()).isEmpty();
    }
}
