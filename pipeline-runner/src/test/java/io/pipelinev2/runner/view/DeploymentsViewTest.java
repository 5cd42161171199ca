package io.pipelinev2.runner.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import org.junit.jupiter.api.Test;

class DeploymentsViewTest {

    private final SampleStore sample = new SampleStore();
    private final Trial first = sample.trial("ppo", 4, 1.0, TrialStatus.COMPLETED, null);
    private final Trial second = sample.trial("ppo", 5, 1.0, TrialStatus.DEPLOYED, null);

    @Test
    void json_has_the_keys_of_the_contract_and_no_others() {
        sample.running(second, 4711);

        assertThat(Json.compact(DeploymentsView.of(sample.store).json()))
                .isEqualTo("{\"deployments\":[{\"study\":\"ppo\",\"number\":5,\"status\":\"running\","
                        + "\"desired\":\"running\",\"health\":\"healthy\",\"process_id\":4711,"
                        + "\"started_at\":\"2026-01-29T21:27:00Z\",\"restarts\":0,"
                        + "\"log_file\":\"logs/deployments/1.log\",\"reason\":\"reported 1 s ago\"}]}");
    }

    @Test
    void an_ended_process_has_no_id_because_it_may_be_a_strangers_by_now() {
        sample.stopped(first, 4711);

        assertThat(DeploymentsView.of(sample.store).rows().get(0).processId()).isNull();
    }

    @Test
    void those_that_run_come_before_those_that_ended() {
        sample.stopped(first, 4711);
        sample.running(second, 4712);

        assertThat(DeploymentsView.of(sample.store).rows())
                .extracting(row -> row.deployment().key().number())
                .containsExactly(5, 4);
    }
}
