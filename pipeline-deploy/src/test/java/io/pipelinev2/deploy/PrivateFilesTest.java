package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.deploy.papertrading.Control;
import io.pipelinev2.deploy.supervision.LogLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process is told by files: its secrets, and which orders it may give; and the log that it leaves. */
class PrivateFilesTest {

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private Home home;
    private Path key;

    @BeforeEach
    void open() throws IOException {
        home = new Home(directory, clock);
        home.validated(7, 1.0);
        key = Files.writeString(directory.resolve("key"), "s3cr3t");
        permit("rw-------");
    }

    @AfterEach
    void nothing_is_left_running() {
        home.close();
    }

    private void permit(String permissions) throws IOException {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(permissions));
    }

    private DeployStage stage(String script) {
        return home.stage(Home.script(script)).secrets(Map.of("api-key", key)).build();
    }

    private static void settle(DeployStage stage) {
        await().pollInterval(Duration.ofMillis(20)).until(stage::reconcile);
    }

    private Path state() {
        return directory.resolve("state/deployments/" + home.deployment(7).id());
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve(home.deployment(7).logFile()));
    }

    @Test
    void secrets_are_copies_in_a_directory_of_its_own_while_it_runs() throws Exception {
        DeployStage stage = stage("wc -c < $CREDENTIALS_DIRECTORY/api-key; ls -l $CREDENTIALS_DIRECTORY; env;"
                + " tr '\\0' ' ' < /proc/$$/cmdline; echo up; exec sleep 100");
        settle(stage);
        await().untilAsserted(() -> assertThat(log()).contains("up"));

        assertThat(log()).startsWith("6\n").contains("-rw------- ").doesNotContain("s3cr3t");
        assertThat(state().resolve("credentials/api-key")).hasContent("s3cr3t");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state().resolve("credentials"))))
                .isEqualTo("rwx------");
        assertThat(home.deployment(7).toString() + home.runs(7)).doesNotContain("s3cr3t");
        home.commands(3).stop(home.trial(7).key(), "", Home.ANA);
        settle(stage);
        assertThat(state().resolve("credentials")).doesNotExist();
        assertThat(key).hasContent("s3cr3t");
    }

    @Test
    void what_a_process_put_beside_its_secrets_goes_with_them_and_no_link_is_followed() throws Exception {
        Path precious = Files.createDirectories(directory.resolve("precious"));
        Files.createFile(precious.resolve("file"));
        DeployStage stage = stage("cd $CREDENTIALS_DIRECTORY && mkdir -p cache/deep && touch cache/deep/token && ln -s "
                + precious + " link && echo up; exec sleep 100");
        settle(stage);
        await().untilAsserted(() -> assertThat(log()).contains("up"));
        home.commands(3).stop(home.trial(7).key(), "", Home.ANA);
        settle(stage);

        assertThat(home.deployment(7).status()).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(state().resolve("credentials")).doesNotExist();
        assertThat(precious.resolve("file")).exists();
    }

    @Test
    void one_that_is_given_up_before_it_is_started_leaves_no_copy_of_a_secret() throws Exception {
        DeployStage stage = home.stage(DeploySettings.DEFAULT.withCommand(List.of("/bin/true", "{model_dir}")))
                .secrets(Map.of("api-key", key))
                .build();
        stage.choose();
        Files.delete(home.models.directoryOf(home.deployment(7).modelSha256()).resolve("actor.pth"));
        settle(stage);

        assertThat(home.deployment(7).health()).isEqualTo(DeploymentHealth.PERMANENT_FAILURE);
        assertThat(state().resolve("credentials")).doesNotExist();
    }

    @Test
    void a_reboot_leaves_no_copy_of_a_secret_of_one_that_is_stopped_then() throws Exception {
        DeployStage stage = stage("exec sleep 100");
        settle(stage);
        Deployment before = home.deployment(7);
        Remains.endAllIn(directory);
        home.store.write(tx -> {
            ProcessIdentity lost =
                    new ProcessIdentity("boot before", ProcessHandle.current().pid(), 1, before.nonce());
            ProcessRun run = tx.processRuns(before.id()).get(0);
            tx.update(new ProcessRun(run.id(), run.deploymentId(), lost, run.startedAt(), null, null, false, null));
            return tx.update(before, before.change().process(lost).done());
        });
        stage("exec sleep 100").supervise(home.deployment(7));
        assertThat(home.deployment(7).status()).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(state().resolve("credentials")).doesNotExist();
    }

    @Test
    void a_secret_that_others_can_read_is_refused_until_it_is_private() throws Exception {
        permit("rw-r-----");
        DeployStage stage = stage("exec sleep 100");
        stage.reconcile();

        assertThat(home.deployment(7).health()).isEqualTo(DeploymentHealth.UNKNOWN);
        assertThat(home.deployment(7).reason()).contains("'api-key'", "can be used by others (rw-r-----)", "chmod 600");
        assertThat(home.deployment(7).restarts()).isZero();
        assertThat(Remains.in(directory)).isEmpty();
        permit("r--------");
        clock.advance(Duration.ofSeconds(31));
        settle(stage);
        assertThat(home.deployment(7).health()).isEqualTo(DeploymentHealth.HEALTHY);
    }

    @Test
    void a_trader_is_told_which_orders_it_may_give_whenever_that_changes() throws Exception {
        DeployStage stage = stage("exec sleep 100");
        settle(stage);
        assertThat(Control.read(state())).isEqualTo(Control.NONE);

        home.store.write(tx -> tx.update(
                home.deployment(7),
                home.deployment(7)
                        .change()
                        .orders(TradingState.REDUCING)
                        .flattens(2)
                        .resumes(1)
                        .done()));
        stage.reconcile();
        assertThat(Control.read(state()))
                .isEqualTo(new Control(TradingState.REDUCING, 2, 1, "an operator wants it so"));

        Files.delete(state().resolve(Control.NAME));
        stage.reconcile();
        assertThat(Control.read(state()).orders()).isEqualTo(TradingState.REDUCING);

        Files.writeString(state().resolve("control.json"), "{");
        stage = stage("exec sleep 100");
        stage.reconcile();
        assertThat(Control.read(state()).orders()).isEqualTo(TradingState.REDUCING);
    }

    @Test
    void the_kill_file_follows_the_setting_and_one_made_by_hand_stays() throws Exception {
        Path file = directory.resolve("state/KILL");
        DeployStage stage = stage("exec sleep 100");
        orders("reducing");
        stage.reconcile();
        assertThat(Files.readString(file)).startsWith("reducing by a command");
        Files.delete(file);
        stage.reconcile();
        assertThat(file).exists();

        Files.delete(file);
        orders("active");
        stage.reconcile();
        assertThat(file).doesNotExist();
        Files.createFile(file);
        stage.reconcile();
        assertThat(file).exists().isEmptyFile();
    }

    @Test
    void a_kill_file_made_by_hand_is_told_of_once_and_so_is_its_end() throws Exception {
        Path file = directory.resolve("state/KILL");
        DeployStage stage = stage("exec sleep 100");
        stage.reconcile();
        Files.writeString(file, "I smell smoke\n");
        for (int second = 0; second < 5; second++) {
            stage.reconcile();
            clock.advance(Duration.ofSeconds(1));
        }
        stage = stage("exec sleep 100");
        for (int second = 0; second < 5; second++) {
            stage.reconcile();
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(ordersEvents())
                .singleElement()
                .matches(event -> event.type() == EventType.OPERATOR_HALT)
                .matches(event -> event.message().contains("KILL was made by hand (I smell smoke), so no trader"));

        Files.delete(file);
        stage.reconcile();
        stage("exec sleep 100").reconcile();
        assertThat(ordersEvents())
                .extracting(Event::type)
                .containsExactly(EventType.OPERATOR_RESUME, EventType.OPERATOR_HALT);
    }

    @Test
    void a_halt_by_command_is_not_taken_for_a_file_made_by_hand() {
        DeployStage stage = stage("exec sleep 100");
        HomeOrders orders = new HomeOrders(home.store, directory);
        orders.halt(TradingState.HALTED, "", Home.ANA);
        // The file of a command that has not written the setting yet.
        orders("active");
        stage.reconcile();
        orders("halted");
        clock.advance(Duration.ofMinutes(1));
        stage.reconcile();
        orders.resume("", Home.ANA);
        stage.reconcile();

        assertThat(ordersEvents())
                .extracting(Event::type)
                .containsExactly(EventType.OPERATOR_RESUME, EventType.OPERATOR_HALT);
    }

    private List<Event> ordersEvents() {
        return home.store.read(tx -> tx.events(null, 1_000)).stream()
                .filter(event -> event.type() == EventType.OPERATOR_HALT || event.type() == EventType.OPERATOR_RESUME)
                .toList();
    }

    private void orders(String label) {
        home.store.write(tx -> {
            tx.put("orders", label);
            return null;
        });
    }

    @Test
    void every_start_has_a_log_of_its_own_and_what_the_cap_drops_is_counted() throws Exception {
        // Each piece is one write and cut before the next, because what is written in the very moment of a cut is not
        // counted.
        DeployStage stage = home.stage(
                        Home.script(
                                "for piece in $(seq 20); do head -c 60000 /dev/zero | dd bs=60000 iflag=fullblock;"
                                        + " until [ $(wc -c < /proc/$$/fd/1) -lt 60000 ]; do sleep 0.01; done; done 2>/dev/null; echo the end; exit 1"))
                .logLimits(new LogLimits(100_000, 1_000_000))
                .build();
        stage.reconcile();
        await().until(() -> Remains.in(directory).isEmpty());
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            stage.reconcile();
            return home.deployment(7).status() == DeploymentStatus.CRASHED;
        });

        Path file = directory.resolve(home.deployment(7).logFile());
        long kept = Files.size(file) + Files.size(file.resolveSibling(file.getFileName() + ".1"));
        long written = 20 * 60_000L + "the end\n".length();
        assertThat(home.deployment(7).logLost() + kept)
                .as("all that was written, and what the cuts say of themselves")
                .isBetween(written, written + 20 * 100);
        clock.advance(Duration.ofSeconds(2));
        stage.reconcile();
        await().until(() -> Remains.in(directory).isEmpty());
        stage.close();
        try (Stream<Path> logs = Files.list(directory.resolve("logs/deployments"))) {
            assertThat(logs.map(log -> log.getFileName().toString()).filter(name -> name.endsWith(".log")))
                    .containsExactlyInAnyOrder(
                            "1-7-%d.1.log".formatted(home.deployment(7).id()),
                            "1-7-%d.2.log".formatted(home.deployment(7).id()));
        }
    }
}
