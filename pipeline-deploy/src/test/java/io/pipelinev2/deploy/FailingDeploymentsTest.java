package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.deployment.Review;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.deploy.launch.DeploymentLock;
import io.pipelinev2.deploy.launch.ProcessTable;
import io.pipelinev2.deploy.papertrading.Heartbeat;
import io.pipelinev2.deploy.papertrading.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deployments that hang, fail together, or cannot be started, with real processes. */
class FailingDeploymentsTest {

    private static final String LIVES = "echo up; exec sleep 100";

    /** Answers SIGQUIT as a Java process does: by a word about itself. */
    private static final String DUMPS = "trap 'echo what my threads do' QUIT; echo up; while :; do sleep 0.02; done";

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private final ProcessTable table = new ProcessTable();
    private Home home;
    private DeployStage stage;

    @BeforeEach
    void open() {
        home = new Home(directory, clock);
    }

    @AfterEach
    void nothing_is_left_running() {
        home.close();
    }

    /** A script in the place of the bundled trader: what it does not report is missed. */
    private DeployStage reporting(String script, int deployed) throws Exception {
        Path data = Files.createDirectories(directory.resolve("data"));
        return home.stage(DeploySettings.DEFAULT.withStartTime(Duration.ZERO).withMaxDeployed(deployed))
                .data(data)
                .trader(state -> List.of("/bin/sh", "-c", script))
                .build();
    }

    private Deployment now(int number) {
        return home.deployment(number);
    }

    private Path state(int number) {
        return directory.resolve("state/deployments/" + now(number).id());
    }

    private void heartbeat(int number, long loop, Instant lastBar, boolean stale) throws Exception {
        new Heartbeat(
                        now(number).id(),
                        now(number).nonce(),
                        clock.now(),
                        Phase.TRADING,
                        1,
                        loop,
                        500,
                        500,
                        lastBar,
                        TradingState.ACTIVE,
                        null,
                        null,
                        stale)
                .writeTo(state(number));
    }

    private void lookFor(Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            clock.advance(Duration.ofSeconds(1));
            stage.reconcile();
        }
    }

    private void reconcileUntil(int number, DeploymentHealth health) {
        await().pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            stage.reconcile();
            assertThat(now(number).health()).isEqualTo(health);
        });
    }

    private void awaitLog(int number, String text) {
        await().untilAsserted(() -> assertThat(
                        Files.readString(directory.resolve(now(number).logFile())))
                .contains(text));
    }

    private void kill(ProcessIdentity process, String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void one_that_hangs_says_what_it_does_and_is_replaced() throws Exception {
        home.validated(7, 1.0);
        stage = reporting(DUMPS, 1);
        stage.reconcile();
        awaitLog(7, "up");
        ProcessIdentity first = now(7).process();
        heartbeat(7, 1, null, false);
        reconcileUntil(7, DeploymentHealth.HEALTHY);

        lookFor(Duration.ofSeconds(59));
        assertThat(now(7).health()).isEqualTo(DeploymentHealth.HEALTHY);
        lookFor(Duration.ofSeconds(3));

        assertThat(now(7).health()).isEqualTo(DeploymentHealth.HUNG);
        assertThat(home.eventTypes(7)).contains(EventType.DEPLOYMENT_HUNG);
        awaitLog(7, "what my threads do");
        assertThat(table.isAlive(first)).isTrue();
        Path firstLog = directory.resolve(now(7).logFile());
        awaitAnotherStart();
        assertThat(table.isAlive(first)).isFalse();
        assertThat(home.runs(7).get(0)).satisfies(run -> {
            assertThat(run.crashed()).isTrue();
            assertThat(run.end())
                    .startsWith("hung: its trading loop has made no progress for 60 s; it was ended by signal 9");
        });
        assertThat(now(7).restarts()).isEqualTo(1);
        assertThat(directory.resolve(now(7).logFile())).isNotEqualTo(firstLog);
        assertThat(firstLog).content().contains("what my threads do");
    }

    @Test
    void one_that_cannot_be_told_its_orders_is_looked_after_all_the_same() throws Exception {
        home.validated(7, 1.0);
        stage = reporting(DUMPS, 1);
        stage.reconcile();
        awaitLog(7, "up");
        heartbeat(7, 1, null, false);
        reconcileUntil(7, DeploymentHealth.HEALTHY);
        Files.createDirectories(state(7).resolve("control.json/in-the-way"));
        home.commands(1).halt(now(7).key(), TradingState.HALTED, "", Home.ANA);

        for (int second = 0; second < 62; second++) {
            clock.advance(Duration.ofSeconds(1));
            assertThatThrownBy(() -> stage.supervise()).hasMessageContaining("control.json");
        }
        assertThat(now(7).health()).isEqualTo(DeploymentHealth.HUNG);
    }

    @Test
    void one_that_a_signal_has_stopped_is_found_and_replaced() throws Exception {
        home.validated(7, 1.0);
        stage = reporting(DUMPS, 1);
        stage.reconcile();
        awaitLog(7, "up");
        heartbeat(7, 1, null, false);
        ProcessIdentity first = now(7).process();
        kill(first, "STOP");
        await().until(() -> table.life(first) == ProcessTable.Life.STOPPED);

        lookFor(Duration.ofSeconds(5));
        assertThat(now(7).health()).isEqualTo(DeploymentHealth.DEGRADED);
        assertThat(now(7).reason()).isEqualTo("is stopped by a signal (SIGSTOP)");
        awaitAnotherStart();

        assertThat(table.isAlive(first)).isFalse();
        assertThat(home.runs(7).get(0).end()).startsWith("hung: ");
    }

    private void awaitAnotherStart() {
        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            lookFor(Duration.ofSeconds(1));
            return home.runs(7).size() == 2;
        });
    }

    @Test
    void a_command_of_the_users_own_that_is_stopped_is_shown_and_left_alone() throws Exception {
        home.validated(7, 1.0);
        stage = home.stage(Home.script(LIVES)).build();
        reconcileUntil(7, DeploymentHealth.HEALTHY);
        kill(now(7).process(), "STOP");
        reconcileUntil(7, DeploymentHealth.DEGRADED);
        lookFor(Duration.ofMinutes(5));

        assertThat(table.isAlive(now(7).process())).isTrue();
        assertThat(now(7).reason()).isEqualTo("is stopped by a signal (SIGSTOP)");
        kill(now(7).process(), "CONT");
        reconcileUntil(7, DeploymentHealth.HEALTHY);
    }

    @Test
    void stale_data_are_no_reason_to_start_again_unless_others_see_newer_ones_and_then_once_an_hour() throws Exception {
        home.validated(7, 1.0);
        home.validated(8, 2.0);
        stage = reporting(DUMPS, 2);
        stage.reconcile();
        awaitLog(7, "up");
        awaitLog(8, "up");
        Instant bar = clock.now();
        ProcessIdentity first = now(7).process();

        heartbeat(7, 1, bar, true);
        heartbeat(8, 1, bar, true);
        lookFor(Duration.ofSeconds(40));
        assertThat(now(7).health()).isEqualTo(DeploymentHealth.STALE);
        assertThat(now(7).process()).isEqualTo(first);

        heartbeat(7, 2, bar, true);
        heartbeat(8, 2, bar.plusSeconds(3600), false);
        reconcileUntil(7, DeploymentHealth.STOPPING);
        reconcileUntil(7, DeploymentHealth.STARTING);
        assertThat(home.runs(7).get(0).end()).startsWith("refreshed: its market data stand still");
        assertThat(home.runs(7).get(0).crashed()).isFalse();
        assertThat(now(7).restarts()).isZero();

        ProcessIdentity second = now(7).process();
        heartbeat(7, 1, bar, true);
        heartbeat(8, 3, bar.plusSeconds(7200), false);
        lookFor(Duration.ofSeconds(40));
        assertThat(now(7).health()).isEqualTo(DeploymentHealth.STALE);
        assertThat(now(7).process()).isEqualTo(second);
    }

    @Test
    void what_a_stopped_one_saw_last_is_no_reason_to_start_another_again() throws Exception {
        home.validated(7, 1.0);
        home.validated(8, 2.0);
        stage = reporting(DUMPS, 2);
        stage.reconcile();
        awaitLog(7, "up");
        awaitLog(8, "up");
        Instant bar = clock.now();
        ProcessIdentity first = now(7).process();
        heartbeat(7, 1, bar, false);
        heartbeat(8, 1, bar.plusSeconds(3600), false);
        lookFor(Duration.ofSeconds(2));
        home.commands(2).stop(now(8).key(), "", Home.ANA);
        reconcileUntil(8, DeploymentHealth.STOPPED);

        heartbeat(7, 2, bar, true);
        lookFor(Duration.ofSeconds(35));

        assertThat(now(7).health()).isEqualTo(DeploymentHealth.STALE);
        assertThat(now(7).process()).isEqualTo(first);
    }

    @Test
    void what_one_of_another_feed_sees_is_no_reason_to_start_another_again() throws Exception {
        home.validated(7, 1.0);
        home.validated(8, 2.0);
        stage = reporting(DUMPS, 2);
        stage.reconcile();
        awaitLog(7, "up");
        awaitLog(8, "up");
        ProcessIdentity first = now(7).process();
        Path told = state(8).resolve("trader.json");
        Files.writeString(told, Files.readString(told).replace("/data\"", "/other-data\""));
        Instant bar = clock.now();
        heartbeat(7, 1, bar, true);
        heartbeat(8, 1, bar.plusSeconds(3600), false);

        lookFor(Duration.ofSeconds(35));

        assertThat(now(7).health()).isEqualTo(DeploymentHealth.STALE);
        assertThat(now(7).process()).isEqualTo(first);
    }

    @Test
    void many_that_crash_at_once_have_one_cause_and_one_is_tried_until_it_stays_up() throws Exception {
        for (int number = 1; number <= 4; number++) {
            home.validated(number, 1.0 * number);
        }
        Path works = directory.resolve("works");
        Files.createFile(works);
        DeploySettings settings = Home.script("[ -e " + works + " ] || exit 1; echo up; while [ -e " + works
                        + " ]; do sleep 0.02; done; exit 1")
                .withMaxDeployed(4)
                .withStartTime(Duration.ofSeconds(3))
                .withRestarts(1, Duration.ofMinutes(30));
        stage = home.stage(settings).build();
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            clock.advance(Duration.ofMillis(100));
            return stage.reconcile();
        });

        Files.delete(works);
        await().until(() -> Remains.in(directory).isEmpty());
        stage.reconcile();
        stage.reconcile();
        assertThat(suspicions()).isEqualTo(1);
        assertThat(now(1).reason()).contains("4 of 4 deployments crashed or hung within 60 s", "common cause");

        // A supervisor that comes later knows of it, and tries one at a time however long it lasts.
        stage = home.stage(settings).build();
        for (int i = 0; i < 30; i++) {
            clock.advance(Duration.ofSeconds(5));
            stage.reconcile();
            await().until(() -> Remains.in(directory).size() <= 1);
        }
        assertThat(suspicions()).isEqualTo(1);
        int starts = 0;
        for (int number = 1; number <= 4; number++) {
            assertThat(now(number).health()).isNotEqualTo(DeploymentHealth.CRASH_LOOP);
            assertThat(home.runs(number)).noneMatch(ProcessRun::crashed);
            starts += home.runs(number).size();
        }
        assertThat(starts).isGreaterThan(6);

        Files.createFile(works);
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            clock.advance(Duration.ofSeconds(1));
            return stage.reconcile();
        });
        for (int number = 1; number <= 4; number++) {
            assertThat(now(number).health()).isEqualTo(DeploymentHealth.HEALTHY);
        }
        assertThat(Remains.in(directory).stream().map(ProcessHandle::pid))
                .contains(now(1).process().pid());
    }

    /** Four that run until this file is gone; afterwards all of them have crashed at once. */
    private Path crashedTogether() throws Exception {
        Path works = Files.createFile(directory.resolve("works"));
        for (int number = 1; number <= 4; number++) {
            home.validated(number, 1.0 * number);
        }
        stage = home.stage(Home.script("trap '' TERM; [ -e " + works + " ] || exit 1; echo up; while [ -e " + works
                                + " ]; do sleep 0.02; done; exit 1")
                        .withMaxDeployed(4)
                        .withStopGrace(Duration.ofHours(1))
                        .withStartTime(Duration.ofSeconds(3)))
                .build();
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            clock.advance(Duration.ofMillis(100));
            return stage.reconcile();
        });
        Files.delete(works);
        await().until(() -> Remains.in(directory).isEmpty());
        stage.reconcile();
        stage.reconcile();
        assertThat(suspicions()).isEqualTo(1);
        return works;
    }

    private void allBut(int down, Path works) throws Exception {
        Files.write(works, new byte[0]);
        await().pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            clock.advance(Duration.ofSeconds(1));
            stage.reconcile();
            for (int number = 1; number <= 4; number++) {
                assertThat(number == down || now(number).health() == DeploymentHealth.HEALTHY)
                        .isTrue();
            }
        });
    }

    @Test
    void one_that_cannot_be_started_after_a_common_cause_does_not_keep_the_others_down() throws Exception {
        Path works = crashedTogether();
        int first = IntStream.rangeClosed(1, 4)
                .boxed()
                .min(Comparator.comparing(number -> now(number).id()))
                .orElseThrow();
        Path lock = state(first).resolve("lock");
        Process stranger = new ProcessBuilder("flock", lock.toString(), "sleep", "100").start();
        try {
            await().until(() -> new DeploymentLock(lock).isHeld());
            // Until all others have crashed again, and are due later than it is.
            for (int i = 0; i < 20; i++) {
                clock.advance(Duration.ofSeconds(1));
                stage.reconcile();
                await().until(() -> Remains.in(directory).size() <= 1);
            }
            assertThat(now(first).health()).isEqualTo(DeploymentHealth.UNKNOWN);

            allBut(first, works);
            assertThat(now(first).health()).isEqualTo(DeploymentHealth.UNKNOWN);
        } finally {
            stranger.descendants().forEach(ProcessHandle::destroyForcibly);
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    void one_that_does_not_end_after_a_common_cause_does_not_keep_the_others_down() throws Exception {
        Path works = crashedTogether();
        Files.createFile(works);
        clock.advance(Duration.ofSeconds(2));
        await().until(() -> {
            stage.reconcile();
            return Remains.in(directory).size() == 1;
        });
        int tried = IntStream.rangeClosed(1, 4)
                .filter(number -> now(number).status() == DeploymentStatus.RUNNING)
                .findFirst()
                .orElseThrow();
        awaitLog(tried, "up");
        home.commands(4).restart(now(tried).key(), "", Home.ANA);
        stage.reconcile();
        // As long as one that is tried may take, and longer.
        clock.advance(Duration.ofMinutes(3));

        allBut(tried, works);
        assertThat(now(tried).health()).isEqualTo(DeploymentHealth.STOPPING);
    }

    @Test
    void one_whose_model_is_gone_after_a_common_cause_does_not_keep_the_others_down() throws Exception {
        Path works = crashedTogether();
        stage = home.stage(DeploySettings.DEFAULT
                        .withCommand(List.of(
                                "/bin/sh",
                                "-c",
                                "while [ -e " + works + " ]; do sleep 0.02; done; exit 1",
                                "{model_dir}"))
                        .withMaxDeployed(4)
                        .withStartTime(Duration.ofSeconds(3)))
                .build();
        Files.delete(home.models.directoryOf(now(1).modelSha256()).resolve("actor.pth"));

        allBut(1, works);
        assertThat(now(1).health()).isEqualTo(DeploymentHealth.PERMANENT_FAILURE);
    }

    private long suspicions() {
        return home.store.read(tx -> tx.events(null, 1_000)).stream()
                .filter(event -> event.type() == EventType.DEPLOYMENTS_SUSPECT)
                .count();
    }

    @Test
    void a_program_that_cannot_be_executed_is_told_from_one_that_crashed() {
        home.validated(7, 1.0);
        stage = home.stage(DeploySettings.DEFAULT
                        .withCommand(List.of("/no/such/program"))
                        .withStartTime(Duration.ZERO))
                .build();
        reconcileUntil(7, DeploymentHealth.PERMANENT_FAILURE);

        assertThat(now(7).reason())
                .startsWith("its program could not be executed")
                .contains("/no/such/program");
        assertThat(now(7).restarts()).isZero();
    }

    @Test
    void a_java_that_is_gone_is_the_supervisors_trouble_and_no_trials() throws Exception {
        home.validated(7, 1.0);
        stage = home.stage(DeploySettings.DEFAULT.withStartTime(Duration.ZERO))
                .data(Files.createDirectories(directory.resolve("data")))
                .trader(state -> List.of("/no/such/jdk/bin/java"))
                .build();
        stage.reconcile();

        assertThat(now(7).health()).isEqualTo(DeploymentHealth.UNKNOWN);
        assertThat(now(7).reason()).contains("/no/such/jdk/bin/java", "Restart the daemon");
        assertThat(now(7).restarts()).isZero();
        assertThat(home.runs(7)).isEmpty();
    }

    @Test
    void the_death_of_a_child_ends_the_wait_and_a_restart_is_done_when_it_is_due() throws Exception {
        home.validated(7, 1.0);
        stage = home.stage(Home.script(LIVES)).build();
        reconcileUntil(7, DeploymentHealth.HEALTHY);
        while (true) {
            stage.supervise();
            if (home.deployment(7).version() == quiet()) {
                break;
            }
        }
        kill(now(7).process(), "KILL");

        // Far longer than the test may take.
        stage.await(Duration.ofHours(1));
        await().until(() -> !table.isAlive(now(7).process()));
        stage.supervise();
        assertThat(now(7).health()).isEqualTo(DeploymentHealth.BACKOFF);
        stage.await(Duration.ofHours(1));
        stage.supervise();
        // The clock stands still, so the wait is as long as the delay.
        stage.await(Duration.ofHours(1));
        clock.advance(Duration.ofSeconds(2));
        stage.supervise();
        assertThat(now(7).status()).isEqualTo(DeploymentStatus.RUNNING);
    }

    private long quiet() {
        stage.supervise();
        return home.deployment(7).version();
    }

    @Test
    void a_long_look_at_all_trials_does_not_keep_a_dead_process_waiting() throws Exception {
        home.validated(7, 1.0);
        stage = home.stage(Home.script(LIVES)).build();
        reconcileUntil(7, DeploymentHealth.HEALTHY);
        CountDownLatch reviewing = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        DeployStage slow = home.stage(Home.script(LIVES))
                .review(new Review() {
                    @Override
                    public Outcome review() {
                        reviewing.countDown();
                        try {
                            enough.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        return Outcome.UNCHANGED;
                    }

                    @Override
                    public Set<String> required() {
                        return Set.of();
                    }
                })
                .build();
        Thread choosing = new Thread(slow::choose);
        choosing.start();
        reviewing.await();
        ProcessIdentity first = now(7).process();
        kill(first, "KILL");
        await().until(() -> !table.isAlive(first));

        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            clock.advance(Duration.ofSeconds(1));
            slow.supervise();
            return now(7).health() == DeploymentHealth.HEALTHY && !first.equals(now(7).process());
        });

        assertThat(choosing.isAlive()).isTrue();
        enough.countDown();
        choosing.join();
    }
}
