package io.pipelinev2.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.TrialStatus;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/** The three tables, written out a second time by hand: a change must be made on purpose, twice. */
class TransitionTablesTest {

    @Test
    void a_trial_moves_only_as_its_table_says() {
        assertThat(moves(TrialStatus.values(), TrialStatus::canBecome))
                .containsExactlyInAnyOrder(
                        "PENDING>PROCESSING",
                        "PENDING>FAILED",
                        "PROCESSING>PENDING",
                        "PROCESSING>DEPLOYED",
                        "PROCESSING>COMPLETED",
                        "PROCESSING>FAILED",
                        "DEPLOYED>COMPLETED",
                        "DEPLOYED>PROCESSING",
                        "COMPLETED>DEPLOYED",
                        "COMPLETED>PROCESSING",
                        "FAILED>PROCESSING");
    }

    @Test
    void a_stage_moves_only_as_its_table_says() {
        assertThat(moves(StageStatus.values(), StageStatus::canBecome))
                .containsExactlyInAnyOrder(
                        "PENDING>PENDING",
                        "PENDING>RUNNING",
                        "PENDING>PASSED",
                        "PENDING>FAILED",
                        "PENDING>SKIPPED",
                        "RUNNING>RUNNING",
                        "RUNNING>PENDING",
                        "RUNNING>PASSED",
                        "RUNNING>FAILED",
                        "RUNNING>SKIPPED",
                        "PASSED>PENDING",
                        "PASSED>SKIPPED",
                        "FAILED>PENDING",
                        "FAILED>SKIPPED",
                        "SKIPPED>PENDING",
                        "SKIPPED>PASSED",
                        "SKIPPED>SKIPPED");
    }

    @Test
    void a_deployment_moves_only_as_its_table_says() {
        assertThat(moves(DeploymentStatus.values(), DeploymentStatus::canBecome))
                .containsExactlyInAnyOrder(
                        "RUNNING>RUNNING",
                        "RUNNING>STOPPED",
                        "RUNNING>CRASHED",
                        "STOPPED>STOPPED",
                        "STOPPED>RUNNING",
                        "STOPPED>CRASHED",
                        "CRASHED>CRASHED",
                        "CRASHED>RUNNING",
                        "CRASHED>STOPPED");
    }

    private static <S extends Enum<S>> TreeSet<String> moves(S[] states, BiPredicate<S, S> allowed) {
        List<S> all = Arrays.asList(states);
        TreeSet<String> moves = new TreeSet<>();
        all.forEach(from -> all.forEach(to -> {
            if (allowed.test(from, to)) {
                moves.add(from + ">" + to);
            }
        }));
        return moves;
    }
}
