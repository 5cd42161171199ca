package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trials that an operator pinned or wants never deployed, from the command to the process. */
class PreferencesTest {

    private static final DeploySettings ONE = Home.script("exec sleep 100").withMaxDeployed(1);

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private Home home;
    private DeployStage stage;
    private DeploymentCommands commands;

    @BeforeEach
    void open() {
        home = new Home(directory, clock);
        stage = home.stage(ONE).build();
        commands = home.commands(1);
    }

    @AfterEach
    void nothing_is_left_running() {
        home.close();
    }

    private static TrialKey key(int number) {
        return new TrialKey("ppo", number);
    }

    private void settle() {
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            boolean settled = stage.reconcile();
            assertThat(Remains.in(directory)).hasSizeLessThanOrEqualTo(1);
            return settled;
        });
    }

    private List<Integer> deployed() {
        return home.store.read(StoreReader::deployments).stream()
                .filter(deployment -> deployment.status() == DeploymentStatus.RUNNING)
                .map(deployment -> deployment.key().number())
                .toList();
    }

    @Test
    void a_pinned_trial_takes_the_slot_at_the_next_look_and_keeps_it() {
        home.validated(1, 1.5);
        home.validated(2, 0.5);
        settle();
        assertThat(deployed()).containsExactly(1);

        assertThat(commands.preferences().pin(key(2), "trades another market", Home.ANA))
                .isEqualTo(
                        "Trial ppo/2 is pinned. Whoever supervises the home decides within a second; with nobody there,"
                                + " the next `run` or `once` does.");
        assertThat(commands.preferences().pin(key(2), "again", Home.ANA))
                .isEqualTo("Trial ppo/2 is pinned already, by ana: trades another market.");
        settle();
        assertThat(deployed()).containsExactly(2);
        assertThat(home.trial(2).reason())
                .isEqualTo("rank 2 of 2 by sharpe; pinned by ana: trades another market; replaces 1");
        assertThat(home.trial(1).reason()).isEqualTo("rank 1 of 2 by sharpe; replaced by 2, which is pinned");
        assertThat(home.eventTypes(2)).containsOnlyOnce(EventType.OPERATOR_PIN);

        home.validated(3, 9.0, 2);
        settle();
        assertThat(deployed()).containsExactly(2);

        assertThat(commands.preferences().unpin(key(2), "", Home.ANA)).contains("is pinned no longer");
        assertThat(commands.preferences().unpin(key(2), "", Home.ANA)).isEqualTo("Trial ppo/2 is not pinned.");
        settle();
        assertThat(deployed()).containsExactly(3);
    }

    @Test
    void a_pinned_trial_gets_its_slot_once_it_is_validated() {
        home.validated(1, 1.5);
        settle();
        Trial late = home.discovered(2, 2);
        assertThat(commands.preferences().pin(key(2), "wanted", Home.ANA))
                .endsWith("It is decided about once it is validated.");
        settle();
        assertThat(deployed()).containsExactly(1);

        home.finish(late, home.results(2, -1.0, "d"));
        settle();
        assertThat(deployed()).containsExactly(2);
    }

    @Test
    void a_pinned_trial_that_fails_its_repeated_validation_is_ended_and_comes_back_when_it_passes() {
        home.validated(1, 0.5);
        home.validated(2, 0.4);
        settle();
        commands.preferences().pin(key(1), "wanted", Home.ANA);
        home.revalidate(1);
        home.backtest(1, context -> StageOutcome.rejected("bad on the new data"));
        settle();
        assertThat(home.trial(1).status()).isEqualTo(TrialStatus.FAILED);
        assertThat(deployed()).as("a pin is no verdict").containsExactly(2);

        home.operations().retry(key(1), "backtest", true, "", Home.ANA);
        home.backtest(1, 0.1, "d2");
        settle();
        assertThat(deployed()).containsExactly(1);
    }

    @Test
    void a_stop_outlasts_a_pin_until_deploy_names_it() {
        home.validated(1, 0.5);
        settle();
        commands.preferences().pin(key(1), "wanted", Home.ANA);
        commands.stop(key(1), "not today", Home.ANA);
        settle();
        assertThat(deployed()).isEmpty();
        commands.preferences().unpin(key(1), "", Home.ANA);
        assertThat(commands.preferences().pin(key(1), "wanted still", Home.ANA))
                .contains("An operator stopped it, so it stays out until it is named: deploy ppo/1.");
        settle();
        assertThat(deployed()).isEmpty();

        commands.deploy(key(1), "", Home.ANA);
        settle();
        assertThat(deployed()).containsExactly(1);
    }

    @Test
    void more_pinned_ones_than_slots_are_told_so_and_a_pin_needs_a_reason() {
        home.validated(1, 0.5);
        home.validated(2, 0.6);
        commands.preferences().pin(key(1), "wanted", Home.ANA);
        assertThat(commands.preferences().pin(key(2), "wanted", Home.ANA))
                .endsWith("2 trials are pinned and max_deployed is 1, so the best of them by rank get the slots.");
        settle();
        assertThat(deployed()).containsExactly(2);

        assertThatThrownBy(() -> commands.preferences().pin(key(1), " ", Home.ANA))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("--reason");
    }

    @Test
    void one_that_is_never_to_be_deployed_is_ended_and_the_next_gets_its_slot() {
        home.validated(1, 1.5);
        home.validated(2, 0.5);
        settle();
        long account = home.deployment(1).id();

        assertThat(commands.preferences().never(key(1), "trades a market of ours", Home.ANA))
                .isEqualTo(
                        "Trial ppo/1 is never deployed from now on. Its paper trader is ended; its account and positions"
                                + " stay recorded. Its slot goes to the next by rank. `never ppo/1 --off` lets it in again.");
        assertThat(commands.preferences().never(key(1), "", Home.ANA))
                .contains("already, by decision of ana: trades a market of ours");
        settle();
        assertThat(deployed()).containsExactly(2);
        assertThat(home.trial(1))
                .extracting(Trial::status, Trial::reason)
                .containsExactly(
                        TrialStatus.COMPLETED, "never to be deployed, by decision of ana: trades a market of ours");
        assertThat(home.eventTypes(1)).containsOnlyOnce(EventType.OPERATOR_NEVER);
        assertThatThrownBy(() -> commands.deploy(key(1), "", Home.ANA))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("never ppo/1 --off");
        assertThatThrownBy(() -> commands.preferences().pin(key(1), "wanted", Home.ANA))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("never ppo/1 --off");

        assertThat(commands.preferences().readmit(key(1), "", Home.ANA))
                .startsWith("Trial ppo/1 may be deployed again.");
        assertThat(commands.preferences().readmit(key(1), "", Home.ANA))
                .isEqualTo("Nobody has said that trial ppo/1 is never to be deployed.");
        settle();
        assertThat(deployed()).containsExactly(1);
        assertThat(home.deployment(1).id()).isEqualTo(account);
    }

    @Test
    void one_that_waits_is_told_when_its_turn_comes_that_it_is_never_deployed() {
        Trial late = home.discovered(1, 1);
        commands.preferences().pin(key(1), "wanted", Home.ANA);
        assertThat(commands.preferences().never(key(1), "", Home.ANA)).contains("and is pinned no longer");
        home.finish(late, Map.of("metrics", Map.of("sharpe", 9.0), "model_sha256", "a".repeat(64)));
        settle();

        assertThat(deployed()).isEmpty();
        assertThat(home.trial(1).reason())
                .isEqualTo(
                        "rank 1 of 1 by sharpe; never to be deployed, by decision of ana; `never ppo/1 --off` lets it"
                                + " in again");
    }

    @Test
    void it_is_ended_even_while_nobody_is_chosen() {
        home.validated(1, 1.5);
        settle();
        home.operations().pause(DeployStage.NAME, "holidays", Home.ANA);
        commands.preferences().never(key(1), "", Home.ANA);
        settle();
        assertThat(deployed()).isEmpty();
    }
}
