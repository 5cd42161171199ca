package io.pipelinev2.runner.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.ServedHome;
import io.pipelinev2.runner.http.SignedIn;
import io.pipelinev2.runner.view.DisksView;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The pages of health, alerts and audit. */
class WatchPagesTest {

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

    private Alert alert() {
        return home.store.write(tx -> tx.insert(
                Alert.opened("crash_loop", "ppo/7", Alert.Severity.CRITICAL, "it is <b>down</b>", home.clock.now())));
    }

    @Test
    void health_is_told_as_it_is_and_as_it_was() throws Exception {
        home.sample.alive().monitor().report("deploy", HealthStatus.DOWN, "<i>3 of 3</i> are down");
        home.sample.monitor().report("deploy", HealthStatus.HEALTHY, "all run");
        home.store.write(tx -> {
            tx.put(
                    DisksView.SETTING,
                    "{\"disks\":[{\"path\":\"/data\",\"total_bytes\":10e9,\"free_bytes\":4e9,\"days_to_full\":2.5,\"written\":true}]}");
            return null;
        });

        String page = home.get("/health?component=deploy").body();

        assertThat(page)
                .contains("all run", "&lt;i&gt;3 of 3", "/data", "4.00 GB", "40.00 %", "2.5 days", "<h1>Health</h1>")
                .doesNotContain("<i>3");
        assertThat(page.split("reports, newest first\"")[1]).doesNotContain(">manager<");
        assertThat(home.get("/health").body().split("History")[1]).contains("running");
    }

    @Test
    void a_component_that_is_not_configured_any_more_is_history_alone() throws Exception {
        home.sample.monitor().report("mine", HealthStatus.DOWN, "<i>stopped</i>");
        home.sample.monitor().begin(List.of(HealthReport.MANAGER), List.of("backtest"));

        String page = home.get("/health").body();
        JsonNode health = home.json("/api/v1/health?component=*");

        assertThat(page.split("History")[0]).contains(">manager<").doesNotContain(">mine<");
        assertThat(page.split("History")[1])
                .contains(">mine (no longer configured)</option>", "mine (no longer configured)</th>", ">manager</th>");
        assertThat(health.path("pipeline").asString()).isEqualTo("healthy");
        assertThat(health.path("components").findValuesAsString("component")).containsExactly("manager");
        assertThat(health.path("reports").findValuesAsString("component")).containsExactly("manager", "mine");
        assertThat(health.at("/reports/0/configured").asBoolean()).isTrue();
        assertThat(health.at("/reports/1/configured").asBoolean()).isFalse();
        assertThat(home.get("/").body()).contains("Nothing needs you").doesNotContain(">mine<");
        assertThat(home.json("/status").path("pipeline").asString()).isEqualTo("healthy");
        assertThat(home.get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void the_last_day_of_each_check_is_drawn_and_told_in_words() throws Exception {
        Instant now = Instant.now();
        home.store.write(tx -> {
            for (int minutes = 600; minutes >= 0; minutes -= 10) {
                HealthStatus status = minutes < 95 && minutes > 25 ? HealthStatus.DOWN : HealthStatus.HEALTHY;
                tx.record(new HealthReport("deploy", status, "as it is", now.minus(Duration.ofMinutes(minutes))));
            }
            return null;
        });

        String page = home.get("/health").body();

        assertThat(page).contains("class=\"strip\"", "class=\"down\"", "class=\"none\"", "20 min ago");
        assertThat(page).containsPattern("healthy in [0-9.]+ h, down in [0-9.]+ h, no report in 1[34](\\.5)? h");
        assertThat(page.split("<rect", -1)).hasSize(49);
    }

    @Test
    void open_alerts_stand_in_every_head_and_can_be_acknowledged_from_a_page() throws Exception {
        Alert alert = alert();
        String page = home.getAsOwner("/alerts").body();
        assertThat(page)
                .contains(
                        "crash loop",
                        "it is &lt;b&gt;down",
                        "nobody",
                        "/alerts/" + alert.id() + "/actions/ack",
                        "1 open");
        assertThat(home.get("/trials").body()).contains("1 open");

        String path = "/alerts/" + alert.id() + "/actions/ack";
        assertThat(home.get(path).headers().firstValue("Location")).hasValue("/login?next=" + SignedIn.encoded(path));
        SignedIn owner = SignedIn.asOwner(home);
        HttpResponse<String> confirm = owner.get(path);
        assertThat(confirm.body()).contains("Yes, ack", "No, go back", "no more reminders");
        String fields = SignedIn.fields(confirm);
        assertThat(owner.send(path, "key=a-key-of-its-own").statusCode()).isEqualTo(403);
        assertThat(home.postAsIs(path, fields, "Content-Type", SignedIn.FORM).statusCode())
                .isEqualTo(401);
        HttpResponse<String> done = owner.send(path, fields);

        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(done.body()).contains("acknowledged", "Back to the alerts");
        assertThat(home.getAsOwner("/alerts").body())
                .contains("acknowledged by")
                .doesNotContain(path);
        assertThat(home.get("/audit").body()).contains("acknowledge", ">dashboard<", "crash_loop ppo/7");
        assertThat(owner.get("/alerts/4242/actions/ack").statusCode()).isEqualTo(404);
    }

    @Test
    void resolved_alerts_stand_apart() throws Exception {
        Alert alert = alert();
        home.store.write(tx -> {
            tx.update(alert.change().resolvedAt(home.clock.now()).done());
            return null;
        });

        assertThat(home.getAsOwner("/alerts").body())
                .contains("No alert is open.", "Alerts that are over")
                .doesNotContain("/actions/", " open</span>");
    }

    @Test
    void what_operators_did_is_told_page_by_page() throws Exception {
        Trial trial = home.sample.trial("ppo", 7, 1.0, TrialStatus.PENDING, null);
        home.store.write(tx -> {
            for (int i = 0; i < 103; i++) {
                tx.append(Event.byOperator(
                        home.clock.now(),
                        EventType.OPERATOR_PARK,
                        trial.id(),
                        null,
                        new Operator("ada", "cli"),
                        "because <" + i + ">"));
                tx.append(Event.byEngine(home.clock.now(), EventType.STAGE_ERROR, trial.id(), null, "engine's own"));
            }
            return null;
        });

        String first = home.get("/audit").body();
        Matcher next = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"").matcher(first);
        assertThat(next.find()).isTrue();
        String second = home.get(next.group(1)).body();

        assertThat(first)
                .contains(
                        "because &lt;102&gt;", "because &lt;3&gt;", ">ada<", ">cli<", ">park<", "/trials/" + trial.id())
                .doesNotContain("because &lt;2&gt;", "engine&#39;s own");
        assertThat(second)
                .contains("because &lt;2&gt;", "because &lt;0&gt;")
                .doesNotContain("because &lt;3&gt;", "rel=\"next\"");
        assertThat(home.get("/audit?before=x").statusCode()).isEqualTo(400);
    }
}
