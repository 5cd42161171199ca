package io.pipelinev2.backtest.review;

import static io.pipelinev2.core.store.StoreSamples.AT;
import static io.pipelinev2.core.store.StoreSamples.deployment;
import static io.pipelinev2.core.store.StoreSamples.stage;
import static io.pipelinev2.core.store.StoreSamples.study;
import static io.pipelinev2.core.store.StoreSamples.trial;
import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.backtest.Backtest;
import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.BacktestSettings;
import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.ModelLocation;
import io.pipelinev2.backtest.SharedModels;
import io.pipelinev2.backtest.StudySize;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.market.MarketDataSettings;
import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.Review;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.stage.internal.JsonValues;
import io.pipelinev2.core.store.Finding;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedReviewTest {

    private static final TradingRules RULES = TradingRules.ORIGINAL.with(rules -> rules.feeRate(0.001));
    private static final double BARS_PER_YEAR = 8760;

    /** Of 1,680 bars 420 are kept back from the one configuration, 336 from the other. */
    private static final double QUARTER = 0.25;

    private static final double FIFTH = 0.2;

    @TempDir
    Path home;

    private final ManualClock clock = new ManualClock();
    private final InMemoryPipelineStore store = new InMemoryPipelineStore(clock);
    private final Study study = store.write(tx -> tx.insert(study("ppo")));

    /** What is configured today is not what trials were ranked by: the rules of a trial are those that it recorded. */
    private BacktestStage backtest(double sealed) {
        return new BacktestStage(
                new BacktestSettings(
                        new ModelLocation(home, "models/{number}"),
                        Duration.ZERO,
                        MarketDataSettings.of(Fixtures.MARKET),
                        252,
                        TradingRules.ORIGINAL,
                        GateSet.V2_BASIC,
                        sealed),
                new ModelArchive(home),
                SharedModels.none(),
                StudySize.unknown());
    }

    private SealedReview review(double sealed) {
        return new SealedReview(store, backtest(sealed));
    }

    /** A validated trial with the real model and parameters of a fixture. */
    private Trial validated(int number, double sealed) throws Exception {
        byte[] model = Files.readAllBytes(Fixtures.trial(1).resolve("actor.pth"));
        new ModelArchive(home).keep(model, "actor.pth");
        Map<String, Object> results = ranked(sealed);
        return store.write(tx -> {
            Trial inserted = tx.insert(trial(study, number, TrialStatus.COMPLETED));
            tx.insert(passed(stage(inserted, BacktestStage.NAME, StageStatus.PASSED), results));
            return inserted;
        });
    }

    private static Map<String, Object> ranked(double sealed) {
        int rows = Fixtures.market().rows();
        BacktestResult result = Backtest.of(RULES, GateSet.V2_BASIC)
                .periodsPerYear(BARS_PER_YEAR)
                .run(
                        Fixtures.market().head(rows - (int) (rows * sealed)),
                        Fixtures.checkpoint(1),
                        Fixtures.parameters(1));
        return JsonValues.checked(BacktestStage.recorded(result));
    }

    private static StageRun passed(StageRun stage, Map<String, Object> results) {
        return stage.ended(StageStatus.PASSED, AT, null, "passed", results);
    }

    private void deploy(Trial trial) {
        store.write(tx -> tx.insert(deployment(trial)));
    }

    private void revalidated(Trial trial, double sealed) {
        store.write(tx -> {
            StageRun before = tx.stage(trial.id(), BacktestStage.NAME).orElseThrow();
            StageRun again = before.repeated(clock.now(), 3, "revalidate");
            tx.update(before, again);
            tx.update(again, passed(again, ranked(sealed)));
            return null;
        });
    }

    private List<Finding> findings(Trial trial) {
        return store.read(tx -> tx.findings(trial.id()));
    }

    private Map<String, Object> found(Trial trial) {
        assertThat(findings(trial)).hasSize(1);
        assertThat(findings(trial).get(0).objection()).isNull();
        return findings(trial).get(0).content();
    }

    @Test
    void only_deployed_trials_are_opened() throws Exception {
        Trial chosen = validated(1, QUARTER);
        Trial other = validated(2, QUARTER);
        deploy(chosen);
        SealedReview review = review(QUARTER);

        assertThat(review.review()).isEqualTo(Review.Outcome.UNCHANGED);
        assertThat(review.required()).isEmpty();

        int rows = Fixtures.market().rows();
        BacktestResult expected = Backtest.of(RULES, GateSet.V2_BASIC)
                .periodsPerYear(BARS_PER_YEAR)
                .run(
                        Fixtures.market()
                                .from(rows - 420 - Fixtures.parameters(1).lookback()),
                        Fixtures.checkpoint(1),
                        Fixtures.parameters(1));
        assertThat(found(chosen))
                .as("by the recorded rules and bars per year, whatever is configured now")
                .containsEntry("metrics", expected.metrics().toMap())
                .containsEntry("environment", JsonValues.checked(RULES.toMap()))
                .containsEntry("periods_per_year", BARS_PER_YEAR)
                .doesNotContainKeys("gates", "gate_set");
        assertThat(findings(other)).isEmpty();
    }

    @Test
    void once_by_whichever_process() throws Exception {
        Trial chosen = validated(1, QUARTER);
        deploy(chosen);
        SealedReview review = review(QUARTER);
        review.review();
        List<Finding> first = findings(chosen);
        clock.advance(Duration.ofMinutes(1));

        review.review();
        deploy(validated(2, QUARTER));
        review.review();
        review(QUARTER).review();

        assertThat(findings(chosen)).isEqualTo(first);
    }

    @Test
    void other_data_than_it_was_ranked_on_is_an_error_until_they_agree_again() throws Exception {
        Trial chosen = validated(1, QUARTER);
        deploy(chosen);
        SealedReview today = review(FIFTH);
        today.review();
        List<Finding> first = findings(chosen);

        assertThat(found(chosen))
                .doesNotContainKey("metrics")
                .hasEntrySatisfying(
                        "error",
                        error -> assertThat((String) error)
                                .contains("market data has changed")
                                .contains("run `revalidate`"));

        clock.advance(Duration.ofMinutes(1));
        today.review();
        assertThat(findings(chosen)).as("said once").isEqualTo(first);

        revalidated(chosen, FIFTH);
        today.review();
        assertThat(found(chosen))
                .containsKey("metrics")
                .doesNotContainKey("error")
                .containsEntry("ranked_on", ranked(FIFTH).get("data_sha256"));
    }

    @Test
    void again_after_a_revalidation_on_other_data() throws Exception {
        Trial chosen = validated(1, QUARTER);
        deploy(chosen);
        review(QUARTER).review();
        Object before = found(chosen).get("data_sha256");

        SealedReview later = review(FIFTH);
        later.review();
        assertThat(found(chosen)).as("what was found stays").containsEntry("data_sha256", before);

        revalidated(chosen, FIFTH);
        later.review();
        assertThat(found(chosen)).containsKey("metrics").doesNotContainEntry("data_sha256", before);
    }

    @Test
    void a_copy_that_is_missing_is_an_error_until_it_is_restored() throws Exception {
        Trial chosen = validated(1, QUARTER);
        deploy(chosen);
        Path copy = new ModelArchive(home)
                .directoryOf((String) ranked(QUARTER).get("model_sha256"))
                .resolve("actor.pth");
        Path elsewhere = Files.move(copy, home.resolve("elsewhere"));
        SealedReview review = review(QUARTER);
        review.review();
        assertThat((String) found(chosen).get("error")).contains("no copy of the validated model");

        Files.move(elsewhere, copy);
        review.review();
        assertThat(found(chosen)).containsKey("metrics").doesNotContainKey("error");
    }

    @Test
    void nothing_is_opened_if_nothing_is_kept_back() throws Exception {
        Trial chosen = validated(1, 0);
        deploy(chosen);

        assertThat(review(0).review()).isEqualTo(Review.Outcome.UNCHANGED);
        assertThat(findings(chosen)).isEmpty();
    }
}
