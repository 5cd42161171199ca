package io.pipelinev2.runner.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.trial.TrialStatus;
import org.junit.jupiter.api.Test;

class StatusViewTest {

    private final SampleStore sample = new SampleStore();

    @Test
    void json_begins_with_the_keys_of_the_contract() {
        sample.alive().trial("ppo", 0, 1.0, TrialStatus.DEPLOYED, null);
        sample.trial("ppo", 1, 1.0, TrialStatus.FAILED, "no");

        assertThat(Json.compact(StatusView.of(sample.monitor(), null).json()))
                .startsWith("{\"pipeline\":\"healthy\",\"trials_pending\":0,\"trials_processing\":0,"
                        + "\"trials_deployed\":1,\"trials_failed\":1,\"trials_completed\":0,"
                        + "\"last_check\":\"2026-01-29T21:30:00Z\",\"at\":\"2026-01-29T21:30:00Z\",\"components\":[{"
                        + "\"component\":\"manager\",\"status\":\"healthy\",");
    }

    @Test
    void before_the_first_check_the_pipeline_is_down_and_last_check_null() {
        assertThat(StatusView.of(sample.monitor(), null).json())
                .containsEntry("pipeline", "down")
                .containsEntry("last_check", null);
    }
}
