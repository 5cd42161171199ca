package io.pipelinev2.deploy.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.launch.ProcessTable.Life;
import io.pipelinev2.deploy.papertrading.Heartbeat;
import io.pipelinev2.deploy.papertrading.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthCheckTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path directory;

    private final Deployment deployment = Deployment.wanted(1, new TrialKey("ppo", 1), "0".repeat(64), "r", null, START)
            .change()
            .nonce("ours")
            .startedAt(START)
            .done();

    private final ManualClock clock = new ManualClock(START);

    /** Looks once a second until so many seconds after the start. */
    private DeploymentHealth after(int seconds, boolean reports) {
        return lookUntil(check(reports), seconds).word();
    }

    private HealthCheck check(boolean reports) {
        return new HealthCheck(Duration.ofSeconds(3), Duration.ofSeconds(60), reports, clock);
    }

    private HealthCheck.Health lookUntil(HealthCheck check, int seconds) {
        HealthCheck.Health health = look(check);
        while (clock.now().isBefore(START.plusSeconds(seconds))) {
            clock.advance(Duration.ofSeconds(1));
            health = look(check);
        }
        return health;
    }

    private HealthCheck.Health look(HealthCheck check) {
        return check.of(deployment, Life.RUNNING, directory, clock.now());
    }

    private void heartbeat(String nonce, int loop) throws Exception {
        heartbeat(nonce, loop, TradingState.ACTIVE, null, false);
    }

    private void heartbeat(String nonce, int loop, TradingState trading, @Nullable String trouble, boolean stale)
            throws Exception {
        new Heartbeat(1, nonce, START, Phase.TRADING, 1, loop, 500, 500, START, trading, "a stop", trouble, stale)
                .writeTo(directory);
    }

    @Test
    void a_users_command_is_healthy_once_it_has_lived_past_its_start_time() {
        assertThat(after(2, false)).isEqualTo(DeploymentHealth.STARTING);
        assertThat(after(3, false)).isEqualTo(DeploymentHealth.HEALTHY);
        assertThat(after(10_000, false)).isEqualTo(DeploymentHealth.HEALTHY);
    }

    @Test
    void the_bundled_trader_is_healthy_once_it_has_reported() throws Exception {
        HealthCheck check = check(true);
        heartbeat("of another start", 1);
        assertThat(lookUntil(check, 30).word()).isEqualTo(DeploymentHealth.STARTING);
        heartbeat("ours", 1);
        assertThat(look(check).word()).isEqualTo(DeploymentHealth.HEALTHY);
    }

    @Test
    void a_loop_that_makes_no_progress_is_hung() throws Exception {
        HealthCheck check = check(true);
        heartbeat("ours", 1);
        assertThat(lookUntil(check, 60).word()).isEqualTo(DeploymentHealth.HEALTHY);
        heartbeat("ours", 2);
        assertThat(lookUntil(check, 120).word()).isEqualTo(DeploymentHealth.HEALTHY);
        assertThat(lookUntil(check, 122))
                .isEqualTo(new HealthCheck.Health(
                        DeploymentHealth.HUNG, "its trading loop has made no progress for 60 s"));
    }

    @Test
    void neither_a_step_of_the_wall_clock_nor_a_pause_of_the_supervisor_hangs_a_trader() throws Exception {
        HealthCheck check = check(true);
        heartbeat("ours", 1);
        lookUntil(check, 10);

        clock.set(START.plus(Duration.ofDays(2)));
        assertThat(look(check).word()).isEqualTo(DeploymentHealth.HEALTHY);
        clock.set(START.minus(Duration.ofDays(2)));
        assertThat(look(check).word()).isEqualTo(DeploymentHealth.HEALTHY);
        clock.advance(Duration.ofHours(3));
        assertThat(look(check).word()).isEqualTo(DeploymentHealth.HEALTHY);
    }

    @Test
    void a_clock_that_was_set_back_does_not_prolong_a_start() throws Exception {
        HealthCheck check = check(true);
        heartbeat("ours", 1);
        clock.set(START.minus(Duration.ofHours(1)));
        look(check);
        clock.advance(Duration.ofSeconds(3));
        assertThat(look(check).word()).isEqualTo(DeploymentHealth.HEALTHY);
    }

    @Test
    void what_a_signal_has_stopped_is_degraded_until_it_is_hung() throws Exception {
        HealthCheck check = check(true);
        heartbeat("ours", 1);
        lookUntil(check, 60);
        assertThat(check.of(deployment, Life.STOPPED, directory, clock.now()).word())
                .isEqualTo(DeploymentHealth.DEGRADED);
        lookUntil(check, 70);
        assertThat(check.of(deployment, Life.STOPPED, directory, clock.now()).word())
                .isEqualTo(DeploymentHealth.HUNG);
        assertThat(check(false).of(deployment, Life.STOPPED, directory, clock.now()))
                .isEqualTo(new HealthCheck.Health(DeploymentHealth.DEGRADED, "is stopped by a signal (SIGSTOP)"));
    }

    @Test
    void nothing_nonsense_or_the_voice_of_another_start_is_never_health() throws Exception {
        HealthCheck check = check(true);
        assertThat(lookUntil(check, 61).word()).isEqualTo(DeploymentHealth.DEGRADED);
        heartbeat("of another start", 60);
        assertThat(look(check).word()).isEqualTo(DeploymentHealth.DEGRADED);
        Files.writeString(directory.resolve(Heartbeat.NAME), "{\"nonce\": \"ours\"");
        assertThat(look(check).word()).isEqualTo(DeploymentHealth.DEGRADED);
        assertThat(lookUntil(check, 122).word()).isEqualTo(DeploymentHealth.HUNG);
    }

    @Test
    void what_the_trader_says_of_itself_is_shown() throws Exception {
        HealthCheck check = check(true);
        lookUntil(check, 5);
        heartbeat("ours", 1, TradingState.HALTED, null, false);
        assertThat(look(check))
                .isEqualTo(new HealthCheck.Health(DeploymentHealth.HEALTHY, "trading is halted: a stop"));
        heartbeat("ours", 2, TradingState.ACTIVE, "429 from the feed", false);
        assertThat(look(check)).isEqualTo(new HealthCheck.Health(DeploymentHealth.DEGRADED, "429 from the feed"));
        heartbeat("ours", 3, TradingState.REDUCING, "429 from the feed", true);
        assertThat(look(check))
                .isEqualTo(new HealthCheck.Health(
                        DeploymentHealth.STALE,
                        "its newest bar, of " + START + ", is too old to enter a position: 429 from the feed"));
    }
}
