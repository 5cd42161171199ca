package io.pipelinev2.runner.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.runner.alerts.AlertChannel;
import io.pipelinev2.runner.alerts.AlertChannelFactory;
import io.pipelinev2.runner.alerts.AlertNotice;
import io.pipelinev2.runner.alerts.AlertNotice.Kind;
import io.pipelinev2.runner.alerts.AlertNotice.Severity;
import io.pipelinev2.runner.alerts.OpenChannel;
import io.pipelinev2.runner.config.ConfigException;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.PipelineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Alert channels of a user's own: real jars, real processes. */
@Timeout(60)
class AlertChannelsTest {

    private static final AlertNotice NOTICE = new AlertNotice(
            Kind.OPENED,
            7,
            "disk",
            "",
            Severity.CRITICAL,
            "no room",
            Instant.parse("2026-01-29T21:30:00Z"),
            Instant.parse("2026-01-29T21:30:00Z"),
            null,
            "host:/srv");

    @TempDir
    private Path home;

    private final List<BoundedRuns> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(BoundedRuns::close);
    }

    private AlertChannels channels(String blocks, Extensions extensions) throws IOException {
        Path file = Files.writeString(
                home.resolve("pipeline.json"),
                "{ \"alerts\": [ %s ], \"optuna\": { \"storage\": \"optuna.db\" } }".formatted(blocks));
        PipelineConfig config = new ConfigLoader(Map.of(), home).load(file, null);
        BoundedRuns runs = new BoundedRuns(home.resolve("state"), "runner", runner -> true);
        opened.add(runs);
        return AlertChannels.open(
                config, extensions, Plugins.load(home, extensions), runs, new InMemoryPipelineStore(), Clock.system());
    }

    private List<String> faults(String blocks, Extensions extensions) {
        ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> channels(blocks, extensions));
        return thrown == null ? List.of() : thrown.faults();
    }

    private AlertChannel only(String block) throws IOException {
        return channels(block, Extensions.none()).channels().get(0).channel();
    }

    private void plugin(String className, String body) throws IOException {
        new JarSource()
                .service(AlertChannelFactory.class.getName(), "plugin." + className)
                .type(
                        className,
                        "import io.pipelinev2.runner.alerts.*;\npublic final class " + className
                                + " implements AlertChannelFactory {" + body + "}")
                .against(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .packedInto(home, className + ".jar");
    }

    @Test
    void one_of_a_jar_gets_its_settings_and_is_told_and_closed() throws Exception {
        plugin("Pager", """
                public String type() { return "pager"; }
                public AlertChannel create(AlertChannelConfiguration configuration) {
                    if (!(configuration.settings().get("file") instanceof String file)) {
                        throw new IllegalArgumentException("file must be the name of a file");
                    }
                    final class Channel implements AlertChannel, AutoCloseable {
                        public void send(AlertNotice notice) throws Exception {
                            java.nio.file.Files.writeString(configuration.home().resolve(file), notice.title()
                                + (Thread.currentThread().getContextClassLoader() == Pager.class.getClassLoader()));
                        }
                        public void close() throws Exception {
                            java.nio.file.Files.writeString(configuration.home().resolve(file), "closed");
                        }
                    }
                    return new Channel();
                }
                """);
        AlertChannels channels =
                channels("{ \"channel\": \"pager\", \"settings\": { \"file\": \"out\" } }", Extensions.none());
        assertThat(channels.channels()).extracting(OpenChannel::name).containsExactly("pager", "log");
        channels.channels().get(0).channel().send(NOTICE);
        assertThat(home.resolve("out")).hasContent("[PAPER pipeline] critical: disktrue");
        for (AutoCloseable each : channels.closeables()) {
            each.close();
        }
        assertThat(home.resolve("out")).hasContent("closed");
        assertThat(faults("{ \"channel\": \"pager\", \"settings\": { \"file\": 1 } }", Extensions.none()))
                .containsExactly(
                        "pipeline.json: alerts[0].settings: file must be the name of a file (says plugins/Pager.jar, class plugin.Pager)");
    }

    @Test
    void errors_of_a_jar_are_failures_of_its_channel() throws Exception {
        plugin("Broken", """
                public String type() { return "broken"; }
                public AlertChannel create(AlertChannelConfiguration configuration) {
                    return notice -> { throw new StackOverflowError("deep"); };
                }
                """);
        AlertChannel channel = only("{ \"channel\": \"broken\" }");
        assertThatThrownBy(() -> channel.send(NOTICE))
                .hasMessageContaining("plugins/Broken.jar")
                .hasMessageContaining("deep");
    }

    @Test
    void an_object_of_the_host_application_is_told() throws Exception {
        List<AlertNotice> told = new ArrayList<>();
        Extensions extensions =
                Extensions.builder().alertChannel("pager", told::add).build();
        AlertChannels channels = channels("{ \"channel\": \"pager\", \"severity\": \"critical\" }", extensions);
        channels.channels().get(0).channel().send(NOTICE);
        assertThat(told).containsExactly(NOTICE);
        assertThat(faults("", extensions))
                .containsExactly(
                        "pipeline.json: the host application brings the alert channel 'pager', which the configuration does not ask for: add { \"channel\": \"pager\" } to alerts");
        assertThat(faults("{ \"channel\": \"pagre\", \"settings\": {} }, { \"channel\": \"pager\" }", extensions))
                .singleElement()
                .satisfies(fault -> assertThat(fault)
                        .contains("alerts[0].channel was 'pagre'")
                        .contains("did you mean 'pager'?"));
    }

    @Test
    void a_command_reads_the_notice_and_says_by_its_exit_code_whether_it_was_told() throws Exception {
        only("{ \"channel\": \"command\", \"command\": [\"sh\", \"-c\", \"cat > told.json\"] }")
                .send(NOTICE);
        assertThat(Files.readString(home.resolve("told.json")))
                .contains("\"rule\":\"disk\"", "\"message\":\"no room\"", "\"version\":1");

        AlertChannel failing =
                only("{ \"channel\": \"command\", \"command\": [\"sh\", \"-c\", \"echo no modem >&2; exit 3\"] }");
        assertThatThrownBy(() -> failing.send(NOTICE))
                .hasMessage("the command ended with exit code 3; its last words: no modem");
    }

    @Test
    void a_command_that_hangs_is_killed_with_all_that_it_started() throws Exception {
        AlertChannel hanging = only(
                "{ \"channel\": \"command\", \"timeout\": \"1s\", \"command\": [\"sh\", \"-c\", \"sleep 300 & echo $! > pid; wait\"] }");
        assertThatThrownBy(() -> hanging.send(NOTICE)).hasMessageContaining("was killed");
        Path stat = Path.of("/proc", Files.readString(home.resolve("pid")).strip(), "stat");
        // killed, be it that nobody has asked for its exit code yet
        assertThat(!Files.exists(stat) || Files.readString(stat).contains(") Z "))
                .isTrue();
        assertThat(home.resolve("state/stages/runner")).isEmptyDirectory();
    }

    @Test
    void a_command_that_is_not_there_is_said_not_to_be() throws Exception {
        AlertChannel missing = only("{ \"channel\": \"command\", \"command\": [\"./not-there\"] }");
        assertThatThrownBy(() -> missing.send(NOTICE)).hasMessageContaining("not-there");
    }

    @Test
    void files_with_secrets_are_looked_at_when_it_begins_and_all_faults_are_told() throws IOException {
        Path open = Files.writeString(home.resolve("open"), "https://example.org/x");
        assertThat(Files.getPosixFilePermissions(open)).hasSizeGreaterThan(2);
        assertThat(faults(
                        "{ \"channel\": \"webhook\", \"url_file\": \"open\" }, { \"channel\": \"ping\", \"url_file\": \"gone\" }",
                        Extensions.none()))
                .satisfiesExactly(
                        first -> assertThat(first)
                                .contains("alerts[0].url_file")
                                .contains("chmod 600")
                                .doesNotContain("example.org"),
                        second -> assertThat(second)
                                .contains("alerts[1].url_file")
                                .contains("is not there"));
    }
}
