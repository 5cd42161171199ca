package io.pipelinev2.backtest.overfit;

import io.pipelinev2.backtest.metrics.Normal;
import io.pipelinev2.backtest.overfit.OverfitSimulation.Result;
import io.pipelinev2.backtest.overfit.OverfitSimulation.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints how often {@code enforce} promotes the best of noise and the best of skill, as the tables of
 * docs/overfitting.md. Arguments: studies per row, seed, and
 * {@code noise} or {@code skill} for one part alone.
 */
public final class OverfitBench {

    private static final double[] CORRELATIONS = {0, 0.3, 0.6, 0.9};

    private OverfitBench() {}

    /** Runs all rows, one after the other. */
    public static void main(String[] arguments) {
        int studies = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 2026;
        List<Setting> noise = new ArrayList<>();
        for (int steps : new int[] {1680, 8760}) {
            for (boolean heavyTails : new boolean[] {false, true}) {
                for (double correlation : CORRELATIONS) {
                    noise.add(Setting.noise(steps, correlation, heavyTails));
                }
            }
        }
        // Where the participation ratio alone is at its weakest, and more trials.
        noise.add(Setting.noise(1680, 0.7, false));
        noise.add(new Setting(1680, 100, 0, 0, 0.6, false));
        if (isWanted("noise", arguments)) {
            print("Noise", noise, studies, seed);
        }
        List<Setting> planted = new ArrayList<>();
        planted.add(new Setting(8760, 1, 1, 3, 0, false));
        for (int skilled : new int[] {1, 10, 30}) {
            for (double correlation : CORRELATIONS) {
                planted.add(Setting.planted(skilled, correlation));
            }
        }
        for (int skilled : new int[] {5, 15, 20}) {
            planted.add(Setting.planted(skilled, 0.6));
        }
        if (isWanted("skill", arguments)) {
            print("Skill", planted, studies, seed);
        }
        System.out.printf(
                Locale.ROOT,
                "%nA lone skilled trial among 29 independent ones, any test that is wrong in 5 %% of noise: %.3f%n",
                loneTrialBound(30, 3));
    }

    private static boolean isWanted(String part, String[] arguments) {
        return arguments.length < 3 || arguments[2].equals(part);
    }

    private static void print(String title, List<Setting> settings, int studies, long seed) {
        System.out.printf(Locale.ROOT, "%n%s, %d studies per row, seed %d%n%n", title, studies, seed);
        System.out.println("| hours | trials | skilled | correlation | returns | enforce | 95 % interval | right trial"
                + " | DSR | PBO | DSR all | DSR rank | DSR clusters |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (Setting setting : settings) {
            Result result = OverfitSimulation.run(seed, studies, setting);
            double[] interval = result.interval(OverfitSimulation.ENFORCED);
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %d | %d | %.1f | %s | %.3f | %.3f-%.3f | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f |%n",
                    setting.steps(),
                    setting.trials(),
                    setting.skilled(),
                    setting.correlation(),
                    setting.heavyTails() ? "Student t(5)" : "normal",
                    result.rate(OverfitSimulation.ENFORCED),
                    interval[0],
                    interval[1],
                    result.rate(OverfitSimulation.RIGHT),
                    result.rate(OverfitSimulation.DSR),
                    result.rate(OverfitSimulation.PBO),
                    result.rate("DSR n_raw"),
                    result.rate("DSR n_effective_rank"),
                    result.rate("DSR n_clusters"));
        }
    }

    /** The chance that a true Sharpe ratio of so many standard errors is above the 95 % quantile of the largest of noise. */
    private static double loneTrialBound(int trials, double standardErrors) {
        double threshold = Normal.quantile(Math.pow(0.95, 1.0 / trials));
        return Normal.cdf(standardErrors - threshold);
    }
}
