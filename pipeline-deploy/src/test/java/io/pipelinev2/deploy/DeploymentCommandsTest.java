package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.execution.TrialNotFoundException;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.TrialKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator's commands write down, and what they refuse. */
class DeploymentCommandsTest {

    private static final TrialKey ONE = new TrialKey("ppo", 1);
    private static final TrialKey TWO = new TrialKey("ppo", 2);

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private Home home;
    private DeployStage stage;
    private DeploymentCommands commands;

    @BeforeEach
    void open() {
        home = new Home(directory, clock);
        stage = home.stage(Home.script("exec sleep 100").withMaxDeployed(1)).build();
        commands = home.commands(1);
        home.validated(1, 1.5);
        home.validated(2, 0.5);
    }

    @AfterEach
    void nothing_is_left_running() {
        home.close();
    }

    private void settle() {
        await().pollInterval(Duration.ofMillis(20)).until(stage::reconcile);
    }

    private List<Event> events() {
        return home.store.read(tx -> tx.events(null, 1_000));
    }

    private List<String> messages(EventType type) {
        return events().stream()
                .filter(event -> event.type() == type)
                .map(Event::message)
                .toList();
    }

    /** It runs only while there is a file, and is never started again by itself. */
    private void crashLoop() {
        stage = home.stage(Home.script("test -e ../../../good && exec sleep 100; exit 3")
                        .withMaxDeployed(1)
                        .withRestarts(0, Duration.ofMinutes(30)))
                .build();
        // a busy machine may not have come to its end when it counts as started
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            stage.reconcile();
            return home.deployment(1).health() == DeploymentHealth.CRASH_LOOP;
        });
        settle();
    }

    @Test
    void one_that_is_reset_is_started_again_with_its_whole_budget() throws Exception {
        crashLoop();
        Files.createFile(directory.resolve("good"));
        Deployment reset = commands.reset(ONE, "fixed the disk", Home.ANA);
        assertThat(reset)
                .extracting(Deployment::status, Deployment::health, Deployment::restarts)
                .containsExactly(DeploymentStatus.STOPPED, DeploymentHealth.STARTING, 0);
        assertThat(messages(EventType.OPERATOR_RESET)).containsExactly("reset by ana: fixed the disk");
        settle();
        assertThat(home.deployment(1).status()).isEqualTo(DeploymentStatus.RUNNING);
    }

    @Test
    void a_crash_loop_keeps_its_slot_until_it_is_reset_and_then_competes_again() throws Exception {
        crashLoop();
        home.validated(3, 9.0, 2);
        settle();
        assertThat(home.trial(3).reason())
                .isEqualTo("rank 1 of 3 by sharpe; the slot went to 1; 1 keeps its slot until an operator acts");
        assertThat(Remains.in(directory)).isEmpty();

        Files.createFile(directory.resolve("good"));
        commands.reset(ONE, "fixed the disk", Home.ANA);
        settle();
        assertThat(home.deployment(3).status()).isEqualTo(DeploymentStatus.RUNNING);
        assertThat(home.deployment(1).desired()).isEqualTo(DesiredState.STOPPED);
    }

    @Test
    void a_crash_loop_keeps_its_slot_until_it_is_stopped_and_then_leaves_it_to_later_batches() throws Exception {
        crashLoop();
        commands.stop(ONE, "", Home.ANA);
        Files.createFile(directory.resolve("good"));
        settle();
        assertThat(Remains.in(directory)).isEmpty();

        home.validated(3, 0.1, 2);
        settle();
        assertThat(home.deployment(3).status()).isEqualTo(DeploymentStatus.RUNNING);
    }

    @Test
    void a_new_account_is_begun_only_when_the_process_of_the_one_before_is_gone() {
        settle();
        Deployment before = home.deployment(1);
        assertThat(before.status()).isEqualTo(DeploymentStatus.RUNNING);
        assertThatThrownBy(() -> commands.deployAnew(ONE, "", Home.ANA))
                .isInstanceOf(RefusedException.class)
                .hasMessage("Trial ppo/1 is deployed, and its account goes on. Stop it first: stop ppo/1.");

        commands.stop(ONE, "another feed", Home.ANA);
        Deployment anew = commands.deployAnew(ONE, "another feed", Home.ANA);
        assertThat(anew.id()).isNotEqualTo(before.id());
        assertThat(anew.replaces()).isEqualTo(before.id());
        settle();
        assertThat(home.deployment(1))
                .extracting(Deployment::id, Deployment::status)
                .containsExactly(anew.id(), DeploymentStatus.RUNNING);
        assertThat(home.store
                        .read(tx -> tx.deployment(before.id()).orElseThrow())
                        .status())
                .isEqualTo(DeploymentStatus.STOPPED);
        assertThat(Remains.in(directory)).hasSize(1);
        assertThat(directory.resolve("state/deployments/" + before.id())).isDirectory();
        assertThat(messages(EventType.OPERATOR_DEPLOY))
                .containsExactly("deployed with a new account by ana: another feed");
    }

    @Test
    void only_what_is_down_is_reset() {
        assertThatThrownBy(() -> commands.reset(ONE, "", Home.ANA))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is not deployed");
        settle();
        assertThatThrownBy(() -> commands.reset(ONE, "", Home.ANA))
                .isInstanceOf(RefusedException.class)
                .hasMessage(
                        "There is nothing to reset: trial ppo/1 is running, healthy. To end its process and start it"
                                + " again: restart ppo/1.");
        assertThatThrownBy(() -> commands.reset(new TrialKey("ppo", 77), "", Home.ANA))
                .isInstanceOf(TrialNotFoundException.class);
    }

    @Test
    void flattening_counts_up_and_does_not_change_which_orders_are_allowed() {
        settle();
        commands.flatten(ONE, "bad news", Home.ANA);
        Deployment twice = commands.flatten(ONE, "", Home.ANA);

        assertThat(twice).extracting(Deployment::flattens, Deployment::orders).containsExactly(2L, TradingState.ACTIVE);
        assertThat(messages(EventType.OPERATOR_FLATTEN))
                .containsExactlyInAnyOrder("flattened by ana: bad news", "flattened by ana");
    }

    @Test
    void halting_twice_is_halting_once_and_resuming_lifts_all_that_holds_for_the_trial() {
        settle();
        commands.halt(ONE, TradingState.HALTED, "looks odd", Home.ANA);
        Deployment again = commands.halt(ONE, TradingState.HALTED, "again", Home.ANA);
        assertThat(again.orders()).isEqualTo(TradingState.HALTED);
        assertThat(messages(EventType.OPERATOR_HALT)).containsExactly("halted by ana: looks odd");

        assertThat(commands.halt(ONE, TradingState.REDUCING, "", Home.ANA).orders())
                .isEqualTo(TradingState.REDUCING);
        Deployment resumed = commands.resume(ONE, "fine", Home.ANA);
        assertThat(resumed)
                .extracting(Deployment::orders, Deployment::resumes)
                .containsExactly(TradingState.ACTIVE, 1L);
        assertThat(messages(EventType.OPERATOR_RESUME)).containsExactly("resumed by ana: fine");
        assertThatIllegalArgumentException().isThrownBy(() -> commands.halt(ONE, TradingState.ACTIVE, "", Home.ANA));
    }

    @Test
    void what_is_not_deployed_is_told_nothing() {
        settle();
        commands.stop(ONE, "", Home.ANA);
        assertThatThrownBy(() -> commands.flatten(ONE, "", Home.ANA))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("deploy ppo/1");
        assertThatThrownBy(() -> commands.halt(TWO, TradingState.HALTED, "", Home.ANA))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is not deployed");
    }

    @Test
    void a_command_of_the_users_own_is_told_nothing_but_can_be_stopped() {
        settle();
        DeploymentCommands own = new DeploymentCommands(home.store, DeployStage.NAME, 1, false);
        for (Runnable command : List.<Runnable>of(
                () -> own.flatten(ONE, "", Home.ANA),
                () -> own.halt(ONE, TradingState.HALTED, "", Home.ANA),
                () -> own.resume(ONE, "", Home.ANA))) {
            assertThatThrownBy(command::run)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("stages.deploy.command")
                    .hasMessageContaining("stop ppo/1");
        }
        assertThat(own.stop(ONE, "", Home.ANA).desired()).isEqualTo(DesiredState.STOPPED);
    }

    @Test
    void a_rehearsal_says_what_would_be_and_changes_nothing() {
        settle();
        Deployment before = home.deployment(1);
        List<Event> events = events();
        DeploymentCommands rehearsed = commands.rehearsed();

        assertThat(rehearsed.stop(ONE, "", Home.ANA).desired()).isEqualTo(DesiredState.STOPPED);
        assertThat(rehearsed.flatten(ONE, "", Home.ANA).flattens()).isEqualTo(1);
        assertThatThrownBy(() -> rehearsed.deploy(TWO, "", Home.ANA))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("No slot is free");

        assertThat(home.deployment(1)).isEqualTo(before);
        assertThat(events()).isEqualTo(events);
        assertThat(home.deployStage(1).status()).isEqualTo(StageStatus.PASSED);
        assertThat(home.store.read(StoreReader::deployments)).hasSize(1);
    }
}
