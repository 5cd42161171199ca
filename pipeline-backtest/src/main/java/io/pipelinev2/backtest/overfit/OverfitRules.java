package io.pipelinev2.backtest.overfit;

import io.pipelinev2.backtest.gate.Comparison;
import io.pipelinev2.backtest.gate.Gate;
import io.pipelinev2.backtest.gate.GateResult;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.gate.Verdict;
import io.pipelinev2.backtest.metrics.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a panel must show before its trial may be promoted under {@link OverfitMode#ENFORCE}.
 *
 * <p>Three gates, and each fails closed: the deflated Sharpe ratio of the effective number of trials, the probability of
 * backtest overfitting, and a record at least as long as the minimum track record. A bankrupt trial and one that never
 * trades have no Sharpe ratio and so fail.
 *
 * <p>The PBO is not demanded while fewer than {@value OverfitStudy#MIN_COMPARED} trials are complete, because then it
 * can never be computed; the deflated Sharpe ratio counts every try in that case and guards alone. Once that many are
 * complete it is demanded, and a PBO that is missing because too few of them were backtested or the record is too short
 * fails.
 *
 * @param dsrAtLeast between 0 and 1
 * @param pboAtMost between 0 and 1
 */
public record OverfitRules(double dsrAtLeast, double pboAtMost) {

    /** A deflated Sharpe ratio of at least 0.95 and a PBO of at most 0.20. */
    public static final OverfitRules DEFAULT = new OverfitRules(0.95, 0.20);

    private static final String GATE_SET = "overfit";
    private static final double RARE_LOSS = 0.05;

    /** Checks the thresholds. */
    public OverfitRules {
        requireProbability("the least DSR", dsrAtLeast);
        requireProbability("the greatest PBO", pboAtMost);
    }

    /** All gates with value, threshold, margin and words, the passed ones too. */
    public Verdict judge(OverfitPanel panel) {
        List<Gate> gates = new ArrayList<>();
        gates.add(new Gate("deflated Sharpe", OverfitFigure.DSR_EFFECTIVE.word(), Comparison.AT_LEAST, dsrAtLeast));
        Gate overfitting = new Gate("backtest overfitting", OverfitFigure.PBO.word(), Comparison.AT_MOST, pboAtMost);
        boolean demanded = isPboDemanded(panel);
        if (demanded) {
            gates.add(overfitting);
        }
        Double steps = panel.get(OverfitFigure.STEPS).value();
        gates.add(new Gate(
                "track record", OverfitFigure.MIN_TRL_STEPS.word(), Comparison.AT_MOST, steps == null ? 0 : steps));
        List<GateResult> results = new ArrayList<>(new GateSet(GATE_SET, gates)
                .judge(panel.evidence(), explanations(panel))
                .results());
        if (!demanded) {
            results.add(
                    1,
                    new GateResult(
                            overfitting,
                            null,
                            null,
                            true,
                            overfitting.name() + " not demanded: fewer than " + OverfitStudy.MIN_COMPARED
                                    + " trials are complete, so the deflated Sharpe ratio counts each of them"));
        }
        return new Verdict(GATE_SET, "", results);
    }

    /** What speaks against the promotion, in words; empty when nothing does. */
    public List<String> objections(OverfitPanel panel) {
        return judge(panel).results().stream()
                .filter(result -> !result.passed())
                .map(GateResult::words)
                .toList();
    }

    /** Equally good trials fail the PBO as noise does; the one can be told from the other by how rarely they lose. */
    private Map<String, String> explanations(OverfitPanel panel) {
        Double pbo = panel.get(OverfitFigure.PBO).value();
        Double loss = panel.get(OverfitFigure.PROB_OOS_LOSS).value();
        if (pbo == null || loss == null || loss > RARE_LOSS) {
            return Map.of();
        }
        return Map.of(
                OverfitFigure.PBO.word(),
                String.format(
                        Locale.ROOT,
                        "backtest overfitting failed: pbo is %.3f, must be <= %.3f; but the best of one half lost in only"
                                + " %.1f %% of the other halves, so the trials may be equally good: then choosing the"
                                + " best of them says nothing",
                        pbo,
                        pboAtMost,
                        100 * loss));
    }

    /** A PBO that was computed is never ignored. */
    private static boolean isPboDemanded(OverfitPanel panel) {
        if (panel.get(OverfitFigure.PBO).isDefined()) {
            return true;
        }
        Metric complete = panel.get(OverfitFigure.N_COMPLETE);
        Double count = complete.value();
        return count == null || count >= OverfitStudy.MIN_COMPARED;
    }

    private static void requireProbability(String what, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(what + " must be between 0 and 1, was " + value);
        }
    }
}
