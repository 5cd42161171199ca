package io.pipelinev2.runner.config;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The market data of the backtests: the block {@code data}.
 *
 * @param directory holds {@code val/} with arrays or CSV files, or these themselves
 * @param periodsPerYear how many bars make a year, for annualised figures
 * @param timeZone the zone of times in CSV files that have none
 * @param assets the order of the assets that the models were trained with; empty if the files say it or the alphabet does
 * @param trainedUntil the last moment that the trials were trained on, if known
 * @param sealed share of the last bars that no trial is judged or ranked on; those that are deployed are shown on them
 */
public record DataConfig(
        Path directory,
        double periodsPerYear,
        Optional<ZoneId> timeZone,
        List<String> assets,
        Optional<Instant> trainedUntil,
        double sealed) {

    private static final Rule<Double> PERIODS = new Rule<>(
            value -> value > 0 && value <= 1e9, "above 0, as many as there are bars in a year (8760 of one hour)");
    private static final Rule<Double> SEALED =
            new Rule<>(value -> value >= 0 && value <= 0.9, "a share of the bars from 0 to 0.9");
    private static final Rule<List<String>> ASSETS = new Rule<>(
            list -> list.stream().noneMatch(String::isBlank) && new HashSet<>(list).size() == list.size(),
            "a list in which every asset is named once");
    private static final Rule<Object> ANY = new Rule<>(value -> true, "a value");

    private static final Kind<ZoneId> ZONE = value -> {
        try {
            return ZoneId.of(Kind.TEXT.read(value));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a time zone such as \"UTC\" or \"America/New_York\"", e);
        }
    };

    private static final Kind<Instant> UNTIL = value -> {
        String text = Kind.TEXT.read(value);
        try {
            return text.length() == 10
                    ? LocalDate.parse(text)
                            .plusDays(1)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                            .minusMillis(1)
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "a day such as \"2024-06-30\", which counts as a whole in UTC, or a time such as"
                            + " \"2024-06-30T17:00:00Z\"",
                    e);
        }
    };

    public DataConfig {
        PERIODS.require("periods_per_year", periodsPerYear);
        assets = List.copyOf(assets);
        ASSETS.require("assets", assets);
        SEALED.require("sealed", sealed);
    }

    /** Data of which nothing else is known. */
    public DataConfig(Path directory, double periodsPerYear) {
        this(directory, periodsPerYear, Optional.empty(), List.of(), Optional.empty(), 0);
    }

    static DataConfig read(Options options, Path home) {
        DataConfig data = new DataConfig(
                options.path("directory", "data/1h_1680", home),
                options.number("periods_per_year", 8760, PERIODS),
                options.optional("time_zone", ZONE, ANY),
                options.value("assets", List.of(), Kind.TEXT.list(), ASSETS),
                options.optional("trained_until", UNTIL, ANY),
                options.number("sealed", 0, SEALED));
        options.refuseUnknown();
        return data;
    }
}
