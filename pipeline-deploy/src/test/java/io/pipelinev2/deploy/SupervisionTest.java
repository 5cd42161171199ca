package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.deploy.launch.Belonging;
import io.pipelinev2.deploy.launch.DeploymentLock;
import io.pipelinev2.deploy.launch.DirectLauncher;
import io.pipelinev2.deploy.launch.LaunchException;
import io.pipelinev2.deploy.launch.LaunchRequest;
import io.pipelinev2.deploy.launch.Launcher;
import io.pipelinev2.deploy.launch.ProcessTable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to processes, with real ones. */
class SupervisionTest {

    private static final String LIVES = "echo up; exec sleep 100";

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

    private void deploy(DeploySettings settings) {
        home.validated(7, 1.0);
        stage = home.stage(settings).build();
        stage.reconcile();
    }

    private Belonging belonging() {
        Path state = directory.resolve("state/deployments/" + now().id());
        return new Belonging(state, new DeploymentLock(state.resolve("lock")));
    }

    private void settle() {
        await().pollInterval(Duration.ofMillis(20)).until(stage::reconcile);
    }

    private Deployment now() {
        return home.deployment(7);
    }

    private void reconcileUntil(DeploymentStatus status, DeploymentHealth health) {
        await().pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            stage.reconcile();
            assertThat(now()).extracting(Deployment::status, Deployment::health).containsExactly(status, health);
        });
    }

    private void kill() throws Exception {
        ProcessIdentity process = now().process();
        assertThat(new ProcessBuilder("kill", "-KILL", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
        await().until(() -> !table.isAlive(process));
    }

    private Path log() {
        return directory.resolve(now().logFile());
    }

    private void awaitLog(String text) {
        await().untilAsserted(() -> assertThat(Files.readString(log())).contains(text));
    }

    @Test
    void a_deployed_trial_runs_and_is_recorded() throws Exception {
        deploy(Home.script(LIVES));
        settle();

        Deployment deployment = now();
        assertThat(deployment.status()).isEqualTo(DeploymentStatus.RUNNING);
        assertThat(deployment.health()).isEqualTo(DeploymentHealth.HEALTHY);
        assertThat(table.isAlive(deployment.process())).isTrue();
        assertThat(deployment.logFile())
                .isEqualTo(
                        "logs/deployments/%d-7-%d.1.log".formatted(home.trial(7).studyId(), deployment.id()));
        awaitLog("up");
        assertThat(home.runs(7)).singleElement().extracting(ProcessRun::process).isEqualTo(deployment.process());
        assertThat(home.eventTypes(7)).contains(EventType.TRIAL_DEPLOYED, EventType.DEPLOYMENT_STARTED);
        assertThat(directory.resolve("state/deployments/" + deployment.id() + "/trader.json"))
                .content()
                .contains(deployment.nonce())
                .contains(deployment.modelSha256());
    }

    @Test
    void one_that_crashes_while_its_backtest_is_repeated_is_started_as_before() throws Exception {
        deploy(Home.script(LIVES));
        settle();
        Path trader = directory.resolve("state/deployments/" + now().id() + "/trader.json");
        home.revalidate(7);
        kill();
        reconcileUntil(DeploymentStatus.CRASHED, DeploymentHealth.BACKOFF);
        Files.delete(trader);
        clock.advance(Duration.ofMinutes(1));
        reconcileUntil(DeploymentStatus.RUNNING, DeploymentHealth.HEALTHY);

        assertThat(trader).content().contains("lookback");
    }

    @Test
    void unchanged_health_is_not_written_again() {
        deploy(Home.script(LIVES));
        settle();
        long version = now().version();

        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofMinutes(2));
            assertThat(stage.reconcile()).isTrue();
        }

        assertThat(now().version()).isEqualTo(version);
    }

    @Test
    void it_counts_as_started_after_its_start_time() {
        deploy(Home.script(LIVES).withStartTime(Duration.ofSeconds(3)));
        assertThat(stage.reconcile()).isFalse();
        assertThat(now().health()).isEqualTo(DeploymentHealth.STARTING);

        clock.advance(Duration.ofSeconds(3));
        assertThat(stage.reconcile()).isTrue();
        assertThat(now().health()).isEqualTo(DeploymentHealth.HEALTHY);
    }

    @Test
    void another_supervisor_adopts_it_and_starts_no_second_one() {
        deploy(Home.script(LIVES));
        settle();
        ProcessIdentity before = now().process();
        stage.close();

        for (int i = 0; i < 5; i++) {
            stage = home.stage(Home.script(LIVES)).build();
            settle();
        }

        assertThat(now().process()).isEqualTo(before);
        assertThat(Remains.in(directory)).extracting(ProcessHandle::pid).containsExactly(before.pid());
        assertThat(home.runs(7)).hasSize(1);
        assertThat(home.eventTypes(7)).contains(EventType.DEPLOYMENT_ADOPTED);
    }

    @Test
    void a_start_that_was_cut_short_before_it_was_recorded_is_found_again() {
        DirectLauncher real = new DirectLauncher(table);
        Launcher dying = launcher(request -> {
            real.launch(request);
            throw new IllegalStateException("the supervisor dies here");
        });
        home.validated(7, 1.0);
        DeployStage first = home.stage(Home.script(LIVES)).launcher(dying).build();
        assertThatThrownBy(first::reconcile).hasMessage("the supervisor dies here");
        assertThat(now().process()).isNull();
        assertThat(now().nonce()).isNotNull();
        await().until(() -> table.findLeader(now().nonce(), belonging()).isPresent());

        stage = home.stage(Home.script(LIVES)).build();
        settle();

        assertThat(Remains.in(directory))
                .extracting(ProcessHandle::pid)
                .containsExactly(now().process().pid());
        assertThat(home.runs(7)).hasSize(1);
    }

    @Test
    void a_start_that_was_cut_short_before_the_process_existed_is_done_again() {
        Launcher dying = launcher(request -> {
            throw new IllegalStateException("the supervisor dies here");
        });
        home.validated(7, 1.0);
        DeployStage first = home.stage(Home.script(LIVES)).launcher(dying).build();
        assertThatThrownBy(first::reconcile).hasMessage("the supervisor dies here");

        stage = home.stage(Home.script(LIVES)).build();
        settle();

        assertThat(Remains.in(directory)).hasSize(1);
        assertThat(now().restarts()).isZero();
    }

    @Test
    void a_start_that_was_cut_short_can_be_stopped() {
        DirectLauncher real = new DirectLauncher(table);
        Launcher dying = launcher(request -> {
            real.launch(request);
            throw new IllegalStateException("the supervisor dies here");
        });
        home.validated(7, 1.0);
        DeployStage first = home.stage(Home.script(LIVES)).launcher(dying).build();
        assertThatThrownBy(first::reconcile).hasMessage("the supervisor dies here");
        home.commands(3).stop(home.trial(7).key(), "", Home.ANA);

        stage = home.stage(Home.script(LIVES)).build();
        settle();

        assertThat(now().status()).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(Remains.in(directory)).isEmpty();
    }

    @Test
    void a_fault_of_the_machine_is_not_counted_against_the_trial() {
        Launcher broken = launcher(request -> {
            throw new LaunchException("no more processes");
        });
        home.validated(7, 1.0);
        stage = home.stage(Home.script(LIVES)).launcher(broken).build();
        for (int i = 0; i < 10; i++) {
            stage.reconcile();
            clock.advance(Duration.ofSeconds(31));
        }

        assertThat(now().status()).isEqualTo(DeploymentStatus.CRASHED);
        assertThat(now().reason()).isEqualTo("could not be started: no more processes");
        assertThat(now().restarts()).isZero();
        assertThat(home.runs(7)).isEmpty();

        stage = home.stage(Home.script(LIVES)).build();
        settle();
        assertThat(now().health()).isEqualTo(DeploymentHealth.HEALTHY);
    }

    @Test
    void nothing_is_started_while_there_is_a_reason_and_it_is_by_itself_afterwards() {
        AtomicReference<Optional<String>> reason = new AtomicReference<>(Optional.of("the disk is full"));
        stage = home.stage(Home.script(LIVES)).holdWhile(reason::get).build();
        home.validated(7, 2.0);
        stage.reconcile();
        assertThat(now().status()).isEqualTo(DeploymentStatus.CRASHED);
        assertThat(now().reason()).isEqualTo("could not be started: the disk is full");
        assertThat(now().restarts()).isZero();
        assertThat(home.runs(7)).isEmpty();

        reason.set(Optional.empty());
        clock.advance(Duration.ofSeconds(30));
        settle();
        assertThat(now().health()).isEqualTo(DeploymentHealth.HEALTHY);
        assertThat(now().restarts()).isZero();
    }

    @Test
    void a_killed_process_is_started_again_once_after_its_delay() throws Exception {
        deploy(Home.script(LIVES));
        settle();
        ProcessIdentity before = now().process();
        kill();

        assertThat(stage.reconcile()).isFalse();
        assertThat(now().status()).isEqualTo(DeploymentStatus.CRASHED);
        assertThat(now().health()).isEqualTo(DeploymentHealth.BACKOFF);
        assertThat(now().reason()).startsWith("was ended by signal 9");
        assertThat(home.runs(7))
                .singleElement()
                .extracting(ProcessRun::exitCode)
                .isEqualTo(137);
        clock.advance(Duration.ofMillis(900));
        assertThat(stage.reconcile()).isFalse();
        assertThat(Remains.in(directory)).isEmpty();

        clock.advance(Duration.ofMillis(200));
        settle();

        assertThat(now().process()).isNotEqualTo(before);
        assertThat(now().restarts()).isEqualTo(1);
        assertThat(Remains.in(directory)).hasSize(1);
        assertThat(home.runs(7)).hasSize(2);
    }

    @Test
    void the_death_of_an_adopted_process_is_seen_and_its_exit_code_is_not_invented() throws Exception {
        deploy(Home.script(LIVES));
        settle();
        stage = home.stage(Home.script(LIVES)).build();
        settle();
        kill();

        reconcileUntil(DeploymentStatus.CRASHED, DeploymentHealth.BACKOFF);

        assertThat(home.runs(7)).singleElement().satisfies(run -> {
            assertThat(run.exitCode()).isNull();
            assertThat(run.end()).startsWith("ended; its exit code is not known");
        });
    }

    @Test
    void an_adopted_process_may_leave_word_of_its_end() throws Exception {
        deploy(Home.script("while [ ! -e go ]; do sleep 0.02; done;"
                + " printf '{\"nonce\":\"%s\",\"code\":3,\"reason\":\"no bars\",\"at\":\"2026-01-01T00:00:00Z\"}'"
                + " $PIPELINE_NONCE > exit.json; exit 3"));
        settle();
        stage = home.stage(Home.script(LIVES)).build();
        settle();
        Files.createFile(directory.resolve("state/deployments/" + now().id() + "/go"));

        reconcileUntil(DeploymentStatus.CRASHED, DeploymentHealth.BACKOFF);

        assertThat(home.runs(7)).singleElement().satisfies(run -> {
            assertThat(run.exitCode()).isEqualTo(3);
            assertThat(run.end()).isEqualTo("ended with exit code 3: no bars");
        });
    }

    @Test
    void suspended_deployments_stay_deployed_and_are_started_again() {
        deploy(Home.script(LIVES));
        settle();
        await().until(() -> stage.suspend("the demo is over"));

        assertThat(Remains.in(directory)).isEmpty();
        assertThat(now().status()).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(now().desired()).isEqualTo(DesiredState.RUNNING);
        assertThat(now().reason()).startsWith("the demo is over; ended on SIGTERM");

        stage = home.stage(Home.script(LIVES)).build();
        settle();
        assertThat(now().health()).isEqualTo(DeploymentHealth.HEALTHY);
        assertThat(now().restarts()).isZero();
    }

    @Test
    void what_a_crashed_process_left_running_is_ended_before_the_next_start() throws Exception {
        deploy(Home.script("trap '' TERM; (trap '' TERM; exec setsid sleep 90) & echo up; sleep 100; true"));
        settle();
        awaitLog("up");
        await().until(() -> Remains.in(directory).size() == 3);
        kill();
        stage.reconcile();
        long orphan = Remains.in(directory).get(0).pid();

        clock.advance(Duration.ofSeconds(2));
        settle();

        await().until(() -> Remains.in(directory).size() == 3);
        assertThat(Remains.in(directory)).extracting(ProcessHandle::pid).doesNotContain(orphan);
    }

    @Test
    void too_many_crashes_are_a_crash_loop_until_an_operator_acts() {
        deploy(Home.script("echo no money left; exit 3").withRestarts(2, Duration.ofMinutes(30)));
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            // only a delay is passed over: a process that takes its time to end must not slide out of the window
            if (now().health() == DeploymentHealth.BACKOFF) {
                clock.advance(Duration.ofSeconds(10));
            }
            stage.reconcile();
            return now().health() == DeploymentHealth.CRASH_LOOP;
        });

        assertThat(now().reason())
                .isEqualTo("ended with exit code 3: its last words were \"no money left\";"
                        + " more than 2 restarts within 30 min, so it stays down until `restart`");
        assertThat(home.runs(7)).hasSize(3);
        assertThat(home.eventTypes(7)).contains(EventType.DEPLOYMENT_CRASH_LOOP);

        // A new supervisor does not refill the budget, and time does not either.
        stage = home.stage(Home.script(LIVES)).build();
        clock.advance(Duration.ofHours(5));
        assertThat(stage.reconcile()).isTrue();
        assertThat(home.runs(7)).hasSize(3);

        home.commands(3).restart(home.trial(7).key(), "money is back", Home.ANA);
        settle();
        assertThat(now().health()).isEqualTo(DeploymentHealth.HEALTHY);
        assertThat(now().restarts()).isZero();
    }

    @Test
    void an_exit_code_that_says_so_is_a_permanent_failure() {
        deploy(Home.script("echo bad configuration; exit 78"));

        reconcileUntil(DeploymentStatus.CRASHED, DeploymentHealth.PERMANENT_FAILURE);

        assertThat(now().reason()).startsWith("ended with exit code 78: its last words were \"bad configuration\"");
        clock.advance(Duration.ofHours(5));
        assertThat(stage.reconcile()).isTrue();
        assertThat(home.runs(7)).hasSize(1);
    }

    @Test
    void exit_code_75_of_the_command_itself_is_a_crash_like_any_other() {
        deploy(Home.script("exit 75"));
        reconcileUntil(DeploymentStatus.CRASHED, DeploymentHealth.BACKOFF);
    }

    @Test
    void exit_code_75_of_one_whose_own_child_holds_the_lock_is_a_crash_with_a_delay() {
        deploy(Home.script("sleep 100 & exit 75"));
        reconcileUntil(DeploymentStatus.CRASHED, DeploymentHealth.BACKOFF);

        assertThat(home.runs(7)).singleElement().matches(ProcessRun::crashed);
        assertThat(now().restartDue()).isAfter(clock.now());
    }

    @Test
    void one_whose_log_was_removed_says_so_and_gets_a_new_one_with_a_restart() throws Exception {
        deploy(Home.script(LIVES));
        settle();
        awaitLog("up");
        Files.delete(log());
        Files.delete(log().getParent());
        reconcileUntil(DeploymentStatus.RUNNING, DeploymentHealth.DEGRADED);
        assertThat(now().reason()).contains(now().logFile() + " was removed", "`restart`");

        home.commands(3).restart(home.trial(7).key(), "", Home.ANA);
        settle();
        assertThat(now().health()).isEqualTo(DeploymentHealth.HEALTHY);
        awaitLog("up");
    }

    @Test
    void without_restarts_it_stays_down_and_says_so() {
        deploy(Home.script("exit 1").withAutoRestart(false));
        // the first looks may find it still alive
        await().pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            stage.reconcile();
            assertThat(now().status()).isEqualTo(DeploymentStatus.CRASHED);
        });

        assertThat(now().reason()).endsWith("auto_restart is off, so it stays down until `restart`");
        clock.advance(Duration.ofHours(5));
        assertThat(stage.reconcile()).isTrue();
        assertThat(home.runs(7)).hasSize(1);

        stage = home.stage(Home.script(LIVES)).build();
        settle();
        assertThat(now().health()).isEqualTo(DeploymentHealth.HEALTHY);
    }

    @Test
    void a_lock_that_a_stranger_holds_is_reported_and_nothing_is_killed() throws Exception {
        home.validated(7, 1.0);
        stage = home.stage(Home.script(LIVES).withMaxDeployed(1)).build();
        Path lock = directory.resolve("state/deployments/" + firstId() + "/lock");
        Files.createDirectories(lock.getParent());
        Process stranger = new ProcessBuilder("flock", "--no-fork", lock.toString(), "sleep", "100").start();
        await().until(() -> new DeploymentLock(lock).isHeld());
        try {
            assertThat(stage.reconcile()).isTrue();
            assertThat(now().health()).isEqualTo(DeploymentHealth.UNKNOWN);
            assertThat(now().reason()).contains("a process that the pipeline did not start");
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
            stranger.waitFor();
        }
        settle();
        assertThat(now().health()).isEqualTo(DeploymentHealth.HEALTHY);
    }

    @Test
    void a_start_that_another_one_forestalled_ends_with_75_and_is_not_counted() {
        DirectLauncher real = new DirectLauncher(table);
        Launcher forestalled = new Launcher() {
            @Override
            public ProcessIdentity launch(LaunchRequest request) {
                real.launch(new LaunchRequest(
                        0, "of somebody else", request.command(), directory, request.lock(), request.logFile()));
                await().until(request.lock()::isHeld);
                return real.launch(request);
            }

            @Override
            public OptionalInt exitCode(ProcessIdentity process) {
                return real.exitCode(process);
            }
        };
        home.validated(7, 1.0);
        stage = home.stage(Home.script(LIVES)).launcher(forestalled).build();

        reconcileUntil(DeploymentStatus.CRASHED, DeploymentHealth.UNKNOWN);

        assertThat(Remains.in(directory)).hasSize(1);
        assertThat(home.runs(7)).singleElement().satisfies(run -> {
            assertThat(run.exitCode()).isEqualTo(75);
            assertThat(run.crashed()).isFalse();
        });
        assertThat(now().restarts()).isZero();
    }

    /** The id that the next deployment will have: the in-memory store counts all rows together. */
    private long firstId() {
        Deployment probe = home.store.write(tx -> {
            Deployment inserted = tx.insert(Deployment.wanted(
                    home.trial(7).id(), home.trial(7).key(), "0".repeat(64), "probe", null, clock.now()));
            return tx.update(
                    inserted, inserted.change().desired(DesiredState.STOPPED).done());
        });
        return probe.id() + 1;
    }

    @Test
    void a_stopped_deployment_is_asked_and_verified_gone() {
        deploy(Home.script("trap 'exit 0' TERM; echo up; while :; do sleep 0.05; done"));
        settle();
        awaitLog("up");

        home.commands(3).stop(home.trial(7).key(), "too risky", Home.ANA);
        assertThat(stage.reconcile()).isFalse();
        settle();

        assertThat(now().status()).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(now().health()).isEqualTo(DeploymentHealth.STOPPED);
        assertThat(now().reason()).isEqualTo("stopped by ana: too risky; ended on SIGTERM with exit code 0");
        assertThat(Remains.in(directory)).isEmpty();
        assertThat(home.runs(7)).singleElement().satisfies(run -> {
            assertThat(run.crashed()).isFalse();
            assertThat(run.exitCode()).isZero();
        });
        assertThat(home.eventTypes(7)).contains(EventType.OPERATOR_STOP, EventType.DEPLOYMENT_STOPPED);
    }

    @Test
    void one_that_ignores_the_request_is_killed_after_the_grace() {
        deploy(Home.script("trap '' TERM; echo up; while :; do sleep 0.05; done"));
        settle();
        awaitLog("up");
        home.commands(3).stop(home.trial(7).key(), "", Home.ANA);

        for (int i = 0; i < 3; i++) {
            assertThat(stage.reconcile()).isFalse();
        }
        assertThat(Remains.in(directory)).isNotEmpty();
        clock.advance(Duration.ofSeconds(10));
        settle();

        assertThat(now().reason()).isEqualTo("stopped by ana; did not end within 10 s of SIGTERM and was killed");
        assertThat(Remains.in(directory)).isEmpty();
    }

    @Test
    void a_clock_that_was_put_back_delays_neither_a_stop() {
        deploy(Home.script("trap '' TERM; echo up; while :; do sleep 0.05; done"));
        settle();
        awaitLog("up");
        home.commands(3).stop(home.trial(7).key(), "", Home.ANA);
        stage.reconcile();
        clock.set(clock.now().minus(Duration.ofHours(1)));
        stage.reconcile();

        clock.advance(Duration.ofSeconds(11));
        settle();
        assertThat(now().status()).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(Remains.in(directory)).isEmpty();
    }

    @Test
    void nor_a_restart() throws Exception {
        deploy(Home.script(LIVES));
        settle();
        kill();
        stage.reconcile();
        assertThat(now().health()).isEqualTo(DeploymentHealth.BACKOFF);

        clock.set(clock.now().minus(Duration.ofHours(1)));
        settle();
        assertThat(now().status()).isEqualTo(DeploymentStatus.RUNNING);
    }

    @Test
    void a_stop_goes_on_with_another_supervisor() {
        deploy(Home.script("trap '' TERM; echo up; while :; do sleep 0.05; done"));
        settle();
        awaitLog("up");
        home.commands(3).stop(home.trial(7).key(), "", Home.ANA);
        stage.reconcile();

        stage = home.stage(Home.script(LIVES)).build();
        clock.advance(Duration.ofSeconds(11));
        settle();

        assertThat(now().status()).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(Remains.in(directory)).isEmpty();
    }

    @Test
    void stopped_stays_stopped() {
        deploy(Home.script(LIVES));
        settle();
        home.commands(3).stop(home.trial(7).key(), "", Home.ANA);
        settle();
        long version = now().version();

        home.commands(3).stop(home.trial(7).key(), "again", Home.ANA);
        stage = home.stage(Home.script(LIVES)).build();
        clock.advance(Duration.ofHours(1));

        assertThat(stage.reconcile()).isTrue();
        assertThat(now().version()).isEqualTo(version);
        assertThat(Remains.in(directory)).isEmpty();
        assertThat(home.eventTypes(7)).containsOnlyOnce(EventType.OPERATOR_STOP);
    }

    @Test
    void a_crashed_deployment_can_be_stopped() throws Exception {
        deploy(Home.script(LIVES));
        settle();
        kill();
        stage.reconcile();

        home.commands(3).stop(home.trial(7).key(), "", Home.ANA);
        settle();

        assertThat(now().status()).isEqualTo(DeploymentStatus.STOPPED);
        clock.advance(Duration.ofHours(1));
        assertThat(stage.reconcile()).isTrue();
        assertThat(Remains.in(directory)).isEmpty();
    }

    @Test
    void a_restart_ends_the_process_and_starts_another() {
        deploy(Home.script(LIVES));
        settle();
        ProcessIdentity before = now().process();

        home.commands(3).restart(home.trial(7).key(), "", Home.ANA);
        settle();

        assertThat(now().process()).isNotEqualTo(before);
        assertThat(table.isAlive(before)).isFalse();
        assertThat(now().health()).isEqualTo(DeploymentHealth.HEALTHY);
        assertThat(home.runs(7)).extracting(ProcessRun::crashed).containsExactly(false, false);
    }

    @Test
    void the_model_that_was_validated_is_the_only_one_that_is_started() throws Exception {
        home.validated(7, 1.0);
        Path copy = home.models.directoryOf(sha(7)).resolve("actor.pth");
        Files.writeString(copy, "another model");
        DeploySettings settings = DeploySettings.DEFAULT.withCommand(List.of("/bin/echo", "{model_dir}"));
        stage = home.stage(settings).build();

        assertThat(stage.reconcile()).isTrue();

        assertThat(now().health()).isEqualTo(DeploymentHealth.PERMANENT_FAILURE);
        assertThat(now().reason()).contains("no other model is traded in its place");
        assertThat(home.runs(7)).isEmpty();
    }

    @Test
    void a_users_command_gets_its_values() throws Exception {
        home.validated(7, 1.0);
        stage = home.stage(DeploySettings.DEFAULT.withCommand(
                        List.of("/bin/echo", "{study}/{number}", "{model_dir}", "{state_dir}", "{trial_json}")))
                .build();
        stage.reconcile();

        Path state = directory.resolve("state/deployments/" + now().id());
        awaitLog("ppo/7 %s %s %s/trader.json\n".formatted(home.models.directoryOf(sha(7)), state, state));
    }

    @Test
    void what_ran_on_another_machine_is_not_started_here() {
        deploy(Home.script(LIVES));
        settle();
        home.store.write(tx -> tx.update(
                now(),
                now().change()
                        .host("elsewhere")
                        .process(new ProcessIdentity("another-boot", 4711, 1, "n"))
                        .done()));
        home.close();
        assertThat(directory
                        .resolve("state/deployments/" + now().id() + "/lock")
                        .toFile()
                        .delete())
                .isTrue();
        stage = home.stage(Home.script(LIVES)).host("here").build();

        assertThat(stage.reconcile()).isTrue();

        assertThat(now().health()).isEqualTo(DeploymentHealth.UNKNOWN);
        assertThat(now().reason()).startsWith("last ran on elsewhere");
        assertThat(Remains.in(directory)).isEmpty();
    }

    @Test
    void after_a_reboot_it_is_started_again() {
        deploy(Home.script(LIVES));
        settle();
        Deployment before = now();
        home.close();
        home.store.write(tx -> {
            ProcessIdentity lost =
                    new ProcessIdentity("boot before", ProcessHandle.current().pid(), 1, before.nonce());
            ProcessRun run = tx.processRuns(before.id()).get(0);
            tx.update(new ProcessRun(run.id(), run.deploymentId(), lost, run.startedAt(), null, null, false, null));
            return tx.update(before, before.change().process(lost).done());
        });

        stage = home.stage(Home.script(LIVES).withAutoRestart(false)).build();
        settle();

        assertThat(now().health()).isEqualTo(DeploymentHealth.HEALTHY);
        assertThat(now().restarts()).isZero();
        assertThat(home.runs(7).get(0).end()).isEqualTo("ended when the machine was restarted");
        assertThat(Remains.in(directory)).hasSize(1);
    }

    private String sha(int number) {
        return ModelArchive.sha256(("model " + number).getBytes(StandardCharsets.UTF_8));
    }

    private interface Launch {
        ProcessIdentity launch(LaunchRequest request);
    }

    private static Launcher launcher(Launch launch) {
        return new Launcher() {
            @Override
            public ProcessIdentity launch(LaunchRequest request) {
                return launch.launch(request);
            }

            @Override
            public OptionalInt exitCode(ProcessIdentity process) {
                return OptionalInt.empty();
            }
        };
    }
}
