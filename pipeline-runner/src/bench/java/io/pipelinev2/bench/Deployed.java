package io.pipelinev2.bench;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.DeploySettings;
import io.pipelinev2.deploy.DeployStage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Deployments of a user's own command, and a daemon that supervises them. */
final class Deployed implements AutoCloseable {

    private final PipelineStore store;
    private final DeployStage stage;
    private final RunningDaemon daemon;
    private final List<Long> ids;

    /** Deploys so many; they run when all have been started. */
    Deployed(PipelineStore store, Path home, int count, String script) throws Exception {
        this.store = store;
        this.ids = insert(store, count);
        this.stage = DeployStage.builder(store, home)
                .selecting(false)
                .settings(DeploySettings.DEFAULT
                        .withMaxDeployed(count)
                        .withStartTime(Duration.ZERO)
                        .withRestarts(1_000_000, Duration.ofMinutes(30))
                        .withCommand(List.of("/bin/sh", "-c", script)))
                .build();
        this.daemon = RunningDaemon.of(Pipeline.builder()
                .store(store)
                .source(new InMemoryTrialSource())
                .deployer(stage, StageSettings.DEFAULT)
                .build());
        for (long id : ids) {
            while (row(id).process() == null) {
                Thread.sleep(5);
            }
        }
    }

    long first() {
        return ids.get(0);
    }

    Deployment row(long id) {
        return store.read(tx -> tx.deployment(id)).orElseThrow();
    }

    private static List<Long> insert(PipelineStore store, int count) {
        return store.write(tx -> {
            Instant now = store.now();
            Study study = tx.insert(new Study(0, "bench", "s", "s", 1, 1, List.of(Direction.MAXIMIZE)));
            List<Long> ids = new ArrayList<>();
            for (int number = 0; number < count; number++) {
                TrialKey key = new TrialKey("s", number);
                Trial trial = tx.insert(new Trial(
                        0,
                        study.id(),
                        key,
                        new SourceTrial("s", 1, number, number, null),
                        List.of(1.0),
                        List.of(Direction.MAXIMIZE),
                        TrialStatus.DEPLOYED,
                        null,
                        false,
                        null,
                        1,
                        now,
                        now));
                ids.add(tx.insert(Deployment.wanted(trial.id(), key, "0".repeat(64), "bench", null, now))
                        .id());
            }
            return ids;
        });
    }

    @Override
    public void close() throws Exception {
        daemon.close();
        while (!stage.suspend("the benchmark is over")) {
            Thread.sleep(20);
        }
    }
}
