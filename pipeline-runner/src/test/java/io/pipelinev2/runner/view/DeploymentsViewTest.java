package io.pipelinev2.runner.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeploymentsViewTest {

    private final SampleStore sample = new SampleStore();
    private final Trial first = sample.trial("ppo", 4, 1.0, TrialStatus.COMPLETED, null);
    private final Trial second = sample.trial("ppo", 5, 1.0, TrialStatus.DEPLOYED, null);

    @Test
    void json_has_the_keys_of_the_contract_and_more_beside_them() {
        Deployment deployment = sample.running(second, 4711);

        assertThat(Json.compact(DeploymentsView.of(sample.store).json()))
                .isEqualTo("{\"deployments\":[{\"study\":\"ppo\",\"number\":5,\"status\":\"running\","
                        + "\"desired\":\"running\",\"health\":\"healthy\",\"process_id\":4711,"
                        + "\"started_at\":\"2026-01-29T21:27:00Z\",\"restarts\":0,"
                        + "\"log_file\":\"logs/deployments/1.log\",\"reason\":\"reported 1 s ago\","
                        + "\"mode\":\"PAPER\",\"deployment\":" + deployment.id()
                        + ",\"model_sha256\":\"abc\",\"stopped_at\":null,"
                        + "\"restarts_left\":null,\"last_exit\":null,\"log_lost_bytes\":0,\"preference\":null,"
                        + "\"orders\":\"active\",\"trading\":\"active\",\"trading_reason\":null,\"equity\":null,"
                        + "\"cash\":null,\"last_bar\":null}]}");
    }

    @Test
    void what_a_trader_says_is_told_while_it_runs_and_what_an_operator_allows_afterwards() {
        TraderReport stopped = new TraderReport(900.5, 10.0, null, TradingState.REDUCING, "daily loss of 5 % reached");
        DeploymentsView.Sources sources = DeploymentsView.Sources.of(deployment -> Optional.of(stopped));
        sample.running(second, 4711);
        sample.stopped(first, 4712);

        List<DeploymentRow> rows = DeploymentsView.of(sample.store, sources).rows();
        assertThat(rows.get(0).trading()).isEqualTo(TradingState.REDUCING);
        assertThat(rows.get(0).tradingReason()).isEqualTo("daily loss of 5 % reached");
        assertThat(rows.get(0).json()).containsEntry("equity", 900.5).containsEntry("trading", "reducing");
        assertThat(rows.get(1).trading()).isEqualTo(TradingState.ACTIVE);
        assertThat(rows.get(1).tradingReason()).isNull();
    }

    @Test
    void what_an_operator_allows_holds_before_the_trader_has_said_so() {
        TraderReport notYet = new TraderReport(900.5, 10.0, null, TradingState.ACTIVE, null);
        TraderReport stopped = new TraderReport(900.5, 10.0, null, TradingState.HALTED, "the feed is stale");
        Deployment reducing = sample.running(second, 4711)
                .change()
                .orders(TradingState.REDUCING)
                .done();

        DeploymentRow row = new DeploymentRow(reducing, null, null, null, notYet);
        assertThat(row.trading()).isEqualTo(TradingState.REDUCING);
        assertThat(row.tradingReason()).isEqualTo("by an operator");
        DeploymentRow strict = new DeploymentRow(reducing, null, null, null, stopped);
        assertThat(strict.trading()).isEqualTo(TradingState.HALTED);
        assertThat(strict.tradingReason()).isEqualTo("the feed is stale");
    }

    @Test
    void why_not_all_orders_are_given_is_said_once() {
        TraderReport report = new TraderReport(900.5, 10.0, null, TradingState.HALTED, "an operator wants it so");
        sample.running(second, 4711);
        Deployment deployment = sample.store.write(tx -> {
            Deployment before = tx.deploymentOf(second.id()).orElseThrow();
            return tx.update(
                    before,
                    before.change()
                            .health(before.health(), "trading is halted: an operator wants it so")
                            .done());
        });
        DeploymentRow row = new DeploymentRow(deployment, null, null, null, report);

        assertThat(row.tradingReason()).isEqualTo("an operator wants it so");
        assertThat(row.furtherTradingReason()).isNull();
        Deployment silent = deployment
                .change()
                .health(deployment.health(), "at the end of its data")
                .done();
        assertThat(new DeploymentRow(silent, null, null, null, report).furtherTradingReason())
                .isEqualTo("an operator wants it so");
    }

    @Test
    void the_last_exit_and_a_preference_are_told() {
        Deployment deployment = sample.running(second, 4711);
        Instant at = sample.clock.now();
        sample.store.write(tx -> {
            ProcessRun run = tx.insert(ProcessRun.started(
                    deployment.id(), new ProcessIdentity("boot", 4710, 1, "before"), at.minusSeconds(9)));
            tx.update(run.ended(at, 137, true, "was killed by signal 9"));
            tx.insert(ProcessRun.started(deployment.id(), new ProcessIdentity("boot", 4711, 2, "nonce"), at));
            tx.put(new Preference(second.id(), Preference.Kind.PINNED, "wanted", "ana", "cli", at));
            return null;
        });

        DeploymentRow row = DeploymentsView.of(sample.store).rows().get(0);
        assertThat(row.json())
                .containsEntry("preference", "pinned")
                .extracting("last_exit")
                .satisfies(exit -> assertThat((Map<?, ?>) exit)
                        .isEqualTo(Map.of("at", at, "code", 137, "crashed", true, "reason", "was killed by signal 9")));
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
