package io.pipelinev2.backtest.review;

import static io.pipelinev2.core.store.StoreSamples.study;
import static io.pipelinev2.core.store.StoreSamples.trial;
import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.backtest.overfit.OverfitMode;
import io.pipelinev2.backtest.overfit.OverfitRules;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.Review;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.store.Finding;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OverfitReviewTest {

    private static final double HOURLY = 8760;
    private static final int YEAR = 8760;

    private final ManualClock clock = new ManualClock();
    private final InMemoryPipelineStore store = new InMemoryPipelineStore(clock);
    private final Study study = store.write(tx -> {
        Study inserted = tx.insert(study("ppo"));
        tx.update(inserted, new TrialCounts(1, 0));
        return inserted;
    });

    private OverfitReview review(OverfitMode mode) {
        return new OverfitReview(store, mode, OverfitRules.DEFAULT, HOURLY, clock);
    }

    /** A trial with a year of hourly returns of this true annual Sharpe ratio. */
    private Trial backtested(int number, double annualSharpe, String data, TrialStatus status) {
        Random random = new Random(number);
        double[] equity = new double[YEAR + 1];
        equity[0] = 500;
        for (int i = 1; i < equity.length; i++) {
            double r = 0.01 * (random.nextGaussian() + annualSharpe / Math.sqrt(HOURLY));
            equity[i] = equity[i - 1] * (1 + r);
        }
        return store.write(tx -> {
            Trial inserted = tx.insert(trial(study, number, status));
            tx.put(
                    inserted.id(),
                    BacktestStage.NAME,
                    List.of(
                            new Series(BacktestStage.EQUITY, data, equity),
                            new Series(BacktestStage.FIRST_BAR, data, new double[] {number})));
            return inserted;
        });
    }

    private Finding finding(Trial trial) {
        List<Finding> findings = store.read(tx -> tx.findings(trial.id()));
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    private static double figure(Finding finding, String name) {
        return ((Number) ((Map<?, ?>) finding.content().get("figures")).get(name)).doubleValue();
    }

    @Test
    void advises_on_validated_trials_and_objects_to_none() {
        Trial good = backtested(1, 9, "d", TrialStatus.COMPLETED);
        Trial noise = backtested(2, 0, "d", TrialStatus.DEPLOYED);
        Trial rejected = backtested(3, 0, "d", TrialStatus.FAILED);
        OverfitReview review = review(OverfitMode.ADVISE);

        assertThat(review.review()).isEqualTo(Review.Outcome.CHANGED);
        assertThat(review.required()).isEmpty();

        assertThat(figure(finding(good), "n_raw"))
                .as("the rejected one was a try, too")
                .isEqualTo(3);
        assertThat(figure(finding(good), "dsr_raw")).isGreaterThan(0.95);
        assertThat(finding(noise).objection()).isNull();
        assertThat((List<?>) finding(noise).content().get("objections")).isNotEmpty();
        assertThat(finding(noise).content())
                .containsEntry("data_sha256", "d")
                .containsEntry("mode", "advise")
                .doesNotContainKeys("sharpes", "splits", "logits");
        assertThat(store.<List<Finding>>read(tx -> tx.findings(rejected.id()))).isEmpty();
    }

    @Test
    void enforcing_objects_to_what_luck_would_have_brought() {
        Trial good = backtested(1, 9, "d", TrialStatus.COMPLETED);
        Trial noise = backtested(2, 0, "d", TrialStatus.COMPLETED);
        OverfitReview review = review(OverfitMode.ENFORCE);
        review.review();

        assertThat(review.required()).containsExactly("overfit");
        assertThat(finding(good).objection()).isNull();
        assertThat(finding(noise).objection()).contains("deflated Sharpe failed");
    }

    @Test
    void looks_again_when_the_study_has_grown_and_only_then() {
        Trial good = backtested(1, 3, "d", TrialStatus.COMPLETED);
        OverfitReview review = review(OverfitMode.ADVISE);
        review.review();
        double alone = figure(finding(good), "dsr_raw");
        clock.advance(Duration.ofMinutes(1));

        assertThat(review.review()).isEqualTo(Review.Outcome.UNCHANGED);

        store.write(tx -> {
            tx.update(study, new TrialCounts(100, 900));
            return null;
        });
        assertThat(review.review()).isEqualTo(Review.Outcome.CHANGED);
        assertThat(figure(finding(good), "n_raw")).isEqualTo(1000);
        assertThat(figure(finding(good), "dsr_raw")).isLessThan(alone);

        clock.advance(Duration.ofMinutes(1));
        backtested(2, 0, "d", TrialStatus.COMPLETED);
        assertThat(review.review()).isEqualTo(Review.Outcome.CHANGED);
        assertThat(figure(finding(good), "n_compared")).isEqualTo(2);
    }

    @Test
    void compares_on_the_same_data_only() {
        Trial here = backtested(1, 3, "d1", TrialStatus.COMPLETED);
        Trial there = backtested(2, 3, "d2", TrialStatus.COMPLETED);
        review(OverfitMode.ADVISE).review();

        assertThat(figure(finding(here), "n_compared")).isEqualTo(1);
        assertThat(finding(there).content()).containsEntry("data_sha256", "d2");
    }

    @Test
    void trials_are_compared_on_the_bars_that_they_have_in_common() {
        Trial early = backtested(3, 3, "d", TrialStatus.COMPLETED);
        backtested(50, 3, "d", TrialStatus.FAILED);
        review(OverfitMode.ADVISE).review();

        assertThat(figure(finding(early), "steps")).isEqualTo(YEAR - 47);
    }

    @Test
    void writes_only_what_has_changed() {
        Trial trial = backtested(1, 3, "d", TrialStatus.COMPLETED);
        review(OverfitMode.ADVISE).review();
        Finding first = finding(trial);
        clock.advance(Duration.ofMinutes(1));

        assertThat(review(OverfitMode.ADVISE).review())
                .as("of another process, that has seen nothing yet")
                .isEqualTo(Review.Outcome.UNCHANGED);
        assertThat(finding(trial)).isEqualTo(first);

        assertThat(review(OverfitMode.ENFORCE).review()).isEqualTo(Review.Outcome.CHANGED);
        assertThat(finding(trial).updatedAt()).isAfter(first.updatedAt());
    }

    @Test
    void data_that_only_failed_trials_were_backtested_on_is_left_alone_until_one_stands() {
        Trial failed = backtested(1, 3, "d", TrialStatus.FAILED);
        OverfitReview review = review(OverfitMode.ADVISE);
        assertThat(review.review()).isEqualTo(Review.Outcome.UNCHANGED);

        store.write(tx -> {
            Trial stored = tx.trial(failed.id()).orElseThrow();
            tx.update(stored, stored.become(TrialStatus.PROCESSING, null, clock.now()));
            return null;
        });
        assertThat(review.review()).isEqualTo(Review.Outcome.CHANGED);
        assertThat(finding(failed).content()).containsEntry("data_sha256", "d");
    }

    @Test
    void a_look_that_takes_long_is_followed_by_a_break_of_a_minute_at_most() {
        Clock slow = new Clock() {
            private long nanos;

            @Override
            public Instant now() {
                return clock.now();
            }

            @Override
            public long nanoTime() {
                nanos += Duration.ofSeconds(20).toNanos();
                return nanos;
            }
        };
        OverfitReview review = new OverfitReview(store, OverfitMode.ADVISE, OverfitRules.DEFAULT, HOURLY, slow);
        backtested(1, 3, "d", TrialStatus.COMPLETED);
        assertThat(review.review()).isEqualTo(Review.Outcome.CHANGED);
        backtested(2, 3, "d", TrialStatus.COMPLETED);

        assertThat(List.of(review.review(), review.review(), review.review()))
                .containsExactly(Review.Outcome.POSTPONED, Review.Outcome.POSTPONED, Review.Outcome.CHANGED);
    }

    @Test
    void the_trials_that_stand_come_first() {
        backtested(1, 3, "d", TrialStatus.FAILED);
        Trial standing = backtested(2, 3, "d", TrialStatus.COMPLETED);
        BacktestedTrials trials = store.read(tx -> BacktestedTrials.on(tx, "d"));

        assertThat(trials.returns()).hasSize(2);
        assertThat(trials.returns().get(0).trial()).isEqualTo(standing.key().toString());
        assertThat(trials.returns().get(0).firstBar()).isEqualTo(2);
        assertThat(trials.with("new", 7, new double[] {0.1}).returns().get(0).trial())
                .isEqualTo("new");
    }

    @Test
    void does_nothing_when_it_is_off() {
        Trial trial = backtested(1, 3, "d", TrialStatus.COMPLETED);
        assertThat(review(OverfitMode.OFF).review()).isEqualTo(Review.Outcome.UNCHANGED);
        assertThat(store.<List<Finding>>read(tx -> tx.findings(trial.id()))).isEmpty();
    }

    @Test
    void a_lost_account_ends_the_returns() {
        assertThat(BacktestedTrials.returnsOf(new double[] {500, 250, 0, 100})).containsExactly(-0.5, -1);
        assertThat(BacktestedTrials.returnsOf(new double[] {500, -20})).containsExactly(-1);
        assertThat(BacktestedTrials.returnsOf(new double[] {500})).isEmpty();
    }
}
