package io.pipelinev2.backtest.overfit;

import io.pipelinev2.backtest.metrics.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A study's backtested trials, measured together; immutable.
 *
 * <p>Lookbacks differ, so records begin and end at different bars. The study uses the T bars that all <em>compared</em>
 * trials have in common. A trial is compared when it is not bankrupt and its record covers at least nine tenths of the bars
 * of the longest one, so that one short record does not shorten everybody's; of several longest records it is the one that
 * begins in their middle. No more than {@value #MAX_COMPARED} trials are compared, the first ones. The others have figures
 * of their own, count as tries, and are left out of what needs alignment.
 *
 * <p>Decisions, each on the strict side:
 *
 * <ul>
 *   <li>The number of tries is that of the counts, or the number of backtested trials where that is greater.
 *   <li>The effective number of trials is the participation ratio of the compared trials that trade, times the tries per
 *       such trial, at least 2 and at most the number of tries. With fewer than {@value #MIN_COMPARED} of them it is the
 *       number of tries.
 *   <li>The variance of the Sharpe ratios is at least 1/(T - 1): an optimiser that settles down makes trials alike, and
 *       would otherwise make luck look small.
 *   <li>The PBO needs {@value #MIN_COMPARED} compared trials that trade and 30 steps in each of 16 blocks, or else of 8.
 * </ul>
 */
public final class OverfitStudy {

    /** Fewer compared trials say too little about how alike all are. */
    public static final int MIN_COMPARED = 10;

    /** More trials than this take longer to compare than it is worth. */
    public static final int MAX_COMPARED = 2_000;

    /** Confidence of the minimum track record. */
    public static final double CONFIDENCE = 0.95;

    private static final int MIN_BLOCK_STEPS = 30;
    private static final int BINS = 20;
    private static final int MAX_POINTS = 200;
    private static final int MAX_SHARPES = 500;

    private final Map<String, MeasuredTrial> trials = new LinkedHashMap<>();
    private final Map<String, Integer> ranks = new LinkedHashMap<>();
    private final Map<OverfitFigure, Metric> pbo = new EnumMap<>(OverfitFigure.class);
    private final List<MeasuredTrial> ranked;
    private final StudyCounts counts;
    private final double periodsPerYear;
    private final long raw;
    private final int compared;
    private final EffectiveNumber effective;
    private final @Nullable Double sampleVariance;
    private final @Nullable CscvResult cscv;
    private final String withoutPbo;
    private final Map<String, Double> pValues = new LinkedHashMap<>();
    private final Map<String, Double> holm = new LinkedHashMap<>();
    private final Map<String, Double> bhy = new LinkedHashMap<>();

    private OverfitStudy(List<TrialReturns> all, StudyCounts counts, double periodsPerYear) {
        this.counts = counts;
        this.periodsPerYear = periodsPerYear;
        this.raw = Math.max(Math.max(counts.raw(), all.size()), 1);
        List<TrialReturns> comparable = comparable(all);
        AlignedReturns aligned = AlignedReturns.ofCommonBars(comparable);
        for (TrialReturns trial : all) {
            if (trials.put(trial.trial(), MeasuredTrial.of(trial)) != null) {
                throw new IllegalArgumentException(
                        "the trials of a study must have different names, '" + trial.trial() + "' came twice");
            }
        }
        for (int i = 0; i < comparable.size(); i++) {
            TrialReturns trial = comparable.get(i);
            trials.put(trial.trial(), MeasuredTrial.of(trial, aligned.from()[i], aligned.steps()));
        }
        this.compared = comparable.size();
        this.ranked = comparable.stream()
                .map(trial -> trials.get(trial.trial()))
                .filter(trial -> trial != null && trial.estimate() != null)
                .sorted(Comparator.comparingDouble(OverfitStudy::sharpeOf).reversed())
                .toList();
        for (MeasuredTrial trial : ranked) {
            ranks.put(trial.returns().trial(), ranks.size() + 1);
        }
        double[] sharpes = ranked.stream().mapToDouble(OverfitStudy::sharpeOf).toArray();
        this.sampleVariance = sharpes.length < 2 ? null : variance(sharpes);
        AlignedReturns varying = aligned.only(IntStream.range(0, compared)
                .filter(i -> ranks.containsKey(comparable.get(i).trial()))
                .toArray());
        this.effective = EffectiveNumber.of(varying, raw);
        this.withoutPbo = whyWithoutPbo(varying.trials(), aligned.steps());
        this.cscv = withoutPbo.isEmpty() ? Cscv.of(aligned, blocks(aligned.steps())) : null;
        putPbo(pbo);
        adjustPValues();
    }

    /**
     * Measures the trials of one study, or of all studies that trained on the same data.
     *
     * @param trials each backtested trial, on the same data
     * @param counts all tries on this data
     * @param periodsPerYear steps per year, such as 8760 for hours
     * @throws IllegalArgumentException when two trials share a name or there are no periods in a year
     */
    public static OverfitStudy of(List<TrialReturns> trials, StudyCounts counts, double periodsPerYear) {
        if (!(periodsPerYear > 0) || !Double.isFinite(periodsPerYear)) {
            throw new IllegalArgumentException("periods per year must be finite and above 0, was " + periodsPerYear);
        }
        return new OverfitStudy(List.copyOf(trials), counts, periodsPerYear);
    }

    /** Names of all trials, as they came. */
    public List<String> trials() {
        return List.copyOf(trials.keySet());
    }

    /** Name of the compared trial with the best Sharpe ratio, or null when none has one. */
    public @Nullable String best() {
        return ranked.isEmpty() ? null : ranked.get(0).returns().trial();
    }

    /** Number of tries. */
    public long rawTrials() {
        return raw;
    }

    /** How many independent tries they are worth. */
    public double effectiveTrials() {
        return effective.used();
    }

    /**
     * What is known about one trial.
     *
     * @throws IllegalArgumentException when the study has no such trial
     */
    public OverfitPanel panel(String trial) {
        OverfitPanel figures = figures(trial);
        Integer rank = ranks.get(trial);
        int[] shown = thinned(ranked.size(), rank);
        return new OverfitPanel(
                trial,
                figures.figures(),
                figures.effectiveMethod(),
                cscv == null ? List.of() : cscv.histogram(BINS),
                cscv == null ? List.of() : cscv.sample(MAX_POINTS),
                Arrays.stream(shown).mapToObj(i -> sharpeOf(ranked.get(i))).toList(),
                rank == null ? null : Arrays.binarySearch(shown, rank - 1));
    }

    /**
     * The panel of one trial without what is drawn, for those who ask of many.
     *
     * @throws IllegalArgumentException when the study has no such trial
     */
    public OverfitPanel figures(String trial) {
        MeasuredTrial measured = trials.get(trial);
        if (measured == null) {
            throw new IllegalArgumentException("the study has no backtested trial '" + trial + "', it has "
                    + trials.size() + ": backtest it on the same data first");
        }
        Map<OverfitFigure, Metric> figures = new EnumMap<>(OverfitFigure.class);
        putSharpe(figures, measured);
        putTrials(figures);
        putLuck(figures, measured);
        figures.putAll(pbo);
        putMultipleTesting(figures, measured);
        return new OverfitPanel(trial, figures, method(), List.of(), List.of(), List.of(), null);
    }

    private String method() {
        return compared < MAX_COMPARED
                ? effective.method()
                : effective.method() + "; no more than " + MAX_COMPARED
                        + " trials are compared, the others count as tries";
    }

    private void putSharpe(Map<OverfitFigure, Metric> figures, MeasuredTrial trial) {
        figures.put(OverfitFigure.STEPS, Metric.of(trial.steps()));
        figures.put(OverfitFigure.SHARPE_PER_STEP, trial.figure(e -> Metric.of(e.sharpe())));
        figures.put(OverfitFigure.SHARPE_ANNUAL, trial.figure(e -> Metric.of(annual(e.sharpe()))));
        figures.put(OverfitFigure.SKEW, trial.figure(e -> Metric.of(e.skew())));
        figures.put(OverfitFigure.KURTOSIS, trial.figure(e -> Metric.of(e.kurtosis())));
        figures.put(OverfitFigure.STANDARD_ERROR, trial.figure(SharpeEstimate::standardError));
        figures.put(OverfitFigure.PSR, trial.figure(e -> e.probabilityAbove(0)));
        figures.put(OverfitFigure.MIN_TRL_STEPS, trial.figure(e -> e.minimumTrackRecord(0, CONFIDENCE)));
        Integer rank = ranks.get(trial.returns().trial());
        figures.put(
                OverfitFigure.RANK,
                rank == null ? Metric.undefined("not compared: " + whyNotCompared(trial)) : Metric.of(rank));
    }

    private void putTrials(Map<OverfitFigure, Metric> figures) {
        figures.put(OverfitFigure.N_COMPLETE, Metric.of(Math.max(counts.complete(), trials.size())));
        figures.put(OverfitFigure.N_COMPARED, Metric.of(compared));
        figures.put(OverfitFigure.N_RAW, Metric.of(raw));
        figures.put(OverfitFigure.N_EFFECTIVE, Metric.of(effective.used()));
        figures.put(OverfitFigure.N_AVERAGE_CORRELATION, effective.byAverageCorrelation());
        figures.put(OverfitFigure.N_EFFECTIVE_RANK, effective.byEffectiveRank());
        figures.put(OverfitFigure.N_PARTICIPATION, effective.byParticipation());
        figures.put(OverfitFigure.N_CLUSTERS, effective.byClusters());
    }

    private void putLuck(Map<OverfitFigure, Metric> figures, MeasuredTrial trial) {
        if (trial.steps() < 2) {
            Metric none = Metric.undefined("needs 2 steps or more, had " + trial.steps());
            for (OverfitFigure figure : List.of(
                    OverfitFigure.SHARPE_VARIANCE,
                    OverfitFigure.SR0_RAW,
                    OverfitFigure.SR0_EFFECTIVE,
                    OverfitFigure.DSR_RAW,
                    OverfitFigure.DSR_EFFECTIVE,
                    OverfitFigure.MIN_BTL_YEARS)) {
                figures.put(figure, none);
            }
            return;
        }
        double floor = 1 / (trial.steps() - 1.0);
        double variance = sampleVariance == null ? floor : Math.max(sampleVariance, floor);
        Metric shown = Metric.of(variance);
        figures.put(
                OverfitFigure.SHARPE_VARIANCE,
                sampleVariance == null
                        ? shown.remarked("1/(T-1): fewer than 2 trials have a Sharpe ratio")
                        : sampleVariance < floor
                                ? shown.remarked("1/(T-1): the trials are more alike than chance would make them")
                                : shown);
        figures.put(OverfitFigure.SR0_RAW, Metric.of(DeflatedSharpe.benchmark(variance, raw)));
        figures.put(OverfitFigure.SR0_EFFECTIVE, Metric.of(DeflatedSharpe.benchmark(variance, effective.used())));
        figures.put(OverfitFigure.DSR_RAW, trial.figure(e -> DeflatedSharpe.of(e, variance, raw)));
        figures.put(OverfitFigure.DSR_EFFECTIVE, trial.figure(e -> DeflatedSharpe.of(e, variance, effective.used())));
        figures.put(
                OverfitFigure.MIN_BTL_YEARS, trial.figure(e -> MinimumBacktestLength.years(annual(e.sharpe()), raw)));
    }

    private void putPbo(Map<OverfitFigure, Metric> figures) {
        if (cscv == null) {
            Metric none = Metric.undefined(withoutPbo);
            for (OverfitFigure figure : List.of(
                    OverfitFigure.PBO,
                    OverfitFigure.PBO_SPLITS,
                    OverfitFigure.PROB_OOS_LOSS,
                    OverfitFigure.SLOPE,
                    OverfitFigure.INTERCEPT,
                    OverfitFigure.R_SQUARED)) {
                figures.put(figure, none);
            }
            return;
        }
        figures.put(OverfitFigure.PBO, Metric.of(cscv.probabilityOfOverfitting()));
        figures.put(OverfitFigure.PBO_SPLITS, Metric.of(cscv.splits()));
        figures.put(OverfitFigure.PROB_OOS_LOSS, Metric.of(cscv.probabilityOfLoss()));
        CscvResult.Line line = cscv.line();
        figures.put(OverfitFigure.SLOPE, line.slope());
        figures.put(OverfitFigure.INTERCEPT, line.intercept());
        figures.put(OverfitFigure.R_SQUARED, line.rSquared());
    }

    private void putMultipleTesting(Map<OverfitFigure, Metric> figures, MeasuredTrial trial) {
        SharpeEstimate estimate = trial.estimate();
        Double p = pValues.get(trial.returns().trial());
        figures.put(OverfitFigure.P_VALUE, trial.figure(e -> Metric.of(MultipleTesting.pValue(e.sharpe(), e.steps()))));
        Map<OverfitFigure, @Nullable Double> adjusted = new EnumMap<>(OverfitFigure.class);
        adjusted.put(OverfitFigure.HAIRCUT_BONFERRONI, p == null ? null : MultipleTesting.bonferroni(p, raw));
        adjusted.put(OverfitFigure.HAIRCUT_SIDAK, p == null ? null : MultipleTesting.sidak(p, raw));
        adjusted.put(OverfitFigure.HAIRCUT_HOLM, holm.get(trial.returns().trial()));
        adjusted.put(OverfitFigure.HAIRCUT_BHY, bhy.get(trial.returns().trial()));
        adjusted.forEach((figure, value) -> figures.put(figure, haircut(trial, estimate, value)));
    }

    private Metric haircut(MeasuredTrial trial, @Nullable SharpeEstimate estimate, @Nullable Double adjusted) {
        if (estimate == null || adjusted == null) {
            return Metric.undefined(trial.undefined());
        }
        if (!(estimate.sharpe() > 0)) {
            return Metric.undefined("the Sharpe ratio is not above 0, so there is nothing to cut");
        }
        Double cut = MultipleTesting.haircutSharpe(adjusted, estimate.steps()).value();
        // The normal p-value knows the t-ratio only to rounding, and a haircut never adds.
        return cut == null
                ? Metric.undefined("the p-value is too small to be a number")
                : Metric.of(annual(Math.min(cut, estimate.sharpe())));
    }

    /** A losing trial is no discovery, however surely it loses. */
    private void adjustPValues() {
        List<String> names = new ArrayList<>();
        trials.forEach((name, trial) -> {
            SharpeEstimate estimate = trial.estimate();
            if (estimate != null) {
                names.add(name);
                pValues.put(
                        name, estimate.sharpe() > 0 ? MultipleTesting.pValue(estimate.sharpe(), estimate.steps()) : 1);
            }
        });
        double[] p = names.stream()
                .mapToDouble(name -> pValues.getOrDefault(name, 1.0))
                .toArray();
        double[] byHolm = MultipleTesting.holm(p, raw);
        double[] byBhy = MultipleTesting.bhy(p, raw);
        for (int i = 0; i < p.length; i++) {
            holm.put(names.get(i), byHolm[i]);
            bhy.put(names.get(i), byBhy[i]);
        }
    }

    private String whyNotCompared(MeasuredTrial trial) {
        if (trial.estimate() == null) {
            return trial.undefined();
        }
        return compared < MAX_COMPARED
                ? "its record covers less than nine tenths of the longest"
                : "its record covers less than nine tenths of the longest, or " + MAX_COMPARED
                        + " others came before it";
    }

    private double annual(double perStep) {
        return perStep * Math.sqrt(periodsPerYear);
    }

    private static List<TrialReturns> comparable(List<TrialReturns> all) {
        List<TrialReturns> solvent = all.stream()
                .filter(trial -> trial.steps() > 0 && trial.bankruptAt() < 0)
                .toList();
        int most = solvent.stream().mapToInt(TrialReturns::steps).max().orElse(0);
        List<TrialReturns> longest = solvent.stream()
                .filter(trial -> trial.steps() == most)
                .sorted(Comparator.comparingInt(TrialReturns::firstBar))
                .toList();
        return solvent.stream()
                .filter(trial -> covers(trial, longest.get(longest.size() / 2)))
                .limit(MAX_COMPARED)
                .toList();
    }

    private static boolean covers(TrialReturns trial, TrialReturns longest) {
        int common = Math.min(trial.lastBar(), longest.lastBar()) - Math.max(trial.firstBar(), longest.firstBar());
        return 10L * common >= 9L * longest.steps();
    }

    private static String whyWithoutPbo(int varying, int steps) {
        if (varying < MIN_COMPARED) {
            return "needs " + MIN_COMPARED + " backtested trials that trade on the same data, there are " + varying;
        }
        int least = 8 * MIN_BLOCK_STEPS;
        return steps < least ? "needs " + least + " steps or more, the trials have " + steps + " in common" : "";
    }

    private static int blocks(int steps) {
        return steps >= 16 * MIN_BLOCK_STEPS ? 16 : 8;
    }

    private static double sharpeOf(MeasuredTrial trial) {
        SharpeEstimate estimate = trial.estimate();
        if (estimate == null) {
            throw new IllegalStateException("trial '" + trial.returns().trial() + "' has no Sharpe ratio");
        }
        return estimate.sharpe();
    }

    private static double variance(double[] values) {
        double mean = Arrays.stream(values).sum() / values.length;
        return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
    }

    /** Ascending indexes to show: evenly spaced, the first, the last and the one of this rank among them. */
    private static int[] thinned(int size, @Nullable Integer rank) {
        if (size <= MAX_SHARPES) {
            int[] all = new int[size];
            Arrays.setAll(all, i -> i);
            return all;
        }
        int[] some = new int[MAX_SHARPES];
        Arrays.setAll(some, i -> (int) ((long) i * (size - 1) / (MAX_SHARPES - 1)));
        if (rank != null && Arrays.binarySearch(some, rank - 1) < 0) {
            int after = -Arrays.binarySearch(some, rank - 1) - 1;
            some[after == MAX_SHARPES - 1 ? after - 1 : after] = rank - 1;
        }
        return some;
    }
}
