package io.pipelinev2.runner.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.ranking.RankBy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrialDetailViewTest {

    private final SampleStore sample = new SampleStore();

    @Test
    void tells_everything_of_one_trial() {
        Trial trial = sample.trial("ppo", 3, 6.5, TrialStatus.DEPLOYED, "rank 1");
        sample.passed(sample.trial("ppo", 4, 7.5, TrialStatus.COMPLETED, null), 9.0);
        StageRun backtest = sample.passed(trial, 1.25);
        sample.running(trial, 4711);
        sample.store.write(tx -> {
            tx.insert(new Attempt(
                    0,
                    backtest.id(),
                    trial.id(),
                    "backtest",
                    1,
                    1,
                    "r1",
                    "host",
                    sample.clock.now(),
                    sample.clock.now(),
                    Attempt.Outcome.PASSED,
                    null,
                    null));
            tx.append(Event.byEngine(
                    sample.clock.now(), EventType.STAGE_PASSED, trial.id(), "backtest", "passed all 3 gates"));
            return null;
        });

        TrialDetailView view = TrialDetailView.of(sample.store, TrialSelector.parse("3"), new RankBy("sharpe"));

        assertThat(view.row().rank()).isEqualTo(2);
        Map<String, Object> json = view.json();
        assertThat(json)
                .containsEntry("rank", 2)
                .containsEntry("optuna_rank", 2)
                .containsEntry("trades", 100L);
        assertThat(Json.compact(json))
                .contains("\"stages\":{\"backtest\":{\"status\":\"passed\",\"attempts\":1,\"error_message\":null,"
                        + "\"max_attempts\":3,")
                .contains("\"data_sha256\":\"d1\"")
                .contains("\"attempts\":[{\"stage\":\"backtest\",\"number\":1,\"outcome\":\"passed\",")
                .contains("\"type\":\"stage_passed\"", "passed all 3 gates")
                .contains("\"deployment\":{\"study\":\"ppo\",\"number\":3,\"status\":\"running\"");
    }

    @Test
    void a_trial_that_never_went_out_has_no_deployment() {
        sample.trial("ppo", 3, 6.5, TrialStatus.PENDING, null);

        TrialDetailView view = TrialDetailView.of(sample.store, TrialSelector.parse("ppo/3"), new RankBy("sharpe"));

        assertThat(view.json()).containsEntry("deployment", null).containsEntry("attempts", List.of());
    }

    @Test
    void events_name_the_trial_that_they_concern() {
        Trial trial = sample.trial("ppo", 3, 6.5, TrialStatus.PENDING, null);
        sample.store.write(tx -> {
            tx.append(Event.byEngine(sample.clock.now(), EventType.TRIAL_DISCOVERED, trial.id(), null, "found"));
            return null;
        });

        assertThat(Json.compact(EventsView.of(sample.store, 10).json()))
                .isEqualTo("{\"events\":[{\"at\":\"2026-01-29T21:30:00Z\",\"type\":\"trial_discovered\",\"stage\":null,"
                        + "\"actor\":\"pipeline\",\"origin\":\"engine\",\"message\":\"found\",\"id\":3,\"study\":\"ppo\","
                        + "\"number\":3}]}");
    }
}
