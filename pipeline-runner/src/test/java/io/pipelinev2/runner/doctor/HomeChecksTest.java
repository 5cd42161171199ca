package io.pipelinev2.runner.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.HttpConfig;
import io.pipelinev2.runner.config.LogsConfig;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.demo.DemoHome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What doctor looks at beside the machine: each check against the real thing. */
class HomeChecksTest {

    private static final Instant NOON = Instant.parse("2026-01-29T12:00:00Z");

    @TempDir
    private Path directory;

    private SampleMachine sample;
    private Path home;

    @BeforeEach
    void setUp() {
        sample = new SampleMachine(directory.resolve("machine"));
        home = directory.resolve("home");
    }

    private PipelineConfig demo() {
        return new ConfigLoader(Map.of(), directory).load(DemoHome.unpack(home), null);
    }

    private static Finding only(List<Finding> findings) {
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    @Test
    void a_java_that_was_taken_away_is_told() {
        assertThat(only(new JavaCheck().look()).level()).isEqualTo(Level.OK);
        assertThat(only(new JavaCheck(directory.resolve("java"), "25").look()).level())
                .isEqualTo(Level.FAIL);
    }

    @Test
    void root_is_more_than_is_needed() {
        assertThat(only(new UserCheck("root").look()).level()).isEqualTo(Level.WARN);
        assertThat(only(new UserCheck("pipeline").look()).level()).isEqualTo(Level.OK);
    }

    @Test
    void little_room_is_told_and_so_are_few_inodes() throws IOException {
        assertThat(DiskCheck.room(home, 50_000_000_000L).level()).isEqualTo(Level.OK);
        assertThat(DiskCheck.room(home, 900_000_000L).level()).isEqualTo(Level.WARN);
        assertThat(DiskCheck.room(home, 9_000_000L).level()).isEqualTo(Level.FAIL);

        sample.withProgram("df", """
            Filesystem      Inodes  IUsed IFree IUse% Mounted on
            /dev/sda1      1000000 999500   500  100% /
            """);
        assertThat(new DiskCheck(sample.machine(), List.of(home.resolve("not/there/yet"))).look())
                .anySatisfy(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.WARN);
                    assertThat(finding.message()).contains("of 1000000 inodes", "500 are free");
                });
        sample.withProgram("df", "Filesystem Inodes IUsed IFree IUse% Mounted on\nnone 0 0 0 - /\n");
        assertThat(new DiskCheck(sample.machine(), List.of(home)).look()).hasSize(1);
    }

    @Test
    void a_clock_that_was_put_back_is_told() throws IOException {
        ManualClock clock = new ManualClock(NOON);

        assertThat(only(new ClockCheck(sample.machine(), clock, NOON.minusSeconds(60)).look())
                        .level())
                .isEqualTo(Level.OK);
        assertThat(only(new ClockCheck(sample.machine(), clock, NOON.plusSeconds(60)).look())
                        .level())
                .isEqualTo(Level.WARN);
        sample.withProgram("timedatectl", "NTPSynchronized=no\n");
        assertThat(only(new ClockCheck(sample.machine(), clock, null).look()).message())
                .contains("not set by the network");
    }

    @Test
    void trials_and_their_models_are_counted() {
        assertThat(new TrialsCheck(demo()).look())
                .extracting(Finding::level, Finding::message)
                .satisfiesExactly(
                        study -> assertThat(study.toList().toString()).contains("OK", "ppo_1h", "28 finished trials"),
                        models -> assertThat(models.toList().toString()).contains("WARN", "1 of 28", "trials 9"));
    }

    @Test
    void studies_that_nothing_matches_are_told() throws IOException {
        Path file = DemoHome.unpack(home);
        Files.writeString(file, Files.readString(file).replace("[\"*\"]", "[\"sac_*\"]"));

        Finding finding = only(new TrialsCheck(new ConfigLoader(Map.of(), directory).load(file, null)).look());

        assertThat(finding.level()).isEqualTo(Level.WARN);
        assertThat(finding.message()).contains("sac_*");
    }

    @Test
    void a_storage_that_is_not_there_is_a_finding_and_is_not_made() throws IOException {
        PipelineConfig config = demo();
        Files.delete(home.resolve("databases/optuna.db"));

        Diagnosis diagnosis = Diagnosis.of(List.of(new TrialsCheck(config)));

        assertThat(diagnosis.worst()).isEqualTo(Level.FAIL);
        assertThat(home.resolve("databases/optuna.db")).doesNotExist();
    }

    @Test
    void market_data_is_read() throws IOException {
        PipelineConfig config = demo();
        assertThat(new MarketDataCheck(config.data()).look().get(0).message()).contains("1680 bars of 7 assets");

        Files.write(home.resolve("data/1h_1680/val/price_array.npy"), new byte[10]);

        assertThat(only(new MarketDataCheck(config.data()).look()).level()).isEqualTo(Level.FAIL);
    }

    @Test
    void a_port_that_is_taken_is_told_unless_it_is_our_own_daemons() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HttpConfig http = new HttpConfig(
                    "127.0.0.1", taken.getLocalPort(), Optional.empty(), Optional.empty(), false, List.of());

            assertThat(only(new PortCheck(http, false).look()).level()).isEqualTo(Level.WARN);
            assertThat(only(new PortCheck(http, true).look()).level()).isEqualTo(Level.OK);
        }
    }

    @Test
    void logs_that_others_can_read_are_told() throws IOException {
        LogsConfig logs = new LogsConfig(Files.createDirectories(directory.resolve("logs")), 1_000, 9_000);
        Files.setPosixFilePermissions(logs.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(only(new LogsCheck(logs).look()).fix()).startsWith("chmod 700");

        Files.setPosixFilePermissions(logs.directory(), PosixFilePermissions.fromString("rwx------"));
        assertThat(only(new LogsCheck(logs).look()).level()).isEqualTo(Level.OK);

        Files.write(logs.directory().resolve("core"), new byte[20_000]);
        assertThat(only(new LogsCheck(logs).look()).message()).contains("logs.max_total");
    }

    @Test
    void every_check_has_a_name_of_its_own_that_scripts_can_go_by() {
        List<Check> checks = HomeChecks.of(demo(), Machine.ofThisProcess(), List.of(), true);
        assertThat(checks)
                .extracting(Check::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z]+(-[a-z]+)*"));
        assertThat(checks)
                .extracting(Check::name)
                .contains("java", "user", "disk", "clock", "logs", "http", "trials", "data", "state", "kill-switch");
    }
}
