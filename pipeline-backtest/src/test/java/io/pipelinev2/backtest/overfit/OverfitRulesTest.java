package io.pipelinev2.backtest.overfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.backtest.gate.GateResult;
import io.pipelinev2.backtest.gate.Verdict;
import io.pipelinev2.backtest.metrics.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OverfitRulesTest {

    @Test
    void figures_on_their_thresholds_pass() {
        Verdict verdict = OverfitRules.DEFAULT.judge(panel(0.95, 0.2, 1680.0, 1680, 30));

        assertThat(verdict.passed()).isTrue();
        assertThat(verdict.results())
                .hasSize(3)
                .allSatisfy(r -> assertThat(r.margin()).isZero());
        assertThat(OverfitRules.DEFAULT.objections(panel(0.95, 0.2, 1680.0, 1680, 30)))
                .isEmpty();
    }

    @Test
    void every_objection_says_value_and_threshold() {
        assertThat(OverfitRules.DEFAULT.objections(panel(0.41, 0.55, 5230.5, 1680, 30)))
                .containsExactly(
                        "deflated Sharpe failed: dsr_effective is 0.41, must be >= 0.95",
                        "backtest overfitting failed: pbo is 0.55, must be <= 0.2",
                        "track record failed: min_trl_steps is 5230.5, must be <= 1680");
    }

    @Test
    void what_is_not_known_fails() {
        OverfitPanel unknown = new OverfitPanel("7", Map.of(), "", List.of(), List.of(), List.of(), null);

        assertThat(OverfitRules.DEFAULT.objections(unknown))
                .hasSize(3)
                .allSatisfy(words -> assertThat(words).contains("undefined (was not measured)"));
    }

    @Test
    void the_pbo_is_not_demanded_where_it_can_never_be_had() {
        Verdict verdict = OverfitRules.DEFAULT.judge(panel(0.97, null, 900.0, 1680, 9));

        assertThat(verdict.passed()).isTrue();
        assertThat(verdict.results())
                .extracting(r -> r.threshold().metric())
                .containsExactly("dsr_effective", "pbo", "min_trl_steps");
        assertThat(verdict.results().get(1).words()).contains("not demanded: fewer than 10 trials are complete");
    }

    @Test
    void the_pbo_fails_closed_when_there_are_trials_enough() {
        assertThat(OverfitRules.DEFAULT.objections(panel(0.97, null, 900.0, 1680, 10)))
                .containsExactly("backtest overfitting failed: pbo is undefined (none)");
    }

    @Test
    void equally_good_trials_are_told_from_noise_in_the_words() {
        Map<OverfitFigure, Metric> figures =
                new EnumMap<>(panel(0.99, 0.52, 900.0, 8760, 30).figures());
        figures.put(OverfitFigure.PROB_OOS_LOSS, Metric.of(0.012));

        assertThat(OverfitRules.DEFAULT.objections(
                        new OverfitPanel("7", figures, "", List.of(), List.of(), List.of(), null)))
                .singleElement()
                .asString()
                .contains("pbo is 0.520, must be <= 0.200", "lost in only 1.2 %", "equally good");
    }

    @Test
    void bankrupt_and_idle_trials_are_never_promoted() {
        double[][] rows = Matrices.random(3, 3, 600);
        rows[1][599] = -1;
        rows[2] = new double[600];
        OverfitStudy study = OverfitStudy.of(
                List.of(
                        new TrialReturns("good", 0, rows[0]),
                        new TrialReturns("bankrupt", 0, rows[1]),
                        new TrialReturns("idle", 0, rows[2])),
                new StudyCounts(3, 0),
                8760);

        for (String trial : List.of("bankrupt", "idle")) {
            assertThat(OverfitRules.DEFAULT.judge(study.panel(trial)).results())
                    .filteredOn(result -> !result.threshold().metric().equals("pbo"))
                    .hasSize(2)
                    .noneMatch(GateResult::passed);
        }
    }

    /** Fewer effective trials than tries make luck look smaller; only the PBO makes up for that. */
    @Property(tries = 60)
    void whoever_is_deflated_by_fewer_trials_than_were_tried_needs_a_pbo(
            @ForAll @IntRange(min = 1, max = 14) int trials,
            @ForAll @IntRange(min = 2, max = 300) int steps,
            @ForAll @IntRange(max = 40) int complete,
            @ForAll @IntRange(max = 40) int pruned,
            @ForAll @IntRange(max = 14) int idle,
            @ForAll long seed) {
        double[][] rows = Matrices.random(seed, trials, steps);
        List<TrialReturns> all = new ArrayList<>();
        for (int i = 0; i < trials; i++) {
            all.add(new TrialReturns("t" + i, 0, i < idle ? new double[steps] : rows[i]));
        }
        OverfitStudy study = OverfitStudy.of(all, new StudyCounts(complete, pruned), 8760);
        for (String trial : study.trials()) {
            OverfitPanel panel = study.panel(trial);
            boolean deflatedByFewer = study.effectiveTrials() < study.rawTrials();
            boolean isPboJudged = OverfitRules.DEFAULT.judge(panel).results().stream()
                    .anyMatch(result ->
                            result.threshold().metric().equals("pbo") && (result.value() != null || !result.passed()));
            assertThat(!deflatedByFewer || isPboJudged).isTrue();
        }
    }

    @Test
    void thresholds_are_probabilities() {
        assertThatThrownBy(() -> new OverfitRules(1.5, 0.2))
                .hasMessage("the least DSR must be between 0 and 1, was 1.5");
        assertThatThrownBy(() -> new OverfitRules(0.95, Double.NaN)).hasMessageContaining("the greatest PBO");
    }

    @Test
    void modes_have_words() {
        assertThat(OverfitMode.of("off")).isEqualTo(OverfitMode.OFF);
        assertThat(OverfitMode.of("advise")).isEqualTo(OverfitMode.ADVISE);
        assertThat(OverfitMode.of("enforce")).isEqualTo(OverfitMode.ENFORCE);
        assertThatThrownBy(() -> OverfitMode.of("strict"))
                .hasMessage("overfit.mode was 'strict' but must be one of: off, advise, enforce");
    }

    private static OverfitPanel panel(double dsr, Double pbo, double minTrl, int steps, int complete) {
        return new OverfitPanel(
                "7",
                Map.of(
                        OverfitFigure.DSR_EFFECTIVE, Metric.of(dsr),
                        OverfitFigure.PBO, pbo == null ? Metric.undefined("none") : Metric.of(pbo),
                        OverfitFigure.MIN_TRL_STEPS, Metric.of(minTrl),
                        OverfitFigure.STEPS, Metric.of(steps),
                        OverfitFigure.N_COMPLETE, Metric.of(complete)),
                "",
                List.of(),
                List.of(),
                List.of(),
                null);
    }
}
