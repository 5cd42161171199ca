package io.pipelinev2.runner.http.overview;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.ranking.RankBy;
import io.pipelinev2.runner.view.SampleStore;
import io.pipelinev2.runner.view.TrialsView;
import java.util.List;
import org.junit.jupiter.api.Test;

class FunnelTest {

    private final SampleStore sample = new SampleStore();

    @Test
    void counts_each_step_and_says_why_the_others_went_no_further() {
        sample.trial("ppo", 0, 1.0, TrialStatus.PENDING, null);
        Trial missing = sample.trial("ppo", 9, 1.0, TrialStatus.FAILED, "no model in trial_9");
        sample.stage(missing, "backtest", StageStatus.FAILED, 1, "no model in trial_9", null);
        Trial idle = sample.trial("ppo", 25, 1.0, TrialStatus.FAILED, "it never traded");
        sample.stage(
                idle, "backtest", StageStatus.FAILED, 1, "it never traded", SampleStore.results(null, 0.0, 0.0, 0));
        for (int rank = 1; rank <= 3; rank++) {
            Trial trial =
                    sample.trial("ppo", 30 + rank, 1.0, rank == 1 ? TrialStatus.DEPLOYED : TrialStatus.COMPLETED, null);
            sample.passed(trial, 1.0 / rank);
            sample.stage(
                    trial,
                    "deploy",
                    rank == 1 ? StageStatus.PASSED : StageStatus.SKIPPED,
                    0,
                    "rank " + rank + " of 3, 1 slot",
                    null);
        }

        assertThat(steps())
                .containsExactly(
                        new Funnel.Step(
                                "Discovered",
                                6,
                                List.of(
                                        new Funnel.Loss("waiting for its turn", 1, "/trials?status=pending"),
                                        new Funnel.Loss("no model in trial_9", 1, "/trials?text=no+model+in+trial_9")),
                                "/trials"),
                        new Funnel.Step(
                                "Backtested",
                                4,
                                List.of(new Funnel.Loss("it never traded", 1, "/trials?text=it+never+traded")),
                                "/trials?stage=backtest&stage_status=passed"),
                        new Funnel.Step(
                                "Passed",
                                3,
                                List.of(new Funnel.Loss("rank … of 3, 1 slot", 2, "/trials?text=of+3%2C+1+slot")),
                                "/trials?status=completed%2Cdeployed"),
                        new Funnel.Step("Deployed", 1, List.of(), "/trials?status=deployed"));
    }

    @Test
    void a_trial_waiting_for_the_ranking_has_passed() {
        Trial trial = sample.trial("ppo", 1, 1.0, TrialStatus.PROCESSING, null);
        sample.passed(trial, 1.0);
        sample.stage(trial, "deploy", StageStatus.PENDING, 0, null, null);

        assertThat(steps()).extracting(Funnel.Step::count).containsExactly(1, 1, 1, 0);
        assertThat(steps().get(2).losses())
                .containsExactly(new Funnel.Loss("being worked on", 1, "/trials?status=processing"));
    }

    @Test
    void a_trial_that_waits_for_another_validation_has_not_passed_yet() {
        Trial trial = sample.trial("ppo", 1, 1.0, TrialStatus.PROCESSING, null);
        sample.passed(trial, 1.0);
        sample.stage(trial, "cge_stress", StageStatus.PENDING, 0, null, null);

        assertThat(steps()).extracting(Funnel.Step::count).containsExactly(1, 1, 0, 0);
    }

    private List<Funnel.Step> steps() {
        return Funnel.of(TrialsView.of(sample.store, new RankBy("sharpe")).rows())
                .steps();
    }
}
