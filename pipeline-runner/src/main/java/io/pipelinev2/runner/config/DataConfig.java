package io.pipelinev2.runner.config;

import java.nio.file.Path;

/**
 * The market data of the backtests: the block {@code data}.
 *
 * @param directory holds {@code val/price_array.npy} and {@code val/tech_array.npy}, or the two files themselves
 * @param periodsPerYear how many bars make a year, for annualised figures
 */
public record DataConfig(Path directory, double periodsPerYear) {

    private static final Rule<Double> PERIODS = new Rule<>(
            value -> value > 0 && value <= 1e9, "above 0, as many as there are bars in a year (8760 of one hour)");

    public DataConfig {
        PERIODS.require("periods_per_year", periodsPerYear);
    }

    static DataConfig read(Options options, Path home) {
        DataConfig data = new DataConfig(
                options.path("directory", "data/1h_1680", home), options.number("periods_per_year", 8760, PERIODS));
        options.refuseUnknown();
        return data;
    }
}
