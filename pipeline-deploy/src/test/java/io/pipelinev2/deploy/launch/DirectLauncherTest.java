package io.pipelinev2.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.deploy.Remains;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectLauncherTest {

    @TempDir
    Path directory;

    private final ProcessTable table = new ProcessTable();
    private final DirectLauncher launcher = new DirectLauncher(
            table, Map.of("PATH", System.getenv("PATH"), "LC_ALL", "C", "DB_PASSWORD", "secret", "HOME", "/root"));

    @AfterEach
    void nothing_is_left_running() {
        Remains.endAllIn(directory);
    }

    private LaunchRequest request(String... command) {
        return new LaunchRequest(
                7,
                UUID.randomUUID().toString(),
                List.of(command),
                Map.of(),
                directory,
                new DeploymentLock(directory.resolve("lock")),
                directory.resolve("log"));
    }

    private ProcessIdentity launch(String script) {
        return launcher.launch(request("/bin/sh", "-c", script));
    }

    private ProcessGroup group(ProcessIdentity process) {
        return new ProcessGroup(table, process, Set.of(process.nonce()), belonging("lock"));
    }

    private Belonging belonging(String lock) {
        return new Belonging(directory, new DeploymentLock(directory.resolve(lock)));
    }

    private void awaitLog(String text) {
        await().untilAsserted(() ->
                assertThat(Files.readString(directory.resolve("log"))).contains(text));
    }

    @Test
    void the_process_leads_a_session_of_its_own_and_is_known_by_its_identity() {
        ProcessIdentity process = launch("echo up; sleep 60");
        awaitLog("up");

        assertThat(table.isAlive(process)).isTrue();
        assertThat(table.stat(process.pid()).orElseThrow().leadsSession()).isTrue();
        assertThat(table.findLeader(process.nonce(), belonging("lock"))).contains(process);
        assertThat(launcher.exitCode(process)).isEmpty();
    }

    @Test
    void another_start_time_or_boot_is_another_process() {
        ProcessIdentity process = launch("sleep 60");

        assertThat(table.isAlive(new ProcessIdentity(
                        process.bootId(), process.pid(), process.startTicks() + 1, process.nonce())))
                .isFalse();
        assertThat(table.isAlive(new ProcessIdentity("other", process.pid(), process.startTicks(), process.nonce())))
                .isFalse();
    }

    @Test
    void a_zombie_is_dead() throws Exception {
        // The shell's child ends at once; the shell becomes a sleep that never reads its exit code.
        ProcessIdentity parent = launch("sleep 0 & echo $!; exec sleep 60");
        awaitLog("\n");
        long child = Long.parseLong(Files.readString(directory.resolve("log")).trim());
        await().untilAsserted(() -> assertThat(table.stat(child))
                .isPresent()
                .get()
                .extracting(ProcessStat::state)
                .isEqualTo('Z'));

        assertThat(table.isAlive(table.identify(child, "n"))).isFalse();
        assertThat(group(parent).pids()).containsExactly(parent.pid());
    }

    @Test
    void a_second_start_finds_the_lock_held_and_ends_with_75() {
        ProcessIdentity first = launch("echo up; sleep 60");
        awaitLog("up");
        assertThat(new DeploymentLock(directory.resolve("lock")).isHeld()).isTrue();

        ProcessIdentity second = launch("echo second; sleep 60");

        await().untilAsserted(() -> assertThat(launcher.exitCode(second)).hasValue(DeploymentLock.HELD));
        assertThat(directory.resolve("log")).content().doesNotContain("second");
        assertThat(table.isAlive(first)).isTrue();
    }

    @Test
    void a_signal_reaches_the_grandchildren() {
        ProcessIdentity process = launch("sh -c 'sleep 60; true' & echo up; wait");
        awaitLog("up");
        await().until(() -> group(process).pids().size() == 3);

        group(process).send(Signal.TERM);

        await().until(() -> group(process).isEmpty());
        await().untilAsserted(() -> assertThat(launcher.exitCode(process)).hasValue(143));
        assertThat(new DeploymentLock(directory.resolve("lock")).isHeld()).isFalse();
    }

    @Test
    void what_left_the_group_is_found_by_its_nonce_and_keeps_the_lock() {
        ProcessIdentity process = launch("setsid sleep 60 & echo up; sleep 0.1");
        await().until(() -> !table.isAlive(process));

        ProcessGroup group = group(process);
        assertThat(group.isEmpty()).isFalse();
        assertThat(new DeploymentLock(directory.resolve("lock")).isHeld()).isTrue();

        group.send(Signal.KILL);
        await().until(group::isEmpty);
        assertThat(new DeploymentLock(directory.resolve("lock")).isHeld()).isFalse();
    }

    @Test
    void a_stranger_with_the_same_pid_is_never_signalled() {
        ProcessIdentity stranger = launch("sleep 60");
        ProcessIdentity ours = new ProcessIdentity(
                stranger.bootId(), stranger.pid(), stranger.startTicks() - 1, "a nonce that it does not carry");

        ProcessGroup group = new ProcessGroup(table, ours, Set.of(ours.nonce()), belonging("other-lock"));
        group.send(Signal.KILL);

        assertThat(group.isEmpty()).isTrue();
        assertThat(table.isAlive(stranger)).isTrue();
    }

    @Test
    void output_is_appended() throws Exception {
        Files.writeString(directory.resolve("log"), "before\n");

        ProcessIdentity process = launch("echo out; echo err >&2");

        await().untilAsserted(() -> assertThat(launcher.exitCode(process)).hasValue(0));
        assertThat(directory.resolve("log")).hasContent("before\nout\nerr\n");
    }

    @Test
    void the_environment_is_chosen_not_inherited() throws Exception {
        ProcessIdentity process = launch("env");

        await().untilAsserted(() -> assertThat(launcher.exitCode(process)).hasValue(0));
        assertThat(Files.readAllLines(directory.resolve("log")))
                .contains(
                        "LC_ALL=C",
                        "HOME=/root",
                        "PIPELINE_DEPLOYMENT=7",
                        "PIPELINE_PAPER=1",
                        "PIPELINE_NONCE=" + process.nonce())
                .noneMatch(line -> line.contains("secret"));
    }

    @Test
    void a_command_that_does_not_exist_says_so_in_the_log() {
        ProcessIdentity process = launcher.launch(request("/no/such/program"));

        await().untilAsserted(() -> assertThat(launcher.exitCode(process)).hasValue(69));
        assertThat(directory.resolve("log")).content().contains("/no/such/program");
    }

    @Test
    void a_command_can_never_be_handed_to_a_shell_by_flock() {
        assertThatThrownBy(() -> request("-c", "echo")).isInstanceOf(IllegalArgumentException.class);
    }
}
