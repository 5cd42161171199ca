package io.pipelinev2.runner.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineChecksTest {

    private static final String LIMITS = """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             %s                  7000                 processes
            Max open files            %s                 1048576              files
            """;

    @TempDir
    private Path directory;

    private SampleMachine sample;

    @BeforeEach
    void a_machine() {
        sample = new SampleMachine(directory);
    }

    private static Finding only(Check check) throws Exception {
        List<Finding> findings = check.look();
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    @Test
    void this_machine_can_deploy() throws Exception {
        Machine machine = Machine.ofThisProcess();
        assertThat(only(new LinuxCheck(machine)).level()).isEqualTo(Level.OK);
        assertThat(only(new ProgramsCheck(machine)).level()).isEqualTo(Level.OK);
    }

    @Test
    void without_the_boot_id_nothing_can_be_deployed() throws Exception {
        sample.withFile("self/stat", "1 (java) S");
        Finding finding = only(new LinuxCheck(sample.machine()));
        assertThat(finding.level()).isEqualTo(Level.FAIL);
        assertThat(finding.fix()).contains("ProcSubset");
        sample.withFile("sys/kernel/random/boot_id", "b");
        assertThat(only(new LinuxCheck(sample.machine())).level()).isEqualTo(Level.OK);
    }

    @Test
    void each_missing_program_is_named() throws Exception {
        sample.withProgram("setsid", "");
        assertThat(only(new ProgramsCheck(sample.machine())).message()).contains("not installed: flock, kill");
    }

    @Test
    void a_flock_that_forks_is_not_enough() throws Exception {
        sample.withProgram("setsid", "").withProgram("kill", "").withProgram("flock", "Usage: flock [-sxun] FD");
        Finding finding = only(new ProgramsCheck(sample.machine()));
        assertThat(finding.level()).isEqualTo(Level.FAIL);
        assertThat(finding.message()).contains("--no-fork");
        sample.withProgram("flock", " -F, --no-fork   execute command without forking");
        assertThat(only(new ProgramsCheck(sample.machine())).level()).isEqualTo(Level.OK);
    }

    @Test
    void limits_are_held_against_the_number_of_traders() throws Exception {
        sample.withFile("4711/limits", LIMITS.formatted("100", "256"));
        List<Finding> findings = new LimitsCheck(sample.machine(), SampleMachine.PID, 10).look();
        assertThat(findings).extracting(Finding::level).containsExactly(Level.WARN, Level.WARN);
        assertThat(findings.get(0).fix()).contains("LimitNOFILE=1104");
        assertThat(findings.get(1).fix()).contains("LimitNPROC=576");
        sample.withFile("4711/limits", LIMITS.formatted("unlimited", "1104"));
        assertThat(only(new LimitsCheck(sample.machine(), SampleMachine.PID, 10))
                        .level())
                .isEqualTo(Level.OK);
    }

    @Test
    void a_command_that_cannot_be_run_is_told() throws Exception {
        sample.withProgram("python3", "");
        Machine machine = sample.machine();
        Path own = Files.writeString(directory.resolve("trade.sh"), "#!/bin/sh\n");
        assertThat(only(new CommandCheck(machine, directory, Optional.empty())).level())
                .isEqualTo(Level.OK);
        assertThat(only(new CommandCheck(machine, directory, Optional.of(List.of("python3", "-u"))))
                        .level())
                .isEqualTo(Level.OK);
        assertThat(only(new CommandCheck(machine, directory, Optional.of(List.of("python4"))))
                        .level())
                .isEqualTo(Level.FAIL);
        assertThat(only(new CommandCheck(machine, directory, Optional.of(List.of("./trade.sh"))))
                        .fix())
                .contains("chmod +x");
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
        assertThat(only(new CommandCheck(machine, directory, Optional.of(List.of("./trade.sh"))))
                        .level())
                .isEqualTo(Level.OK);
    }

    @Test
    void a_state_directory_is_for_its_owner_alone_and_on_a_local_disk() throws Exception {
        Path state = Files.createDirectory(directory.resolve("state"));
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
        Finding open = only(new StateDirectoryCheck(state));
        assertThat(open.level()).isEqualTo(Level.WARN);
        assertThat(open.fix()).isEqualTo("chmod 700 " + state);
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwx------"));
        assertThat(only(new StateDirectoryCheck(state)).level()).isEqualTo(Level.OK);
        assertThat(only(new StateDirectoryCheck(state, "somebody")).message()).contains("not to somebody");
        assertThat(only(new StateDirectoryCheck(directory.resolve("none"))).level())
                .isEqualTo(Level.OK);
        assertThat(List.of("nfs", "nfs4", "cifs", "fuse.sshfs", "9p")).allMatch(StateDirectoryCheck::isRemote);
        assertThat(List.of("ext4", "xfs", "btrfs", "zfs", "overlay", "tmpfs")).noneMatch(StateDirectoryCheck::isRemote);
    }

    @Test
    void a_secret_is_for_its_owner_alone() throws Exception {
        Path key = Files.writeString(directory.resolve("key"), "k");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(only(new PrivateFileCheck("the key", key)).fix()).isEqualTo("chmod 600 " + key);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertThat(only(new PrivateFileCheck("the key", key)).level()).isEqualTo(Level.OK);
        assertThat(only(new PrivateFileCheck("the key", directory.resolve("none")))
                        .level())
                .isEqualTo(Level.FAIL);
    }

    @Test
    void a_thrown_kill_switch_is_told_with_how_long_it_has_been_and_why() throws Exception {
        Path file = directory.resolve("KILL");
        ManualClock clock = new ManualClock();
        assertThat(only(new KillFileCheck(file, clock))).isEqualTo(Finding.ok("not thrown"));
        Files.writeString(file, "");
        Files.setLastModifiedTime(file, FileTime.from(clock.now()));
        clock.advance(Duration.ofMinutes(185));

        Finding finding = only(new KillFileCheck(file, clock));
        assertThat(finding.level()).isEqualTo(Level.WARN);
        assertThat(finding.message())
                .isEqualTo(file + " exists since 2026-01-29T21:30:00Z, for 3 h 5 min, so no trader of this home gives"
                        + " orders as usual");

        Files.writeString(file, "reducing by ana: night\nmore");
        assertThat(only(new KillFileCheck(file, clock)).message()).contains(" (reducing by ana: night), so");
    }

    @Test
    void a_switch_that_cannot_be_looked_at_is_none_that_is_not_thrown() throws Exception {
        Path file = directory.resolve("KILL");
        Files.createSymbolicLink(file, file);
        assertThat(only(new KillFileCheck(file))).satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.WARN);
            assertThat(finding.message()).contains("cannot be looked at");
        });
    }

    @Test
    void a_check_that_fails_itself_keeps_no_other_from_its_look() {
        Check broken = new Check() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public List<Finding> look() {
                throw new UnsupportedOperationException("no such attributes");
            }
        };
        Diagnosis diagnosis = Diagnosis.of(List.of(broken, new KillFileCheck(directory.resolve("KILL"))));
        assertThat(diagnosis.entries()).extracting(Diagnosis.Entry::check).containsExactly("broken", "kill-switch");
        assertThat(diagnosis.worst()).isEqualTo(Level.FAIL);
    }

    @Test
    void traders_that_nobody_looks_after_are_told() throws Exception {
        assertThat(only(new SupervisorCheck(Optional.of("daemon, pid 1"), 3)).level())
                .isEqualTo(Level.OK);
        assertThat(only(new SupervisorCheck(Optional.empty(), 0)).level()).isEqualTo(Level.OK);
        assertThat(only(new SupervisorCheck(Optional.empty(), 3)).level()).isEqualTo(Level.WARN);
    }
}
