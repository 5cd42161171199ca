package io.pipelinev2.backtest.overfit;

import io.pipelinev2.backtest.metrics.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Studies whose truth is known, judged as real ones are: what {@code enforce} promotes of noise, and of skill. */
public final class OverfitSimulation {

    /** The verdict of {@link OverfitRules#DEFAULT}. */
    public static final String ENFORCED = "enforce";
    /** The promoted trial really has the edge. */
    public static final String RIGHT = "enforce, and skilled";
    /** A PBO low enough. */
    public static final String PBO = "PBO";
    /** A deflated Sharpe ratio high enough, by the effective number of trials that decides. */
    public static final String DSR = "DSR";

    private static final double HOURS = 8760;
    private static final int DEGREES = 5;

    private OverfitSimulation() {}

    /**
     * One kind of study.
     *
     * @param steps hours of the backtest
     * @param trials how many trials, all backtested
     * @param skilled how many of them have the edge
     * @param annualSharpe of the edge
     * @param correlation of the noise of any two trials
     * @param heavyTails Student's t with 5 degrees of freedom whose bad hours hit all trials at once, instead of normal
     */
    public record Setting(
            int steps, int trials, int skilled, double annualSharpe, double correlation, boolean heavyTails) {

        /** Trials without any skill. */
        public static Setting noise(int steps, double correlation, boolean heavyTails) {
            return new Setting(steps, 30, 0, 0, correlation, heavyTails);
        }

        /** A year of hours in which some of 30 trials have a true annual Sharpe ratio of 3. */
        public static Setting planted(int skilled, double correlation) {
            return new Setting((int) HOURS, 30, skilled, 3, correlation, false);
        }
    }

    /**
     * How often the best trial of a study passed.
     *
     * @param passes by the name of the test
     */
    public record Result(Setting setting, long seed, int studies, Map<String, Integer> passes) {

        /** Share of studies that passed. */
        public double rate(String test) {
            return (double) passes.getOrDefault(test, 0) / studies;
        }

        /** Wilson's interval of that share at 95 %. */
        public double[] interval(String test) {
            double z = 1.959963984540054;
            double p = rate(test);
            double n = studies;
            double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
            double half = z / (1 + z * z / n) * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
            return new double[] {Math.max(0, middle - half), Math.min(1, middle + half)};
        }
    }

    /** Judges the best trial of many studies. The same seed gives the same result. */
    public static Result run(long seed, int studies, Setting setting) {
        Map<String, Integer> passes = new LinkedHashMap<>();
        SplittableRandom seeds = new SplittableRandom(seed);
        for (int study = 0; study < studies; study++) {
            judge(draw(seeds.split(), setting), setting, passes);
        }
        return new Result(setting, seed, studies, passes);
    }

    private static List<TrialReturns> draw(SplittableRandom random, Setting setting) {
        int steps = setting.steps();
        double[] common = new double[steps];
        double[] scale = new double[steps];
        for (int t = 0; t < steps; t++) {
            common[t] = Math.sqrt(setting.correlation()) * random.nextGaussian();
            scale[t] = setting.heavyTails() ? Math.sqrt((DEGREES - 2) / chiSquared(random)) : 1;
        }
        double own = Math.sqrt(1 - setting.correlation());
        List<TrialReturns> trials = new ArrayList<>();
        for (int i = 0; i < setting.trials(); i++) {
            double drift = i < setting.skilled() ? setting.annualSharpe() / Math.sqrt(HOURS) : 0;
            double[] returns = new double[steps];
            for (int t = 0; t < steps; t++) {
                double noise = (common[t] + own * random.nextGaussian()) * scale[t];
                // One percent per hour; the level is nothing to a Sharpe ratio but keeps equity alive.
                returns[t] = 0.01 * (drift + noise);
            }
            trials.add(new TrialReturns(Integer.toString(i), 0, returns));
        }
        return trials;
    }

    private static double chiSquared(SplittableRandom random) {
        double sum = 0;
        for (int i = 0; i < DEGREES; i++) {
            double g = random.nextGaussian();
            sum += g * g;
        }
        return sum;
    }

    private static void judge(List<TrialReturns> trials, Setting setting, Map<String, Integer> passes) {
        OverfitStudy study = OverfitStudy.of(trials, new StudyCounts(trials.size(), 0), HOURS);
        String best = study.best();
        if (best == null) {
            throw new IllegalStateException("random trials have a Sharpe ratio");
        }
        OverfitPanel panel = study.panel(best);
        boolean enforced = OverfitRules.DEFAULT.judge(panel).passed();
        count(passes, ENFORCED, enforced);
        count(passes, RIGHT, enforced && Integer.parseInt(best) < setting.skilled());
        Metric pbo = panel.get(OverfitFigure.PBO);
        boolean pboPassed = !pbo.isDefined() || value(pbo) <= OverfitRules.DEFAULT.pboAtMost();
        count(passes, PBO, pboPassed);
        count(passes, DSR, isAtLeast(panel.get(OverfitFigure.DSR_EFFECTIVE)));
        SharpeEstimate estimate = new SharpeEstimate(
                value(panel.get(OverfitFigure.SHARPE_PER_STEP)),
                value(panel.get(OverfitFigure.SKEW)),
                value(panel.get(OverfitFigure.KURTOSIS)),
                setting.steps());
        double variance = value(panel.get(OverfitFigure.SHARPE_VARIANCE));
        for (OverfitFigure number : List.of(
                OverfitFigure.N_RAW,
                OverfitFigure.N_AVERAGE_CORRELATION,
                OverfitFigure.N_EFFECTIVE_RANK,
                OverfitFigure.N_PARTICIPATION,
                OverfitFigure.N_CLUSTERS)) {
            Metric n = panel.get(number);
            boolean passed = n.isDefined() && isAtLeast(DeflatedSharpe.of(estimate, variance, value(n)));
            count(passes, "DSR " + number.word(), passed);
            count(passes, "DSR " + number.word() + " and PBO", passed && pboPassed);
        }
    }

    private static boolean isAtLeast(Metric dsr) {
        return dsr.isDefined() && value(dsr) >= OverfitRules.DEFAULT.dsrAtLeast();
    }

    private static void count(Map<String, Integer> passes, String test, boolean passed) {
        passes.merge(test, passed ? 1 : 0, Integer::sum);
    }

    private static double value(Metric metric) {
        Double value = metric.value();
        if (value == null) {
            throw new IllegalStateException(metric.remark());
        }
        return value;
    }
}
