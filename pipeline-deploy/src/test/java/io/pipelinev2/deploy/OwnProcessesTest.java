package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.deploy.launch.DeploymentLock;
import io.pipelinev2.deploy.launch.ProcessTable;
import io.pipelinev2.deploy.supervision.DeploymentFiles;
import io.pipelinev2.deploy.supervision.Orphans;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which processes are a deployment's own, and which are never touched. */
class OwnProcessesTest {

    private static final String LIVES = "echo up; exec sleep 100";

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    private final ManualClock clock = new ManualClock();
    private final ProcessTable table = new ProcessTable();
    private Home home;
    private DeployStage stage;

    @BeforeEach
    void open() {
        home = new Home(directory, clock);
        home.validated(7, 1.0);
        stage = home.stage(Home.script(LIVES)).build();
    }

    @AfterEach
    void nothing_is_left_running() {
        home.close();
        Remains.endAllIn(elsewhere);
    }

    private static void settle(DeployStage stage) {
        await().pollInterval(Duration.ofMillis(20)).until(stage::reconcile);
    }

    /** A home whose database says of its deployment what that of the original says. */
    private Home copyOfHome() {
        Home copy = new Home(elsewhere, clock);
        copy.validated(7, 1.0);
        copy.stage(Home.script(LIVES).withMaxDeployed(1)).build().choose();
        Deployment original = home.deployment(7);
        copy.store.write(tx -> {
            Deployment row = tx.deploymentOf(copy.trial(7).id()).orElseThrow();
            assertThat(row.id()).isEqualTo(original.id());
            tx.insert(ProcessRun.started(row.id(), original.process(), clock.now()));
            return tx.update(
                    row,
                    row.change()
                            .status(DeploymentStatus.RUNNING)
                            .health(DeploymentHealth.HEALTHY, null)
                            .nonce(original.nonce())
                            .process(original.process())
                            .host(original.host())
                            .startedAt(clock.now())
                            .done());
        });
        return copy;
    }

    @Test
    void a_copy_of_a_home_starts_its_own_and_leaves_those_of_the_original_alone() {
        settle(stage);
        ProcessIdentity original = home.deployment(7).process();
        try (Home copy = copyOfHome()) {
            DeployStage ofCopy = copy.stage(Home.script(LIVES)).build();
            settle(ofCopy);

            assertThat(copy.deployment(7).health()).isEqualTo(DeploymentHealth.HEALTHY);
            assertThat(copy.deployment(7).process()).isNotEqualTo(original);
            assertThat(copy.deployment(7).restarts()).isZero();
            assertThat(copy.runs(7).get(0).end()).startsWith("this home is a copy");
            assertThat(copy.eventTypes(7)).doesNotContain(EventType.DEPLOYMENT_ADOPTED);

            copy.commands(3).stop(copy.trial(7).key(), "", Home.ANA);
            settle(ofCopy);
            assertThat(Remains.in(elsewhere)).isEmpty();
        }
        assertThat(table.isAlive(original)).isTrue();
    }

    @Test
    void a_stop_in_a_copy_ends_nothing_of_the_original() {
        settle(stage);
        ProcessIdentity original = home.deployment(7).process();
        try (Home copy = copyOfHome()) {
            copy.commands(3).stop(copy.trial(7).key(), "", Home.ANA);
            settle(copy.stage(Home.script(LIVES)).build());

            assertThat(copy.deployment(7).status()).isEqualTo(DeploymentStatus.STOPPED);
        }
        assertThat(table.isAlive(original)).isTrue();
    }

    @Test
    void a_home_that_was_moved_keeps_its_processes() throws Exception {
        settle(stage);
        ProcessIdentity before = home.deployment(7).process();
        Path moved = elsewhere.resolve("moved");
        Files.move(directory.resolve("state"), Files.createDirectories(moved).resolve("state"));

        stage = DeployStage.builder(home.store, moved)
                .clock(clock)
                .settings(Home.script(LIVES))
                .models(home.models)
                .build();
        settle(stage);

        assertThat(home.deployment(7).process()).isEqualTo(before);
        assertThat(home.runs(7)).hasSize(1);
        home.commands(3).stop(home.trial(7).key(), "", Home.ANA);
        settle(stage);
        assertThat(table.isAlive(before)).isFalse();
    }

    @Test
    void a_process_that_no_start_knows_is_told_of_once_and_not_ended() throws Exception {
        settle(stage);
        long id = home.deployment(7).id();
        Process stranger = started(id);
        Process ofNobody = started(4711);
        try {
            await().untilAsserted(() -> {
                clock.advance(Duration.ofSeconds(31));
                stage.reconcile();
                assertThat(orphanEvents()).hasSize(2);
            });
            stage = home.stage(Home.script(LIVES)).build();
            stage.reconcile();
            clock.advance(Duration.ofMinutes(10));
            stage.reconcile();

            assertThat(orphanEvents()).hasSize(2);
            assertThat(orphanEvents())
                    .anySatisfy(message -> assertThat(message)
                            .startsWith("process " + stranger.pid())
                            .contains("by no start that the database knows", "`stop ppo/7`"))
                    .anySatisfy(message -> assertThat(message)
                            .startsWith("process " + ofNobody.pid())
                            .contains("which the database does not have"));
            assertThat(stranger.isAlive()).isTrue();
            assertThat(Orphans.find(home.store, table, new DeploymentFiles(directory, directory.resolve("logs"))))
                    .hasSize(2);

            home.commands(3).stop(home.trial(7).key(), "", Home.ANA);
            settle(stage);
            assertThat(stranger.isAlive()).isFalse();
            assertThat(ofNobody.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
            ofNobody.destroyForcibly();
        }
    }

    private Process started(long deployment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sleep", "100").directory(elsewhere.toFile());
        builder.environment().put("PIPELINE_NONCE", "unknown");
        builder.environment()
                .put(
                        "PIPELINE_STATE_DIR",
                        directory
                                .toRealPath()
                                .resolve("state/deployments/" + deployment)
                                .toString());
        return builder.start();
    }

    private List<String> orphanEvents() {
        return home.store.read(tx -> tx.events(null, 1_000)).stream()
                .filter(event -> event.type() == EventType.DEPLOYMENT_ORPHANED)
                .map(event -> event.message())
                .toList();
    }

    @Test
    void a_probe_of_the_lock_never_makes_a_start_fail() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        stage.choose();
        DeploymentLock lock = new DeploymentLock(
                directory.resolve("state/deployments/" + home.deployment(7).id() + "/lock"));
        Files.createDirectories(lock.file().getParent());
        Files.createFile(lock.file());
        List<Thread> probing = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread thread = new Thread(() -> {
                while (!done.get()) {
                    lock.isHeld();
                }
            });
            thread.start();
            probing.add(thread);
        }
        try {
            for (int i = 0; i < 5; i++) {
                settle(stage);
                assertThat(home.deployment(7).health()).isEqualTo(DeploymentHealth.HEALTHY);
                await().until(() -> stage.suspend("again"));
            }
        } finally {
            done.set(true);
            for (Thread thread : probing) {
                thread.join();
            }
        }
        assertThat(home.runs(7)).hasSize(5).noneMatch(run -> Integer.valueOf(75).equals(run.exitCode()));
    }

    @Test
    void a_process_whose_first_thread_has_ended_is_not_taken_for_dead() throws Exception {
        // Ends the first thread alone, as the kernel ends the threads of a killed process one after the other.
        String script = "echo up; exec perl -Mthreads -e '"
                + "threads->create(sub { sleep 100 })->detach; require \"syscall.ph\"; syscall(&SYS_exit, 0)'";
        assumeThat(new ProcessBuilder("perl", "-Mthreads", "-e", "require \"syscall.ph\"")
                        .start()
                        .waitFor())
                .isZero();
        stage = home.stage(Home.script(script)).build();
        settle(stage);
        ProcessIdentity process = home.deployment(7).process();
        await().until(() ->
                Files.readString(Path.of("/proc/" + process.pid() + "/stat")).contains(") Z "));

        assertThat(table.isAlive(process)).isTrue();
        assertThat(stage.reconcile()).isTrue();
        assertThat(home.deployment(7).status()).isEqualTo(DeploymentStatus.RUNNING);
        home.commands(3).stop(home.trial(7).key(), "", Home.ANA);
        settle(stage);
        assertThat(home.deployment(7).reason()).startsWith("stopped by ana; ended on SIGTERM");
    }

    @Test
    void two_who_stop_at_once_stop_once() throws Exception {
        settle(stage);
        home.commands(3).stop(home.trial(7).key(), "", Home.ANA);
        DeployStage other = home.stage(Home.script(LIVES)).build();
        Thread second = new Thread(() -> settle(other));
        second.start();
        settle(stage);
        second.join();

        assertThat(home.deployment(7).status()).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(home.eventTypes(7).stream().filter(EventType.DEPLOYMENT_STOPPED::equals))
                .hasSize(1);
        assertThat(Remains.in(directory)).isEmpty();
    }
}
