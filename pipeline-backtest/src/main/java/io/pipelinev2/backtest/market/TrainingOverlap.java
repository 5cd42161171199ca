package io.pipelinev2.backtest.market;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Whether the bars of a backtest are among those that the trials were trained on, which would flatter them.
 *
 * <p>Two things can tell: {@code data.trained_until} with the times of the bars, and the training's own price array if it
 * lies above {@code val/}, in which the very numbers of some bars are looked for. A bar that was found counts for more than
 * what was configured. When neither can tell, that is said too: silence would read as "none".
 *
 * @param status the answer
 * @param sentence the answer with its reason, and for {@link Status#UNKNOWN} with what to do, fit for a warning
 */
public record TrainingOverlap(Status status, String sentence) {

    private static final String DIRECTORY_ARRAY = "price_array.npy";
    private static final String PICKLE = "price_array";

    /** Whether there is an overlap. */
    public enum Status {
        /** Some bars were trained on. */
        OVERLAPS,
        /** No bar was, as far as can be told from what is known. */
        NONE,
        /** Nothing that is known can tell. */
        UNKNOWN
    }

    /**
     * Looks for bars in the training data.
     *
     * @param market the bars of the backtest, as they were loaded from {@code settings}
     */
    public static TrainingOverlap of(MarketData market, MarketDataSettings settings) {
        Optional<TrainingOverlap> byTime = byTime(market, settings);
        Optional<Path> file = trainingArray(settings);
        if (file.isPresent()) {
            TrainingArray.Search search;
            try {
                search = TrainingArray.search(file.get(), market);
            } catch (IOException e) {
                // A training file is no part of a backtest, which must not fail for it.
                return byTime.orElseGet(() -> unknown(market, settings, file.get() + " cannot be read (" + e + ")"));
            }
            if (search.found() > 0) {
                return new TrainingOverlap(
                        Status.OVERLAPS,
                        "The prices of " + search.found() + " of " + search.probed()
                                + " bars that were looked for are in the training data " + file.get() + ", first "
                                + bar(market, search.firstFound())
                                + ": the trials were trained on them, and the results flatter them. Put bars that no"
                                + " training has seen into val/.");
            }
            if (byTime.isEmpty() && search.conclusive()) {
                return new TrainingOverlap(
                        Status.NONE,
                        "None of " + search.probed() + " bars that were looked for is in the training data "
                                + file.get() + ".");
            }
        }
        return byTime.orElseGet(() -> unknown(
                market,
                settings,
                file.map(path -> "what " + path + " holds cannot be told without running it")
                        .orElse("there is no training price_array above val/ to compare with")));
    }

    /**
     * The training's price array whose numbers are looked for: {@code price_array.npy} or the pickle {@code price_array}
     * above {@code val/}. Without a {@code val/} these are the backtest's own, so there is none.
     */
    public static Optional<Path> trainingArray(MarketDataSettings settings) {
        Path directory = settings.directory();
        return Files.isDirectory(directory.resolve("val"))
                ? Stream.of(DIRECTORY_ARRAY, PICKLE)
                        .map(directory::resolve)
                        .filter(Files::isRegularFile)
                        .findFirst()
                : Optional.empty();
    }

    /** What tells whether {@link #of} would still look into the same file; empty if there is none that can be read. */
    public static MarketDataFiles.Version trainingVersion(MarketDataSettings settings) {
        try {
            return MarketDataFiles.Version.of(
                    trainingArray(settings).map(List::of).orElse(List.of()));
        } catch (IOException e) {
            return new MarketDataFiles.Version(List.of());
        }
    }

    /** The sentence if it is a warning: unless it is known that there is no overlap. */
    public List<String> warnings() {
        return status == Status.NONE ? List.of() : List.of(sentence);
    }

    private static Optional<TrainingOverlap> byTime(MarketData market, MarketDataSettings settings) {
        if (settings.trainedUntil().isEmpty() || market.firstTime().isEmpty()) {
            return Optional.empty();
        }
        Instant until = settings.trainedUntil().get();
        int trained = 0;
        while (trained < market.rows() && time(market.time(trained)) <= until.toEpochMilli()) {
            trained++;
        }
        if (trained == 0) {
            return Optional.of(new TrainingOverlap(
                    Status.NONE,
                    "The first bar, " + Instant.ofEpochMilli(time(market.firstTime()))
                            + ", is after data.trained_until, " + until + "."));
        }
        return Optional.of(new TrainingOverlap(
                Status.OVERLAPS,
                "The first " + trained + " of " + market.rows() + " bars, until "
                        + Instant.ofEpochMilli(time(market.time(trained - 1))) + ", are not after data.trained_until, "
                        + until + ": the trials were trained on them, and the results flatter them. Put later bars into"
                        + " val/."));
    }

    private static TrainingOverlap unknown(MarketData market, MarketDataSettings settings, String why) {
        String next;
        if (market.firstTime().isPresent()) {
            next = "Set data.trained_until to the last day that was trained on";
        } else if (settings.trainedUntil().isPresent()) {
            next =
                    "data.trained_until is set, but the times of the bars are not known: save them as time_array.npy (Unix"
                            + " seconds) beside price_array.npy";
        } else {
            next = "Set data.trained_until to the last day that was trained on, and save the times of the bars as"
                    + " time_array.npy (Unix seconds) beside price_array.npy";
        }
        return new TrainingOverlap(
                Status.UNKNOWN,
                "It is not known whether the trials were trained on these bars: " + why + ". " + next + ".");
    }

    private static String bar(MarketData market, int row) {
        OptionalLong time = market.time(row);
        return "bar " + row + (time.isPresent() ? " of " + Instant.ofEpochMilli(time.getAsLong()) : "");
    }

    private static long time(OptionalLong known) {
        return known.orElseThrow();
    }
}
