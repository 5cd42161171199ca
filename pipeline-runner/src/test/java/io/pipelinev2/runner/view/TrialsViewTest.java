package io.pipelinev2.runner.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.ranking.RankBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrialsViewTest {

    private final SampleStore sample = new SampleStore();

    @Test
    void json_has_the_keys_of_the_contract_and_no_others() {
        Trial trial = sample.trial("ppo", 3, 6.5, TrialStatus.COMPLETED, "ranked out");
        sample.passed(trial, 1.25, 0.5, 0.25, 7);

        assertThat(Json.compact(view("sharpe").json()))
                .isEqualTo("{\"trials\":[{\"study\":\"ppo\",\"number\":3,\"value\":6.5,\"direction\":\"maximize\","
                        + "\"status\":\"completed\",\"held_reason\":null,"
                        + "\"stages\":{\"backtest\":{\"status\":\"passed\",\"attempts\":1,\"error_message\":null}},"
                        + "\"metrics\":{\"total_return\":0.5,\"sharpe\":1.25,\"max_drawdown\":0.25},"
                        + "\"rank\":1,\"reason\":\"ranked out\"}]}");
    }

    @Test
    void infinite_and_undefined_values_have_their_json_forms() {
        sample.trial("ppo", 0, Double.POSITIVE_INFINITY, TrialStatus.PENDING, null);
        sample.trial("ppo", 1, Double.NEGATIVE_INFINITY, TrialStatus.PENDING, null);
        sample.trial("ppo", 2, null, TrialStatus.PENDING, null);

        assertThat(Json.compact(view("sharpe").json()))
                .contains("\"value\":\"Infinity\"", "\"value\":\"-Infinity\"", "\"value\":null");
        assertThat(view("sharpe").rows()).extracting(TrialRow::optunaRank).containsExactly(1, 2, null);
    }

    @Test
    void of_equal_figures_the_lower_key_ranks_first_as_the_deployer_decides() {
        for (int i = 0; i < 4; i++) {
            sample.passed(trial(i), List.of(0.5, 0.9, 0.9, 0.1).get(i));
        }
        assertThat(view("sharpe").rows()).extracting(TrialRow::rank).containsExactly(3, 1, 2, 4);
    }

    @Test
    void only_validated_trials_have_a_rank_and_without_the_figure_it_is_a_late_one() {
        sample.passed(trial(0), 0.5);
        sample.passed(trial(1), null);
        Trial rejected = sample.trial("ppo", 2, 9.0, TrialStatus.FAILED, "drawdown failed");
        sample.stage(
                rejected, "backtest", StageStatus.FAILED, 1, "drawdown failed", SampleStore.results(9.9, 0.1, 0.9, 4));
        trial(3);

        assertThat(view("sharpe").rows()).extracting(TrialRow::rank).containsExactly(1, 2, null, 3);
        assertThat(view("sharpe").rows().get(2).metric("sharpe")).isEqualTo(9.9);
        assertThat(view("sharpe").rows().get(3).metrics()).isNull();
    }

    @Test
    void of_a_drawdown_less_is_better() {
        sample.passed(trial(0), 1.0, 0.1, 0.40, 1);
        sample.passed(trial(1), 1.0, 0.1, 0.20, 1);

        assertThat(view("max_drawdown").rows()).extracting(TrialRow::rank).containsExactly(2, 1);
        assertThat(view("total_return").rows()).extracting(TrialRow::rank).containsExactly(1, 2);
    }

    @Test
    void optuna_ranks_within_each_study_by_its_direction() {
        sample.trial("loss", Direction.MINIMIZE, 0, 0.3, TrialStatus.PENDING, null);
        sample.trial("loss", Direction.MINIMIZE, 1, 0.1, TrialStatus.PENDING, null);
        sample.trial("ppo", Direction.MAXIMIZE, 0, 0.3, TrialStatus.PENDING, null);
        sample.trial("ppo", Direction.MAXIMIZE, 1, 0.1, TrialStatus.PENDING, null);
        sample.trial("unsaid", Direction.NOT_SET, 0, 0.1, TrialStatus.PENDING, null);

        assertThat(view("sharpe").rows()).extracting(TrialRow::optunaRank).containsExactly(2, 1, 1, 2, null);
    }

    @Test
    void ranked_by_value_the_objective_of_those_that_passed_counts() {
        sample.passed(sample.trial("loss", Direction.MINIMIZE, 0, 0.3, TrialStatus.COMPLETED, null), 9.0);
        sample.passed(sample.trial("loss", Direction.MINIMIZE, 1, 0.1, TrialStatus.COMPLETED, null), 1.0);
        sample.trial("loss", Direction.MINIMIZE, 2, 0.0, TrialStatus.PENDING, null);

        assertThat(view("value").rows()).extracting(TrialRow::rank).containsExactly(2, 1, null);
    }

    @Test
    void figures_of_older_data_rank_behind_those_of_the_newest() {
        Map<String, Object> older = new HashMap<>(SampleStore.results(5.0, 0.1, 0.1, 1));
        older.put("data_sha256", "d0");
        sample.stage(trial(0), "backtest", StageStatus.PASSED, 1, null, older);
        sample.clock.advance(Duration.ofHours(1));
        sample.passed(trial(1), 0.2);

        assertThat(view("sharpe").rows()).extracting(TrialRow::rank).containsExactly(2, 1);
    }

    @Test
    void a_row_explains_itself_by_the_best_there_is() {
        Trial held = sample.trial("ppo", 0, 1.0, TrialStatus.PENDING, null);
        sample.held(held, "waiting for its model");
        Trial retrying = sample.trial("ppo", 1, 1.0, TrialStatus.PROCESSING, null);
        sample.stage(retrying, "backtest", StageStatus.PENDING, 1, "timed out after 60 s", null);
        trial(2);

        assertThat(view("sharpe").rows())
                .extracting(TrialRow::explanation)
                .containsExactly("waiting for its model", "timed out after 60 s", null);
    }

    @Test
    void stages_keep_their_order() {
        Trial trial = trial(0);
        for (String name : List.of("backtest", "cge_stress", "deploy", "audit")) {
            sample.stage(trial, name, StageStatus.PENDING, 0, null, new LinkedHashMap<>());
        }
        assertThat(view("sharpe").rows().get(0).stages().keySet())
                .containsExactly("backtest", "cge_stress", "deploy", "audit");
    }

    private Trial trial(int number) {
        return sample.trial("ppo", number, 1.0, TrialStatus.COMPLETED, null);
    }

    private TrialsView view(String rankMetric) {
        return TrialsView.of(sample.store, new RankBy(rankMetric));
    }
}
