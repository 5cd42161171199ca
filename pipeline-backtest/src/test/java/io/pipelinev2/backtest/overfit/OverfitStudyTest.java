package io.pipelinev2.backtest.overfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.Backtest;
import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.metrics.Metric;
import io.pipelinev2.backtest.review.BacktestedTrials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class OverfitStudyTest {

    private static final Path OVERFIT = Fixtures.ROOT.resolve("overfit");
    private static final double HOURS = 8760;

    @Test
    void the_best_trial_of_six_clusters_has_the_reference_panel() throws IOException {
        JsonNode fixture = Fixtures.json(OVERFIT.resolve("dsr_end_to_end.json"));
        OverfitStudy study = OverfitStudy.of(
                named(Matrices.trials(OVERFIT.resolve("trials_6clusters.npy"))), new StudyCounts(30, 0), HOURS);
        OverfitPanel panel = study.panel("12");

        assertThat(study.best()).isEqualTo("12");
        assertThat(value(panel, OverfitFigure.STEPS)).isEqualTo(1000);
        assertFigure(panel, OverfitFigure.SHARPE_PER_STEP, fixture.get("sr_per_step"));
        assertFigure(panel, OverfitFigure.SKEW, fixture.get("skew"));
        assertFigure(panel, OverfitFigure.KURTOSIS, fixture.get("kurt_raw"));
        assertFigure(panel, OverfitFigure.SHARPE_VARIANCE, fixture.get("var_trials_sr_ddof1"));
        assertFigure(panel, OverfitFigure.PSR, fixture.get("psr_vs_0"));
        JsonNode effective = fixture.get("effective_N");
        assertFigure(panel, OverfitFigure.N_AVERAGE_CORRELATION, effective.get("n_avg_corr"));
        assertFigure(panel, OverfitFigure.N_EFFECTIVE_RANK, effective.get("n_effective_rank"));
        assertFigure(panel, OverfitFigure.N_PARTICIPATION, effective.get("n_participation"));
        assertFigure(panel, OverfitFigure.N_CLUSTERS, effective.get("clusters_at_distance_0.5"));
        JsonNode raw = row(fixture, "raw");
        assertFigure(panel, OverfitFigure.N_RAW, raw.get("N"));
        assertFigure(panel, OverfitFigure.SR0_RAW, raw.get("sr0"));
        assertFigure(panel, OverfitFigure.DSR_RAW, raw.get("dsr"));
        JsonNode used = row(fixture, "participation");
        assertFigure(panel, OverfitFigure.N_EFFECTIVE, used.get("N"));
        assertFigure(panel, OverfitFigure.SR0_EFFECTIVE, used.get("sr0"));
        assertFigure(panel, OverfitFigure.DSR_EFFECTIVE, used.get("dsr"));
        SharpeEstimate estimate = new SharpeEstimate(
                value(panel, OverfitFigure.SHARPE_PER_STEP),
                value(panel, OverfitFigure.SKEW),
                value(panel, OverfitFigure.KURTOSIS),
                1000);
        for (JsonNode variant : fixture.get("rows")) {
            assertThat(DeflatedSharpe.of(
                                    estimate,
                                    value(panel, OverfitFigure.SHARPE_VARIANCE),
                                    variant.get("N").asDouble())
                            .value())
                    .isCloseTo(variant.get("dsr").asDouble(), within(1e-8));
        }
        assertThat(panel.position()).isZero();
        assertThat(value(panel, OverfitFigure.RANK)).isEqualTo(1);
        assertThat(value(panel, OverfitFigure.PBO_SPLITS)).isEqualTo(12_870);
        assertThat(panel.logits().stream().mapToLong(LogitBin::count).sum()).isEqualTo(12_870);
        assertThat(panel.splits()).hasSize(200);
        assertThat(panel.sharpes()).hasSize(30).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @Test
    void every_figure_of_an_ordinary_study_is_defined() {
        OverfitStudy study = OverfitStudy.of(named(Matrices.random(4, 20, 600)), new StudyCounts(20, 30), HOURS);
        OverfitPanel panel = study.panel(best(study));

        assertThat(panel.figures())
                .allSatisfy((figure, metric) -> assertThat(metric.isDefined())
                        .as("%s: %s", figure, metric.remark())
                        .isTrue());
        assertThat(value(panel, OverfitFigure.N_RAW)).isEqualTo(50);
        assertThat(value(panel, OverfitFigure.N_EFFECTIVE)).isBetween(45.0, 50.0);
        assertThat(value(panel, OverfitFigure.SHARPE_ANNUAL))
                .isCloseTo(value(panel, OverfitFigure.SHARPE_PER_STEP) * Math.sqrt(HOURS), within(1e-12));
        assertThat(value(panel, OverfitFigure.HAIRCUT_BONFERRONI))
                .isLessThanOrEqualTo(value(panel, OverfitFigure.HAIRCUT_SIDAK) + 1e-12)
                .isLessThan(value(panel, OverfitFigure.SHARPE_ANNUAL));
        assertThat(value(panel, OverfitFigure.HAIRCUT_HOLM))
                .isCloseTo(value(panel, OverfitFigure.HAIRCUT_BONFERRONI), within(1e-9));
    }

    @Test
    void the_count_of_tries_is_never_less_than_the_trials_that_are_there() {
        OverfitStudy study = OverfitStudy.of(named(Matrices.random(4, 12, 300)), new StudyCounts(3, 1), HOURS);

        assertThat(study.rawTrials()).isEqualTo(12);
        assertThat(value(study.panel("0"), OverfitFigure.N_COMPLETE)).isEqualTo(12);
    }

    @Test
    void the_effective_number_is_scaled_to_all_tries_and_kept_between_2_and_them() {
        double[][] copies = new double[12][];
        Arrays.fill(copies, Matrices.random(8, 1, 300)[0]);

        assertThat(OverfitStudy.of(named(copies), new StudyCounts(12, 0), HOURS).effectiveTrials())
                .isEqualTo(2);
        assertThat(OverfitStudy.of(named(copies), new StudyCounts(12, 108), HOURS)
                        .effectiveTrials())
                .isCloseTo(10, within(1e-9));
        OverfitPanel panel =
                OverfitStudy.of(named(copies), new StudyCounts(12, 0), HOURS).panel("3");
        assertThat(panel.get(OverfitFigure.SHARPE_VARIANCE).value()).isCloseTo(1 / 299.0, within(1e-15));
        assertThat(panel.get(OverfitFigure.SHARPE_VARIANCE).remark()).contains("more alike than chance");
        assertThat(value(panel, OverfitFigure.PBO)).isEqualTo(1);
        assertThat(panel.get(OverfitFigure.R_SQUARED).isDefined()).isTrue();
    }

    @Test
    void fewer_than_ten_trials_are_all_counted_and_have_no_pbo() {
        OverfitStudy study = OverfitStudy.of(named(Matrices.random(4, 9, 600)), new StudyCounts(9, 91), HOURS);
        OverfitPanel panel = study.panel("0");

        assertThat(value(panel, OverfitFigure.N_EFFECTIVE)).isEqualTo(100);
        assertThat(panel.effectiveMethod()).startsWith("all 100 trials: fewer than 10");
        assertThat(panel.get(OverfitFigure.PBO).remark()).contains("needs 10 backtested trials", "there are 9");
        assertThat(panel.get(OverfitFigure.N_PARTICIPATION).isDefined()).isTrue();
        assertThat(panel.logits()).isEmpty();
    }

    @Test
    void a_single_trial_has_no_luck_to_beat() {
        OverfitStudy study = OverfitStudy.of(named(Matrices.random(11, 1, 600)), new StudyCounts(1, 0), HOURS);
        OverfitPanel panel = study.panel("0");

        assertThat(value(panel, OverfitFigure.SR0_RAW)).isZero();
        assertThat(value(panel, OverfitFigure.DSR_EFFECTIVE)).isEqualTo(value(panel, OverfitFigure.PSR));
        assertThat(panel.get(OverfitFigure.SHARPE_VARIANCE).remark()).contains("fewer than 2");
        assertThat(panel.get(OverfitFigure.N_CLUSTERS).remark()).contains("needs 2 backtested trials");
        assertThat(panel.position()).isZero();
    }

    @Test
    void two_trials_are_two_tries() {
        OverfitPanel panel = OverfitStudy.of(named(Matrices.random(11, 2, 600)), new StudyCounts(2, 0), HOURS)
                .panel("1");

        assertThat(value(panel, OverfitFigure.N_EFFECTIVE)).isEqualTo(2);
        assertThat(value(panel, OverfitFigure.SR0_RAW)).isPositive();
    }

    @Test
    void the_pbo_takes_eight_blocks_of_a_short_record_and_none_of_a_shorter() {
        assertThat(pboOf(479).get(OverfitFigure.PBO_SPLITS).value()).isEqualTo(70);
        assertThat(pboOf(480).get(OverfitFigure.PBO_SPLITS).value()).isEqualTo(12_870);
        assertThat(pboOf(239).get(OverfitFigure.PBO).remark())
                .isEqualTo("needs 240 steps or more, the trials have 239 in common");
    }

    @Test
    void records_are_aligned_by_their_bars() {
        double[][] rows = Matrices.random(4, 12, 600);
        List<TrialReturns> trials = named(rows);
        trials.set(5, new TrialReturns("5", 40, Arrays.copyOfRange(rows[5], 40, 590)));
        OverfitPanel shorter =
                OverfitStudy.of(trials, new StudyCounts(12, 0), HOURS).panel("0");
        double[][] cut =
                Arrays.stream(rows).map(row -> Arrays.copyOfRange(row, 40, 590)).toArray(double[][]::new);

        assertThat(value(shorter, OverfitFigure.STEPS)).isEqualTo(550);
        assertThat(shorter.figures())
                .isEqualTo(OverfitStudy.of(named(cut), new StudyCounts(12, 0), HOURS)
                        .panel("0")
                        .figures());
    }

    /** The environment plays rows lookback - 1 to rows - lookback - 1, so both ends move. */
    @ParameterizedTest
    @CsvSource({"4, 10, 10000", "1, 60, 10000", "4, 10, 300"})
    void one_policy_with_two_lookbacks_is_one_try(int lookback, int longer, int maxSteps) {
        AlignedReturns both =
                AlignedReturns.ofCommonBars(List.of(played("a", lookback, maxSteps), played("b", longer, maxSteps)));

        assertThat(both.steps()).isEqualTo(Math.min(1680 - 2 * longer, maxSteps - (longer - lookback)));
        assertThat(EffectiveTrials.of(both).averageCorrelation()).isGreaterThan(0.99);
    }

    /** All capital into all assets, and held. */
    private static TrialReturns played(String name, int lookback, int maxSteps) {
        BacktestResult result = Backtest.of(
                        TradingRules.ORIGINAL.with(rules -> rules.maxSteps(maxSteps)), GateSet.V2_BASIC)
                .run(
                        Fixtures.market(),
                        (state, action) -> Arrays.fill(action, 1),
                        AgentParameters.from(Map.of("lookback", lookback, "norm_action", 7)));
        return new TrialReturns(name, result.curves().firstBar(), BacktestedTrials.returnsOf(result.equity()));
    }

    @Test
    void a_record_of_other_bars_is_not_compared() {
        double[][] rows = Matrices.random(4, 12, 600);
        List<TrialReturns> trials = named(rows);
        trials.set(5, new TrialReturns("5", 61, rows[5]));
        trials.set(6, new TrialReturns("6", 60, rows[6]));
        OverfitStudy study = OverfitStudy.of(trials, new StudyCounts(12, 0), HOURS);

        assertThat(study.panel("5").get(OverfitFigure.RANK).remark()).contains("covers less than nine tenths");
        assertThat(value(study.panel("5"), OverfitFigure.STEPS)).isEqualTo(600);
        assertThat(value(study.panel("6"), OverfitFigure.STEPS)).isEqualTo(540);
    }

    @Test
    void no_more_than_the_first_two_thousand_are_compared() {
        OverfitStudy study = OverfitStudy.of(named(Matrices.random(4, 2002, 20)), new StudyCounts(5000, 0), HOURS);
        OverfitPanel last = study.figures("2001");

        assertThat(value(last, OverfitFigure.N_COMPARED)).isEqualTo(2000);
        assertThat(value(last, OverfitFigure.N_RAW)).isEqualTo(5000);
        assertThat(last.effectiveMethod()).endsWith("no more than 2000 trials are compared, the others count as tries");
        assertThat(last.get(OverfitFigure.RANK).remark()).contains("2000 others came before it");
        assertThat(last.get(OverfitFigure.DSR_EFFECTIVE).isDefined()).isTrue();
        assertThat(value(study.figures("1999"), OverfitFigure.RANK)).isBetween(1.0, 2000.0);
    }

    @Test
    void the_figures_are_those_of_the_panel_without_what_is_drawn() {
        OverfitStudy study = OverfitStudy.of(named(Matrices.random(4, 12, 600)), new StudyCounts(12, 0), HOURS);

        assertThat(study.figures("3").figures()).isEqualTo(study.panel("3").figures());
        assertThat(study.figures("3").sharpes()).isEmpty();
        assertThat(study.figures("3").logits()).isEmpty();
    }

    @Test
    void a_much_shorter_record_does_not_shorten_the_others() {
        double[][] rows = Matrices.random(4, 12, 600);
        List<TrialReturns> trials = named(rows);
        trials.set(5, new TrialReturns("5", 0, Arrays.copyOf(rows[5], 300)));
        OverfitStudy study = OverfitStudy.of(trials, new StudyCounts(12, 0), HOURS);

        assertThat(value(study.panel("0"), OverfitFigure.STEPS)).isEqualTo(600);
        assertThat(value(study.panel("0"), OverfitFigure.N_COMPARED)).isEqualTo(11);
        assertThat(value(study.panel("0"), OverfitFigure.N_RAW)).isEqualTo(12);
        OverfitPanel own = study.panel("5");
        assertThat(value(own, OverfitFigure.STEPS)).isEqualTo(300);
        assertThat(own.position()).isNull();
        assertThat(own.get(OverfitFigure.RANK).remark()).contains("less than nine tenths");
        assertThat(own.get(OverfitFigure.DSR_EFFECTIVE).isDefined()).isTrue();
    }

    @Test
    void bankrupt_and_idle_trials_have_no_sharpe_ratio_but_count_as_tries() {
        double[][] rows = Matrices.random(4, 14, 600);
        List<TrialReturns> trials = named(rows);
        double[] bankrupt = Arrays.copyOf(rows[2], 100);
        bankrupt[99] = -1;
        trials.set(2, new TrialReturns("2", 0, bankrupt));
        trials.set(3, new TrialReturns("3", 0, new double[600]));
        trials.set(4, new TrialReturns("4", 0, new double[0]));
        double[] constant = new double[600];
        Arrays.fill(constant, 0.001);
        trials.set(6, new TrialReturns("6", 0, constant));
        OverfitStudy study = OverfitStudy.of(trials, new StudyCounts(14, 0), HOURS);

        assertThat(study.panel("2").get(OverfitFigure.DSR_EFFECTIVE).remark())
                .isEqualTo("bankrupt: all equity was lost at step 100");
        assertThat(study.panel("3").get(OverfitFigure.SHARPE_PER_STEP).remark()).contains("all returns are equal");
        assertThat(study.panel("6").get(OverfitFigure.DSR_RAW).remark()).contains("all returns are equal");
        assertThat(study.panel("4").get(OverfitFigure.PSR).remark()).isEqualTo("needs 2 steps or more, had 0");
        assertThat(study.panel("4").get(OverfitFigure.SR0_RAW).remark()).isEqualTo("needs 2 steps or more, had 0");
        assertThat(study.panel("6").get(OverfitFigure.HAIRCUT_BHY).isDefined()).isFalse();
        OverfitPanel other = study.panel("0");
        assertThat(value(other, OverfitFigure.N_RAW)).isEqualTo(14);
        assertThat(value(other, OverfitFigure.N_COMPARED)).isEqualTo(12);
        assertThat(other.sharpes()).hasSize(10);
        assertThat(value(other, OverfitFigure.N_EFFECTIVE)).isBetween(13.0, 14.0);
    }

    @Test
    void a_losing_trial_has_nothing_to_cut_and_no_record_is_long_enough() {
        double[] losing = Matrices.random(4, 1, 600)[0];
        for (int t = 0; t < losing.length; t++) {
            losing[t] -= 0.005;
        }
        OverfitPanel panel = OverfitStudy.of(named(new double[][] {losing}), new StudyCounts(1, 0), HOURS)
                .panel("0");

        assertThat(panel.get(OverfitFigure.HAIRCUT_HOLM).remark()).contains("nothing to cut");
        assertThat(panel.get(OverfitFigure.MIN_TRL_STEPS).remark()).contains("no record is long enough");
        assertThat(panel.get(OverfitFigure.MIN_BTL_YEARS).isDefined()).isFalse();
        assertThat(value(panel, OverfitFigure.P_VALUE)).isLessThan(0.01);
    }

    @Test
    void many_sharpes_are_thinned_with_the_trial_among_them() {
        OverfitStudy study = OverfitStudy.of(named(Matrices.random(4, 700, 30)), new StudyCounts(700, 0), HOURS);
        for (String trial : study.trials()) {
            OverfitPanel panel = study.panel(trial);
            assertThat(panel.sharpes()).hasSize(500).isSortedAccordingTo((a, b) -> Double.compare(b, a));
            assertThat(panel.position()).isNotNull();
            assertThat(panel.sharpes().get(panel.position())).isEqualTo(value(panel, OverfitFigure.SHARPE_PER_STEP));
        }
    }

    @Test
    void a_study_without_trials_has_no_best() {
        OverfitStudy study = OverfitStudy.of(List.of(), new StudyCounts(0, 0), HOURS);

        assertThat(study.best()).isNull();
        assertThat(study.rawTrials()).isEqualTo(1);
        assertThatThrownBy(() -> study.panel("7")).hasMessageContaining("no backtested trial '7'");
    }

    @Test
    void bad_input_is_refused_by_name() {
        assertThatThrownBy(() -> new TrialReturns("trial-9", 0, new double[] {0.1, Double.NaN}))
                .hasMessageContaining("trial 'trial-9' has a non-finite return at index 1: NaN");
        List<TrialReturns> twice =
                List.of(new TrialReturns("7", 0, new double[] {0.1}), new TrialReturns("7", 0, new double[] {0.2}));
        assertThatThrownBy(() -> OverfitStudy.of(twice, new StudyCounts(2, 0), HOURS))
                .hasMessageContaining("'7' came twice");
        assertThatThrownBy(() -> OverfitStudy.of(List.of(), new StudyCounts(0, 0), 0))
                .hasMessageContaining("above 0, was 0.0");
        assertThatThrownBy(() -> new StudyCounts(-1, 0)).hasMessageContaining("complete=-1");
    }

    @Test
    void a_panel_survives_being_stored_as_json() {
        OverfitStudy study = OverfitStudy.of(named(Matrices.random(4, 12, 500)), new StudyCounts(12, 5), HOURS);
        OverfitStudy small = OverfitStudy.of(named(Matrices.random(4, 3, 50)), new StudyCounts(3, 0), HOURS);
        for (OverfitPanel panel : List.of(study.panel("3"), small.panel("1"))) {
            String json = Fixtures.JSON.writeValueAsString(panel.toMap());
            @SuppressWarnings("unchecked")
            Map<String, Object> map = Fixtures.JSON.readValue(json, Map.class);

            assertThat(json).doesNotContain("NaN").doesNotContain("Infinity");
            assertThat(OverfitPanel.from(map)).isEqualTo(panel);
        }
    }

    @Test
    void a_stored_panel_that_is_not_one_is_refused_by_its_part() {
        Map<String, Object> map =
                new LinkedHashMap<>(OverfitStudy.of(named(Matrices.random(4, 3, 50)), new StudyCounts(3, 0), HOURS)
                        .panel("1")
                        .toMap());
        map.put("sharpes", List.of("high"));
        assertThatThrownBy(() -> OverfitPanel.from(map)).hasMessageContaining("finite numbers in 'sharpes', had high");
        map.remove("figures");
        assertThatThrownBy(() -> OverfitPanel.from(map)).hasMessageContaining("a map 'figures', had null");
    }

    private static OverfitPanel pboOf(int steps) {
        return OverfitStudy.of(named(Matrices.random(4, 10, steps)), new StudyCounts(10, 0), HOURS)
                .panel("0");
    }

    private static List<TrialReturns> named(double[][] rows) {
        List<TrialReturns> trials = new ArrayList<>();
        for (double[] row : rows) {
            trials.add(new TrialReturns(Integer.toString(trials.size()), 0, row));
        }
        return trials;
    }

    private static String best(OverfitStudy study) {
        String best = study.best();
        assertThat(best).isNotNull();
        return best;
    }

    private static JsonNode row(JsonNode fixture, String kind) {
        for (JsonNode row : fixture.get("rows")) {
            if (row.get("N_kind").asString().equals(kind)) {
                return row;
            }
        }
        throw new AssertionError("no row " + kind);
    }

    private static void assertFigure(OverfitPanel panel, OverfitFigure figure, JsonNode expected) {
        assertThat(value(panel, figure)).as(figure.word()).isCloseTo(expected.asDouble(), within(1e-8));
    }

    private static double value(OverfitPanel panel, OverfitFigure figure) {
        Metric metric = panel.get(figure);
        assertThat(metric.value()).as("%s: %s", figure, metric.remark()).isNotNull();
        return metric.value();
    }
}
