package io.pipelinev2.runner.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which systemd services take the traders down with the daemon, or hold them back. */
class UnitRulesTest {

    private static final String GOOD = """
            [Unit]
            KillMode=control-group
            [Service]
            Type=exec
            Restart=on-failure
            KillMode=process
            OOMPolicy=continue
            """;

    private static final String DEFAULTS_AS_SYSTEMD_SHOWS_THEM = """
            Type=simple
            ExitType=main
            Restart=no
            RuntimeDirectory=
            RuntimeDirectoryPreserve=no
            MemoryMax=infinity
            TasksMax=4915
            CPUQuotaPerSecUSec=infinity
            OOMPolicy=stop
            PrivateTmp=no
            PrivatePIDs=no
            DynamicUser=no
            ProcSubset=all
            MemoryDenyWriteExecute=no
            KillMode=control-group
            """;

    @TempDir
    private Path directory;

    private static List<Finding> of(String text) {
        return new UnitRules(3).of(Unit.ofFile(text));
    }

    @Test
    void a_good_unit_has_no_findings() {
        assertThat(of(GOOD)).isEmpty();
    }

    @Test
    void the_unit_in_the_manual_is_a_good_one() throws Exception {
        Matcher unit = Pattern.compile("^```ini\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("../docs/deployments.md")));
        assertThat(unit.find()).isTrue();
        Path file = Files.writeString(directory.resolve("pipeline.service"), unit.group(1));
        List<Finding> findings = new UnitFileCheck(file, 10).look();
        assertThat(findings).extracting(Finding::level).containsExactly(Level.OK);
    }

    @Test
    void the_defaults_of_systemd_kill_traders_with_the_daemon() throws Exception {
        SampleMachine sample = new SampleMachine(directory)
                .withFile("4711/cgroup", "0::/system.slice/pipeline.service\n")
                .withProgram("systemctl", DEFAULTS_AS_SYSTEMD_SHOWS_THEM);
        List<Finding> findings = new ServiceCheck(sample.machine(), SampleMachine.PID, 3).look();
        assertThat(findings)
                .extracting(Finding::fix)
                .containsExactly(
                        "systemctl edit pipeline.service, and under [Service]: KillMode=process",
                        "systemctl edit pipeline.service, and under [Service]: OOMPolicy=continue",
                        "systemctl edit pipeline.service, and under [Service]: Restart=on-failure");
        sample.withProgram("systemctl", GOOD);
        assertThat(new ServiceCheck(sample.machine(), SampleMachine.PID, 3).look())
                .extracting(Finding::level)
                .containsExactly(Level.OK);
    }

    @Test
    void a_service_that_cannot_be_asked_about_is_told() throws Exception {
        SampleMachine sample =
                new SampleMachine(directory).withFile("4711/cgroup", "0::/system.slice/pipeline.service\n");
        assertThat(new ServiceCheck(sample.machine(), SampleMachine.PID, 3).look())
                .singleElement()
                .satisfies(finding -> assertThat(finding.fix()).contains("systemctl show -p KillMode"));
    }

    @Test
    void a_users_service_and_a_login_session_end_with_the_user() throws Exception {
        SampleMachine sample = new SampleMachine(directory)
                .withFile(
                        "4711/cgroup", "0::/user.slice/user-1000.slice/user@1000.service/app.slice/pipeline.service\n")
                .withProgram("systemctl", GOOD);
        assertThat(new ServiceCheck(sample.machine(), SampleMachine.PID, 3).look())
                .extracting(Finding::fix)
                .last()
                .asString()
                .contains("enable-linger");
        sample.withFile("4711/cgroup", "0::/user.slice/user-1000.slice/session-3.scope\n");
        assertThat(new ServiceCheck(sample.machine(), SampleMachine.PID, 3).look())
                .extracting(Finding::level)
                .containsExactly(Level.WARN);
        sample.withFile("4711/cgroup", "0::/\n");
        assertThat(new ServiceCheck(sample.machine(), SampleMachine.PID, 3).look())
                .extracting(Finding::level)
                .containsExactly(Level.OK);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "KillMode=mixed | KillMode=process",
                "KillMode=none | KillMode=process",
                "OOMPolicy=kill | OOMPolicy=continue",
                "ExitType=cgroup | ExitType=main",
                "PrivatePIDs=yes | PrivatePIDs=no",
                "PrivateTmp=yes | PrivateTmp=no",
                "DynamicUser=true | DynamicUser=no",
                "ProcSubset=pid | ProcSubset=all",
                "MemoryDenyWriteExecute=on | MemoryDenyWriteExecute=no",
                "RuntimeDirectory=pipeline | RuntimeDirectoryPreserve=yes",
                "MemoryMax=500M | MemoryMax=896M",
                "TasksMax=64 | TasksMax=224",
                "CPUQuota=10% | CPUWeight=",
                "Restart=no | Restart=on-failure",
                "Type=notify | Type=exec"
            })
    void what_harms_traders_is_told_with_the_line_to_put_there(String line, String fix) {
        assertThat(of(GOOD + line + "\n"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.fix()).startsWith(fix));
    }

    @Test
    void of_a_unit_file_the_last_setting_of_the_right_section_counts() {
        assertThat(of(GOOD + "KillMode=mixed\n# KillMode=none\nKillMode = process\n[Install]\nKillMode=mixed\n"))
                .isEmpty();
        assertThat(of(GOOD + "MemoryMax=2G\nTasksMax=infinity\nMemoryMax=infinity\n"))
                .isEmpty();
        assertThat(of(GOOD + "PrivateTmp=yes\nPrivateTmp=\n")).isEmpty();
        assertThat(of(GOOD.replace("Restart=on-failure", "Restart=\\\n on-failure")))
                .isEmpty();
    }

    @Test
    void a_unit_file_that_is_not_there_is_told() throws Exception {
        assertThat(new UnitFileCheck(directory.resolve("none.service"), 3).look())
                .extracting(Finding::level)
                .containsExactly(Level.FAIL);
    }
}
