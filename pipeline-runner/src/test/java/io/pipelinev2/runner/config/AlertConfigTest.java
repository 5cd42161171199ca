package io.pipelinev2.runner.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.store.Alert.Severity;
import io.pipelinev2.runner.config.AlertConfig.Command;
import io.pipelinev2.runner.config.AlertConfig.Email;
import io.pipelinev2.runner.config.AlertConfig.Format;
import io.pipelinev2.runner.config.AlertConfig.Log;
import io.pipelinev2.runner.config.AlertConfig.Own;
import io.pipelinev2.runner.config.AlertConfig.Ping;
import io.pipelinev2.runner.config.AlertConfig.Security;
import io.pipelinev2.runner.config.AlertConfig.Webhook;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The list {@code alerts}. */
class AlertConfigTest {

    @TempDir
    private Path directory;

    private List<AlertConfig> alerts(String blocks) {
        return new Home(directory)
                .loadWith("'alerts': [%s]".formatted(blocks).replace('\'', '"'))
                .alerts();
    }

    private List<String> faults(String blocks) {
        return new Home(directory).faultsWith("'alerts': [%s]".formatted(blocks).replace('\'', '"'));
    }

    @Test
    void every_channel_has_defaults() {
        List<AlertConfig> alerts = alerts("""
                { 'channel': 'log' },
                { 'channel': 'webhook', 'url': 'https://example.org/hook' },
                { 'channel': 'email', 'host': 'mail.example.org', 'from': 'a@example.org', 'to': ['b@example.org'] },
                { 'channel': 'ping', 'url_file': 'secrets/ping' },
                { 'channel': 'command', 'command': ['notify-send', 'pipeline'] },
                { 'channel': 'pager' }""");
        assertThat(alerts)
                .extracting(AlertConfig::name)
                .containsExactly("log", "webhook", "email", "ping", "command", "pager");
        assertThat(alerts.get(0).rules()).isEqualTo(AlertRule.labels());
        assertThat(alerts.get(0).least()).isEqualTo(Severity.WARNING);
        assertThat(alerts.get(0).timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(alerts.get(0).target()).isEqualTo(new Log());
        assertThat(((Webhook) alerts.get(1).target()).format()).isEqualTo(Format.JSON);
        Email email = (Email) alerts.get(2).target();
        assertThat(email.port()).isEqualTo(587);
        assertThat(email.security()).isEqualTo(Security.STARTTLS);
        Ping ping = (Ping) alerts.get(3).target();
        assertThat(ping.interval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(ping.address().file()).contains(directory.resolve("secrets/ping"));
        assertThat(alerts.get(4).target()).isEqualTo(new Command(List.of("notify-send", "pipeline")));
        assertThat(alerts.get(5).target()).isEqualTo(new Own("pager", Map.of()));
    }

    @Test
    void what_a_channel_is_told_of_can_be_chosen() {
        AlertConfig alert = alerts(
                        "{ 'channel': 'webhook', 'url': 'http://localhost:9/x', 'format': 'slack', 'name': 'night', 'rules': ['disk', 'drift'], 'severity': 'critical', 'timeout': '5s' }")
                .get(0);
        assertThat(alert.name()).isEqualTo("night");
        assertThat(alert.rules()).containsExactly("disk", "drift");
        assertThat(alert.least()).isEqualTo(Severity.CRITICAL);
        assertThat(alert.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(((Webhook) alert.target()).format()).isEqualTo(Format.SLACK);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                                      | alerts[0].channel is missing and has no default: it is one of log, webhook, email, ping, command",
                "'log'                                                   | alerts[0] was 'log' but must be an object { … }",
                "{ 'channel': 'webhok', 'url': 'https://x.org' }         | did you mean 'webhook'?",
                "{ 'channel': 'webhook' }                                | alerts[0].url must be given, or url_file",
                "{ 'channel': 'webhook', 'url': 'https://x.org', 'url_file': 'f' } | alerts[0].url_file must be left out where there is a url",
                "{ 'channel': 'webhook', 'url': 'http://x.org' }         | alerts[0].url must be an https address (http for this machine alone)",
                "{ 'channel': 'webhook', 'url': 'https://a:b@x.org' }    | without a user name in it",
                "{ 'channel': 'webhook', 'url': 'file:///etc/passwd' }   | alerts[0].url must be an https address",
                "{ 'channel': 'webhook', 'url': 'https://x.org', 'fromat': 'json' } | alerts[0].fromat is not known to a channel of type webhook; did you mean 'format'?",
                "{ 'channel': 'webhook', 'url': 'https://x.org', 'format': 'teams' } | one of: json, slack",
                "{ 'channel': 'log', 'rules': ['dirft'] }                | alerts[0].rules[0] was 'dirft' but must be a rule; did you mean 'drift'?",
                "{ 'channel': 'log', 'rules': [] }                       | a list of at least one",
                "{ 'channel': 'log', 'severity': 'bad' }                 | one of: warning, critical",
                "{ 'channel': 'log', 'timeout': '10m' }                  | from 1s to 5m",
                "{ 'channel': 'log' }, { 'channel': 'log' }              | alerts[1].name must be another than that of the other channels",
                "{ 'channel': 'ping', 'url': 'https://x.org', 'rules': ['disk'] } | alerts[0].rules is not known to a channel of type ping",
                "{ 'channel': 'ping', 'url': 'https://x.org', 'interval': '1s' } | from 10s to 1d",
                "{ 'channel': 'email' }                                  | alerts[0].host is missing",
                "{ 'channel': 'email', 'host': 'h', 'from': 'a@b', 'to': ['no'] } | an address such as ops@example.org",
                "{ 'channel': 'email', 'host': 'h', 'from': 'a@b', 'to': ['c@d'], 'username': 'u' } | alerts[0].password_file must be given where the other is",
                "{ 'channel': 'email', 'host': 'h', 'from': 'a@b', 'to': ['c@d'], 'username': 'u', 'password_file': 'p', 'security': 'none' } | the password would cross the network",
                "{ 'channel': 'email', 'host': 'h', 'from': 'a@b', 'to': ['c@d'], 'password': 'secret' } | alerts[0].password is not known to a channel of type email",
                "{ 'channel': 'command' }                                | alerts[0].command is missing",
                "{ 'channel': 'pager', 'key': 'x' }                      | alerts[0].key is not known to a channel of type pager"
            })
    void what_is_wrong_is_said_with_its_place_and_its_rule(String block, String fault) {
        assertThat(faults(block)).anySatisfy(each -> assertThat(each).contains(fault));
    }

    @Test
    void an_address_is_never_shown() {
        assertThat(faults("{ 'channel': 'webhook', 'url': 'ftp://x.org/s3cret' }"))
                .isNotEmpty()
                .noneMatch(fault -> fault.contains("s3cret"));
        assertThat(alerts("{ 'channel': 'webhook', 'url': 'https://x.org/s3cret' }")
                        .toString())
                .doesNotContain("s3cret")
                .contains("x.org");
    }

    @Test
    void a_mistyped_key_of_the_disks_is_known_to_be_one() {
        assertThat(new Home(directory).faultsWith("\"disk\": { \"wran\": \"1GB\" }"))
                .containsExactly("pipeline.json:1: disk.wran is not known; did you mean 'warn'?");
    }

    @Test
    void what_is_no_list_is_refused() {
        assertThat(new Home(directory).faultsWith("\"alerts\": {}"))
                .singleElement()
                .satisfies(fault -> assertThat(fault).contains("alerts was an object but must be a list of channels"));
    }
}
