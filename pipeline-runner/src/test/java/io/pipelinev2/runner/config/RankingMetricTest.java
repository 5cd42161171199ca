package io.pipelinev2.runner.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.backtest.metrics.Better;
import io.pipelinev2.backtest.metrics.MetricDefinition;
import io.pipelinev2.backtest.metrics.MetricGlossary;
import io.pipelinev2.deploy.ranking.RankBy;
import org.junit.jupiter.api.Test;

/** The ranking does not know the backtest, so what it believes of metrics is compared here. */
class RankingMetricTest {

    @Test
    void the_ranking_agrees_with_the_definitions_on_which_way_each_metric_gets_better() {
        for (MetricDefinition metric : MetricGlossary.all()) {
            if (metric.better() != Better.NEITHER) {
                assertThat(new RankBy(metric.name()).higherIsBetter())
                        .as(metric.name())
                        .isEqualTo(metric.better() == Better.HIGHER
                                || metric.name().contains("."));
            }
        }
    }

    @Test
    void every_metric_that_a_trial_can_be_ranked_by_is_defined() {
        assertThat(RankingMetric.NAME.holds().test("sharpe")).isTrue();
        assertThat(RankingMetric.NAME.holds().test("value")).isTrue();
        assertThat(RankingMetric.NAME.holds().test("legacy_v2.sharpe")).isFalse();
    }
}
