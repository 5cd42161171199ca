package io.pipelinev2.runner.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.runner.http.ServedHome;
import io.pipelinev2.runner.http.exchange.RequestKey;
import io.pipelinev2.runner.view.DisksView;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Alerts and health over HTTP, as the command line tells them. */
class AlertsApiTest {

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

    private Alert alert(String rule, String subject) {
        return home.store.write(tx ->
                tx.insert(Alert.opened(rule, subject, Alert.Severity.CRITICAL, "it is <b>down</b>", home.clock.now())));
    }

    private Alert over(Alert alert) {
        return home.store.write(tx -> {
            Alert resolved = alert.change().resolvedAt(home.clock.now()).done();
            tx.update(resolved);
            return resolved;
        });
    }

    @Test
    void status_tells_disks_and_open_alerts_as_the_command_does() throws Exception {
        home.store.write(tx -> {
            tx.put(
                    DisksView.SETTING,
                    "{\"disks\":[{\"path\":\"/data\",\"total_bytes\":10,\"free_bytes\":4,\"days_to_full\":2.5,\"written\":true}]}");
            return null;
        });
        alert("crash_loop", "ppo/7");
        over(alert("disk", "/data"));

        JsonNode status = home.json("/status");

        assertThat(status.path("alerts_open").asInt()).isEqualTo(1);
        assertThat(status.at("/disks/0/path").asString()).isEqualTo("/data");
        assertThat(status.at("/disks/0/days_to_full").asDouble()).isEqualTo(2.5);
    }

    @Test
    void open_alerts_are_listed_and_resolved_ones_on_request() throws Exception {
        Alert open = alert("crash_loop", "ppo/7");
        Alert gone = over(alert("disk", "/data"));

        JsonNode alerts = home.json("/api/v1/alerts").path("alerts");
        JsonNode all = home.json("/api/v1/alerts?resolved=5").path("alerts");

        assertThat(alerts).hasSize(1);
        assertThat(alerts.path(0).path("id").asLong()).isEqualTo(open.id());
        assertThat(alerts.path(0).path("version").asString()).isNotEmpty();
        assertThat(all).hasSize(2);
        assertThat(all.path(1).path("id").asLong()).isEqualTo(gone.id());
        assertThat(all.path(1).path("status").asString()).isEqualTo("resolved");
        assertThat(home.get("/api/v1/alerts?resolved=many").statusCode()).isEqualTo(400);
    }

    @Test
    void an_alert_is_acknowledged_once_on_what_was_seen() throws Exception {
        Alert alert = alert("crash_loop", "ppo/7");
        String version = home.json("/api/v1/alerts").at("/alerts/0/version").asString();
        String path = "/api/v1/alerts/" + alert.id() + "/ack";
        String body = "{\"expected_version\":\"" + version + "\"}";

        assertThat(home.postAsIs(path, "{}", "Content-Type", "application/json").statusCode())
                .isEqualTo(401);
        HttpResponse<String> first = home.post(path, body, RequestKey.HEADER, "ack-once-1");
        HttpResponse<String> again = home.post(path, body, RequestKey.HEADER, "ack-once-1");
        HttpResponse<String> stale = home.post(path, body);

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(again.headers().firstValue(RequestKey.REPLAYED)).hasValue("true");
        assertThat(stale.statusCode()).isEqualTo(409);
        assertThat(stale.body()).contains("version_conflict");
        assertThat(home.store.<List<Event>>read(tx -> tx.events(null, 10)))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.type()).isEqualTo(EventType.OPERATOR_ACKNOWLEDGE);
                    assertThat(event.origin()).isEqualTo("api");
                });
        assertThat(home.json("/api/v1/alerts").at("/alerts/0/status").asString())
                .isEqualTo("acknowledged");
    }

    @Test
    void an_alert_is_silenced_for_a_time() throws Exception {
        Alert alert = alert("crash_loop", "ppo/7");
        String path = "/api/v1/alerts/" + alert.id() + "/silence";

        assertThat(home.post(path, "{\"for\":\"4h\"}").statusCode()).isEqualTo(200);
        assertThat(home.json("/api/v1/alerts").at("/alerts/0/silenced_until").isNull())
                .isFalse();
        assertThat(home.post(path, "{\"for\":\"0\"}").statusCode()).isEqualTo(200);
        assertThat(home.json("/api/v1/alerts").at("/alerts/0/silenced_until").isNull())
                .isTrue();
        assertThat(home.post(path, "{\"for\":\"soon\"}").statusCode()).isEqualTo(400);
        assertThat(home.post(path, "{\"for\":\"31d\"}").statusCode()).isEqualTo(400);
    }

    @Test
    void what_is_not_there_or_over_is_refused() throws Exception {
        Alert gone = over(alert("disk", "/data"));

        assertThat(home.post("/api/v1/alerts/4242/ack", "{}").statusCode()).isEqualTo(404);
        assertThat(home.post("/api/v1/alerts/" + gone.id() + "/ack", "{}").statusCode())
                .isEqualTo(409);
    }

    @Test
    void the_history_of_a_component_is_told() throws Exception {
        home.sample.alive().monitor().report("deploy", HealthStatus.DEGRADED, "1 of 3 is down");
        home.sample.monitor().report("deploy", HealthStatus.HEALTHY, "all run");

        JsonNode reports = home.json("/api/v1/health?component=deploy").path("reports");

        assertThat(reports).hasSize(2);
        assertThat(reports.path(1).path("message").asString()).isEqualTo("1 of 3 is down");
        assertThat(home.json("/api/v1/health?component=*&limit=1").path("reports"))
                .hasSize(1);
        assertThat(home.json("/api/v1/health").has("reports")).isFalse();
        assertThat(home.get("/api/v1/health?component=nothing").statusCode()).isEqualTo(404);
        assertThat(home.get("/api/v1/health?component=nothing").body()).contains("deploy");
    }
}
