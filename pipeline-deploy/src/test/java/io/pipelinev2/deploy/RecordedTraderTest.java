package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.deploy.drift.PaperReview;
import io.pipelinev2.deploy.launch.TraderRuntime;
import io.pipelinev2.deploy.papertrading.performance.PaperFigures;
import io.pipelinev2.deploy.papertrading.performance.PaperRecord;
import io.pipelinev2.deploy.record.Recording;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the process that trades to the figures of its paper record, over the bars of the backtest. */
class RecordedTraderTest {

    @TempDir
    Path directory;

    @Test
    void the_bundled_trader_earns_on_paper_what_its_backtest_earned() throws Exception {
        try (Home home = new Home(directory, Clock.system())) {
            PaperAccounts accounts = new PaperAccounts(home, new ManualClock());
            accounts.validated(7);
            List<Path> classPath = Stream.of(
                            System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(Path::of)
                    .filter(Files::exists)
                    .toList();
            DeployStage stage = home.stage(
                            DeploySettings.DEFAULT.withPace(Duration.ZERO).withStartTime(Duration.ZERO))
                    .data(PaperAccounts.DATA)
                    .trader(TraderRuntime.ofClassPath(classPath, home.directory.resolve("state")))
                    .build();
            int bars = accounts.backtest.curves().steps();

            await().atMost(Duration.ofSeconds(60)).until(() -> {
                stage.reconcile();
                return home.store
                        .read((StoreReader tx) -> tx.deploymentOf(home.trial(7).id()))
                        .map(deployment -> recorded(home, deployment).bars() == bars)
                        .orElse(false);
            });

            Deployment deployment = home.deployment(7);
            PaperFigures paper = recorded(home, deployment).figures(accounts.backtest.periodsPerYear());
            paper.values()
                    .forEach((name, value) -> assertThat(value)
                            .as(name)
                            .isEqualTo(accounts.backtest.metrics().get(name).value()));
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                stage.reconcile();
                return !accounts.finding(deployment, PaperReview.DRIFT).isEmpty();
            });
            assertThat(accounts.finding(deployment, PaperReview.DRIFT)).containsEntry("drifted", false);
            assertThat(accounts.finding(deployment, Recording.FINDING)).isEmpty();
        }
    }

    private static PaperRecord recorded(Home home, Deployment deployment) {
        PaperRecord record = new PaperRecord();
        List<LedgerEntry> entries = home.store.read((StoreReader tx) -> tx.ledger(deployment.id(), 0, 100_000));
        entries.forEach(record::add);
        return record;
    }
}
