package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.store.Finding;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.ranking.PaperEvidence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trials that have traded for long enough are ranked by what they earned on paper. */
class RankByPaperTest {

    private static final Duration MONTH = Duration.ofDays(30);

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();

    /** A trial with a Sharpe ratio of 1 in its backtest trades; what it earned on paper is known. */
    private DeployStage deployed(Home home, Duration tested, @Nullable Double sharpe, @Nullable Duration after) {
        DeployStage stage = home.stage(Home.script("exec sleep 60").withMaxDeployed(1))
                .rankPaperAfter(after)
                .build();
        home.validated(1, 1.0);
        stage.reconcile();
        Map<String, @Nullable Object> metrics = new LinkedHashMap<>();
        metrics.put("sharpe", sharpe);
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put(PaperEvidence.DEPLOYMENT, home.deployment(1).id());
        content.put(PaperEvidence.TESTED, tested.toSeconds());
        content.put(PaperEvidence.METRICS, metrics);
        content.put(PaperEvidence.REMARKS, sharpe == null ? Map.of("sharpe", "all returns are equal") : Map.of());
        home.store.write(tx -> {
            tx.put(new Finding(home.trial(1).id(), PaperEvidence.FINDING, null, content, clock.now()));
            return null;
        });
        return stage;
    }

    /** One with 0.8, on other data, has come. */
    private void challenge(Home home, DeployStage stage) {
        clock.advance(Duration.ofMinutes(2));
        home.validated(2, 2, home.results(2, 0.8, "newer"));
        clock.advance(Duration.ofMinutes(2));
        stage.reconcile();
    }

    @Test
    void a_poor_paper_record_loses_its_slot_to_a_better_backtest_on_whatever_data() {
        try (Home home = new Home(directory, clock)) {
            DeployStage stage = deployed(home, Duration.ofDays(41), -0.5, MONTH);
            challenge(home, stage);
            assertThat(home.trial(2).status()).isEqualTo(TrialStatus.DEPLOYED);
            assertThat(home.trial(1).reason())
                    .isEqualTo("rank 2 of 2 by sharpe (by its paper record of 41 days); replaced by 2");
        }
    }

    @Test
    void a_good_paper_record_keeps_it() {
        try (Home home = new Home(directory, clock)) {
            DeployStage stage = deployed(home, Duration.ofDays(41), 0.9, MONTH);
            challenge(home, stage);
            assertThat(home.trial(1).status()).isEqualTo(TrialStatus.DEPLOYED);
            assertThat(home.trial(2).reason()).startsWith("rank 2 of 2 by sharpe; the slot went to 1");
        }
    }

    @Test
    void a_young_one_is_not_looked_at() {
        try (Home home = new Home(directory, clock)) {
            DeployStage stage = deployed(home, Duration.ofDays(29), -0.5, MONTH);
            challenge(home, stage);
            assertThat(home.trial(1).status()).isEqualTo(TrialStatus.DEPLOYED);
            assertThat(home.trial(2).reason()).contains("measured on other data");
        }
    }

    @Test
    void an_undefined_one_falls_back_to_the_backtest() {
        try (Home home = new Home(directory, clock)) {
            DeployStage stage = deployed(home, Duration.ofDays(41), null, MONTH);
            challenge(home, stage);
            assertThat(home.trial(1).status()).isEqualTo(TrialStatus.DEPLOYED);
        }
    }

    @Test
    void nobody_is_ranked_so_unless_it_is_configured() {
        try (Home home = new Home(directory, clock)) {
            DeployStage stage = deployed(home, Duration.ofDays(41), -0.5, null);
            challenge(home, stage);
            assertThat(home.trial(1).status()).isEqualTo(TrialStatus.DEPLOYED);
        }
    }
}
