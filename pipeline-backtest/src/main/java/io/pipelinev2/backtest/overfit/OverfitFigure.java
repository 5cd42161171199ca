package io.pipelinev2.backtest.overfit;

/** The figures of an {@link OverfitPanel}, by the names that are stored and that gates use. */
public enum OverfitFigure {
    STEPS("steps", "steps", "returns that the figures were computed from"),
    SHARPE_PER_STEP("sharpe_per_step", "Sharpe per step", "mean over sample deviation of the returns"),
    SHARPE_ANNUAL("sharpe_annual", "Sharpe per year", "Sharpe per step times the root of the steps per year"),
    SKEW("skew", "skew", "of the population; 0 for a normal distribution"),
    KURTOSIS("kurtosis", "kurtosis", "of the population, raw; 3 for a normal distribution"),
    STANDARD_ERROR("standard_error", "standard error", "of the Sharpe per step"),
    RANK("rank", "rank", "among the compared trials by Sharpe, 1 is the best"),
    PSR("psr", "PSR", "probability that the true Sharpe is above 0, as if this were the only trial"),
    N_COMPLETE("n_complete", "complete trials", "trials that could have been backtested"),
    N_COMPARED("n_compared", "compared trials", "backtested trials whose returns are aligned"),
    N_RAW("n_raw", "trials", "every try on this data, the pruned ones too"),
    N_EFFECTIVE("n_effective", "effective trials", "how many independent tries these trials are worth"),
    N_AVERAGE_CORRELATION("n_average_correlation", "by average correlation", "rho + (1 - rho) N, scaled to all trials"),
    N_EFFECTIVE_RANK("n_effective_rank", "by effective rank", "exp of the eigenvalues' entropy, scaled to all trials"),
    N_PARTICIPATION("n_participation", "by participation ratio", "N^2 / ||C||_F^2, scaled to all trials"),
    N_CLUSTERS("n_clusters", "by clusters", "average linkage cut at 0.5, scaled to all trials"),
    SHARPE_VARIANCE("sharpe_variance", "variance of Sharpes", "across trials, per step, at least 1/(T-1)"),
    SR0_RAW("sr0_raw", "Sharpe of luck, all trials", "per step, expected of the best of N trials without skill"),
    SR0_EFFECTIVE("sr0_effective", "Sharpe of luck, effective trials", "the same for the effective number of trials"),
    DSR_RAW("dsr_raw", "DSR, all trials", "probability that the true Sharpe is above the Sharpe of luck"),
    DSR_EFFECTIVE("dsr_effective", "DSR, effective trials", "the same for the effective number of trials"),
    MIN_TRL_STEPS("min_trl_steps", "minimum track record", "steps after which this Sharpe would be above 0 at 95%"),
    MIN_BTL_YEARS("min_btl_years", "minimum backtest", "years below which luck alone is expected to reach this Sharpe"),
    PBO("pbo", "PBO", "how often the best of one half of the time is below the median in the other half"),
    PBO_SPLITS("pbo_splits", "PBO splits", "ways to halve the time that were tried"),
    PROB_OOS_LOSS("prob_oos_loss", "probability of loss", "how often the best of one half lost in the other half"),
    SLOPE("slope", "slope", "of the other half's Sharpe on the chosen half's, over the splits"),
    INTERCEPT("intercept", "intercept", "of the same line"),
    R_SQUARED("r_squared", "r squared", "of the same line"),
    P_VALUE("p_value", "p-value", "two-sided, of this trial alone"),
    HAIRCUT_BONFERRONI("haircut_sharpe_bonferroni", "haircut Sharpe, Bonferroni", "per year, after all trials"),
    HAIRCUT_SIDAK("haircut_sharpe_sidak", "haircut Sharpe, Sidak", "per year, after all trials"),
    HAIRCUT_HOLM("haircut_sharpe_holm", "haircut Sharpe, Holm", "per year, after all trials"),
    HAIRCUT_BHY("haircut_sharpe_bhy", "haircut Sharpe, BHY", "per year, after all trials");

    private final String word;
    private final String title;
    private final String meaning;

    OverfitFigure(String word, String title, String meaning) {
        this.word = word;
        this.title = title;
        this.meaning = meaning;
    }

    /** The name in stored panels and in gates. */
    public String word() {
        return word;
    }

    /** The name for people. */
    public String title() {
        return title;
    }

    /** What it says, in a few words. */
    public String meaning() {
        return meaning;
    }
}
