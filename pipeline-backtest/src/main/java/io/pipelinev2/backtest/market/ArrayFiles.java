package io.pipelinev2.backtest.market;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code price_array.npy} and {@code tech_array.npy}, and beside them, if there, {@code assets.txt} with the names of the
 * price columns and {@code time_array.npy} with the bars' times.
 *
 * @param home the directory that they lie in
 * @param trainingFallback whether that is the data directory itself because it has no {@code val/}
 */
record ArrayFiles(Path home, boolean trainingFallback, MarketDataSettings settings) implements MarketDataFiles {

    static final String PRICES = "price_array.npy";
    static final String TECH = "tech_array.npy";
    private static final String TIMES = "time_array.npy";
    private static final String NAMES = "assets.txt";

    static boolean anyIn(Path home) {
        return Stream.of(PRICES, TECH).anyMatch(name -> Files.isRegularFile(home.resolve(name)));
    }

    Path prices() {
        return home.resolve(PRICES);
    }

    Path tech() {
        return home.resolve(TECH);
    }

    @Override
    public MarketData load() throws IOException {
        NpyArray priceArray = NpyArray.read(prices());
        NpyArray techArray = NpyArray.read(tech());
        List<String> warnings =
                new ArrayList<>(MarketDataFiles.fallbackWarning(home, trainingFallback, PRICES + " and " + TECH));
        if (priceArray.widened()) {
            warnings.add(
                    prices() + " holds float32 prices. They were widened to double; the original computes partly in"
                            + " float32 with such a file, so its equity may differ by up to 2e-6 relative.");
        }
        List<String> names = names(priceArray.columns());
        long @Nullable [] times = times(priceArray.rows());
        if (times != null) {
            BarGrid.of(times).gaps().ifPresent(gaps -> warnings.add(home.resolve(TIMES) + " has gaps: " + gaps + "."));
        }
        return MarketData.checked(
                        matrix(prices(), priceArray),
                        matrix(tech(), techArray),
                        home.toString(),
                        trainingFallback,
                        warnings)
                .labelled(names, times);
    }

    /** Reads nothing but headers and times. */
    @Override
    public RecordedBars open() throws IOException {
        NpyRows priceRows = NpyRows.open(prices());
        try {
            NpyRows techRows = NpyRows.open(tech());
            try {
                MarketData.checkShapes(
                        prices().toString(),
                        priceRows.rows(),
                        priceRows.columns(),
                        tech().toString(),
                        techRows.rows(),
                        techRows.columns());
                return new ArrayBars(priceRows, techRows, names(priceRows.columns()), times(priceRows.rows()));
            } catch (IOException | RuntimeException e) {
                techRows.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            priceRows.close();
            throw e;
        }
    }

    @Override
    public Optional<GrowingCsv> growing() {
        return Optional.empty();
    }

    @Override
    public Version version() throws IOException {
        List<Path> files = new ArrayList<>(List.of(prices(), tech()));
        Stream.of(TIMES, NAMES).map(home::resolve).filter(Files::isRegularFile).forEach(files::add);
        return Version.of(files);
    }

    private List<String> names(int columns) throws IOException {
        Path file = home.resolve(NAMES);
        List<String> configured = settings.assets();
        if (!configured.isEmpty() && configured.size() != columns) {
            throw new MalformedMarketDataException(prices() + " has " + columns + " columns, but data.assets names "
                    + configured.size() + " assets " + configured + ". Name every column's asset, in order.");
        }
        if (!Files.isRegularFile(file)) {
            return configured;
        }
        List<String> named = AssetNames.read(file);
        if (named.size() != columns) {
            throw new MalformedMarketDataException(file + " names " + named.size() + " assets, but " + prices()
                    + " has " + columns + " columns. Write one name per line, in the order of the columns.");
        }
        if (!configured.isEmpty() && !configured.equals(named)) {
            throw new MalformedMarketDataException(file + " says that the columns are " + named
                    + ", but data.assets says " + configured
                    + ". Find out which is right: a model fits one order of assets only.");
        }
        return named;
    }

    private long @Nullable [] times(int rows) throws IOException {
        Path file = home.resolve(TIMES);
        if (!Files.isRegularFile(file)) {
            return null;
        }
        NpyArray seconds = NpyArray.readNumbersOrIntegers(file);
        if (seconds.columns() != 1 || seconds.rows() != rows) {
            throw new MalformedMarketDataException(file + " has shape " + seconds.shape() + ", but " + prices()
                    + " has " + rows + " bars: one time per bar is needed. Export both again together.");
        }
        long[] times = new long[rows];
        for (int row = 0; row < rows; row++) {
            double second = seconds.get(row, 0);
            if (!(second >= 0 && second < BarTime.SECONDS_END)) {
                throw new MalformedMarketDataException(file + " has the time " + second + " at row " + row
                        + "; times are Unix seconds. Save it again with the times in seconds.");
            }
            times[row] = Math.round(second * 1000);
            if (row > 0 && times[row] <= times[row - 1]) {
                throw new MalformedMarketDataException(file + " has at row " + row
                        + " a time that is not after the one before; bars must be in order, each once. Sort the bars"
                        + " and export all arrays again together.");
            }
        }
        return times;
    }

    private static MarketData.Matrix matrix(Path file, NpyArray array) {
        if (array.dimensions() != 2) {
            throw new MalformedMarketDataException(file + " has shape " + array.shape()
                    + ", but bars x columns are needed. Reshape it and save it again.");
        }
        return new MarketData.Matrix(file.toString(), array.values(), array.rows(), array.columns());
    }
}
