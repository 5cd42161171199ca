package io.pipelinev2.deploy.drift;

/**
 * The part of an account's returns that the market's explain, by ordinary least squares over the backtest. What a market did
 * since is no news about a model; taking it away leaves a series that scatters less and so shows sooner that something is
 * different.
 *
 * @param beta how much the account moves when the market moves by 1, in logarithmic returns
 * @param error the standard error of {@code beta}
 * @param marketMean the market's mean logarithmic return per bar of the backtest
 * @param rest what the market does not explain of each bar's logarithmic return, its mean included
 */
record MarketModel(double beta, double error, double marketMean, double[] rest) {

    /**
     * @param own logarithmic returns per bar, 3 or more
     * @param market as many
     */
    static MarketModel of(double[] own, double[] market) {
        int n = own.length;
        double ownMean = mean(own);
        double marketMean = mean(market);
        double product = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            product += (own[i] - ownMean) * (market[i] - marketMean);
            squares += (market[i] - marketMean) * (market[i] - marketMean);
        }
        // a market that does not move explains nothing
        double beta = squares > 0 ? product / squares : 0;
        double[] rest = new double[n];
        double unexplained = 0;
        for (int i = 0; i < n; i++) {
            rest[i] = own[i] - beta * market[i];
            double residual = rest[i] - (ownMean - beta * marketMean);
            unexplained += residual * residual;
        }
        double error = squares > 0 ? Math.sqrt(unexplained / (n - 2) / squares) : 0;
        return new MarketModel(beta, error, marketMean, rest);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
