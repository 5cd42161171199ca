package io.pipelinev2.deploy.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.trial.TrialKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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

    private DeploymentHealth after(int seconds, boolean reports) {
        return new HealthCheck(Duration.ofSeconds(3), reports)
                .of(deployment, directory, START.plusSeconds(seconds))
                .word();
    }

    private void heartbeat(String nonce, int seconds) throws Exception {
        Files.writeString(directory.resolve("heartbeat.json"), """
                {"mode": "PAPER", "deployment": 1, "nonce": "%s", "pid": 5, "loop": 2, "phase": "trading",
                 "written_at": "%s", "step": 1, "equity": 500.0, "cash": 500.0, "last_bar": null,
                 "trading": "active", "trading_reason": null, "trouble": null, "stale": false}
                """.formatted(nonce, START.plusSeconds(seconds)));
    }

    @Test
    void a_users_command_is_healthy_once_it_has_lived_past_its_start_time() {
        assertThat(after(2, false)).isEqualTo(DeploymentHealth.STARTING);
        assertThat(after(3, false)).isEqualTo(DeploymentHealth.HEALTHY);
    }

    @Test
    void the_bundled_trader_is_healthy_once_it_has_reported() throws Exception {
        assertThat(after(30, true)).isEqualTo(DeploymentHealth.STARTING);
        heartbeat("ours", 10);
        assertThat(after(2, true)).isEqualTo(DeploymentHealth.STARTING);
        assertThat(after(30, true)).isEqualTo(DeploymentHealth.HEALTHY);
    }

    @Test
    void silence_is_stale() throws Exception {
        heartbeat("ours", 10);
        assertThat(after(70, true)).isEqualTo(DeploymentHealth.HEALTHY);
        assertThat(after(71, true)).isEqualTo(DeploymentHealth.STALE);
    }

    @Test
    void nothing_nonsense_or_the_voice_of_another_start_is_never_health() throws Exception {
        assertThat(after(61, true)).isEqualTo(DeploymentHealth.DEGRADED);
        heartbeat("of another start", 60);
        assertThat(after(61, true)).isEqualTo(DeploymentHealth.DEGRADED);
        Files.writeString(directory.resolve("heartbeat.json"), "{\"nonce\": \"ours\"");
        assertThat(after(30, true)).isEqualTo(DeploymentHealth.STARTING);
        assertThat(after(61, true)).isEqualTo(DeploymentHealth.DEGRADED);
    }
}
