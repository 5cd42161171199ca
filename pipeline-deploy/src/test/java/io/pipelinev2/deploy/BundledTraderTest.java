package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.deploy.launch.TraderRuntime;
import io.pipelinev2.deploy.papertrading.Heartbeat;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The deploy stage with the trader that is bundled, from the decision to the verified end. */
class BundledTraderTest {

    private static final Path FIXTURE = Path.of("src/test/resources/trader").toAbsolutePath();

    @TempDir
    Path directory;

    @Test
    void it_trades_is_adopted_killed_started_again_and_stopped() throws Exception {
        try (Home home = new Home(directory, Clock.system())) {
            Map<String, @Nullable Object> results = new LinkedHashMap<>();
            results.put("metrics", Map.of("sharpe", 1.0));
            results.put(
                    "model_sha256", home.models.keep(Files.readAllBytes(FIXTURE.resolve("actor.pth")), "actor.pth"));
            results.put(
                    "parameters",
                    AgentParameters.from(Map.of("lookback", 1, "norm_action", 20, "net_dimension", 64))
                            .toMap());
            results.put("environment", TradingRules.ORIGINAL.toMap());
            home.validated(7, 1, results);
            DeployStage stage = stage(home);

            await().atMost(Duration.ofSeconds(20)).until(stage::reconcile);
            assertThat(home.deployment(7).health()).isEqualTo(DeploymentHealth.HEALTHY);
            ProcessIdentity first = home.deployment(7).process();
            Path state =
                    directory.resolve("state/deployments/" + home.deployment(7).id());
            await().until(() -> Heartbeat.read(state).orElseThrow().step() > 5);

            stage = stage(home);
            assertThat(stage.reconcile()).isTrue();
            assertThat(home.deployment(7).process()).isEqualTo(first);

            ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();
            int step = Heartbeat.read(state).orElseThrow().step();
            DeployStage supervisor = stage;
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> supervisor.reconcile()
                            && !first.equals(home.deployment(7).process())
                            && home.deployment(7).health() == DeploymentHealth.HEALTHY);
            await().until(() -> Heartbeat.read(state).orElseThrow().step() > step);
            assertThat(home.deployment(7).restarts()).isEqualTo(1);

            home.commands(3).stop(home.trial(7).key(), "", Home.ANA);
            await().until(() -> supervisor.supervise(home.deployment(7)));
            Deployment stopped = home.deployment(7);
            assertThat(stopped.status()).isEqualTo(DeploymentStatus.STOPPED);
            assertThat(stopped.reason()).isEqualTo("stopped by ana; ended on SIGTERM with exit code 0");
            assertThat(Remains.in(directory)).isEmpty();
        }
    }

    private static DeployStage stage(Home home) {
        List<Path> classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(Files::exists)
                .toList();
        return home.stage(DeploySettings.DEFAULT.withPace(Duration.ofMillis(50)).withStartTime(Duration.ZERO))
                .data(FIXTURE.resolve("data"))
                .trader(TraderRuntime.ofClassPath(classPath, home.directory.resolve("state")))
                .build();
    }
}
