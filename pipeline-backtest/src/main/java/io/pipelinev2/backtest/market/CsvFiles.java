package io.pipelinev2.backtest.market;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * CSV files with open, high, low, close and volume of each bar: one file per asset, named for it, or one file with an asset
 * column.
 *
 * @param home the directory that they lie in
 * @param files all of them, sorted by name, at least one
 * @param trainingFallback whether that is the data directory itself because it has no {@code val/}
 */
record CsvFiles(Path home, List<Path> files, boolean trainingFallback, MarketDataSettings settings)
        implements MarketDataFiles {

    private static final String SUFFIX = ".csv";

    CsvFiles {
        files = List.copyOf(files);
    }

    /** The CSV files in a directory, sorted by name; none if it does not exist. */
    static List<Path> list(Path home) throws IOException {
        if (!Files.isDirectory(home)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(home)) {
            return entries.filter(CsvFiles::isCsv)
                    .limit(AssetNames.MAX_ASSETS + 1)
                    .sorted()
                    .toList();
        }
    }

    static CsvFiles of(Path home, List<Path> files, boolean fallback, MarketDataSettings settings) {
        if (files.size() > AssetNames.MAX_ASSETS) {
            throw new MalformedMarketDataException(home + " holds more than " + AssetNames.MAX_ASSETS
                    + " CSV files. Keep those of the assets that are traded.");
        }
        return new CsvFiles(home, files, fallback, settings);
    }

    @Override
    public Version version() throws IOException {
        return Version.of(files);
    }

    @Override
    public MarketData load() throws IOException {
        List<String> order = settings.assets();
        Map<String, BarSeries> bars = read();
        List<String> warnings =
                new ArrayList<>(MarketDataFiles.fallbackWarning(home, trainingFallback, "the CSV files"));
        if (order.isEmpty() && bars.size() > 1) {
            warnings.add("The assets are taken in alphabetical order, " + String.join(" ", bars.keySet())
                    + ". A model fits the order that it was trained with and no other: say it in data.assets.");
        }
        List<BarSeries> series = new ArrayList<>();
        for (String asset : order.isEmpty() ? List.copyOf(bars.keySet()) : order) {
            BarSeries one = bars.get(asset);
            if (one == null) {
                throw new MalformedMarketDataException(files.get(0) + " has no bars of " + asset
                        + ", which data.assets names. Export it with them, or" + " correct the name (capitals count).");
            }
            series.add(one);
        }
        return BarAlignment.of(series).toMarketData(home.toString(), trainingFallback, warnings);
    }

    @Override
    public RecordedBars open() throws IOException {
        return new LoadedBars(load());
    }

    @Override
    public Optional<GrowingCsv> growing() throws IOException {
        return Optional.of(GrowingCsv.of(this));
    }

    private Map<String, BarSeries> read() throws IOException {
        List<String> order = settings.assets();
        CsvBarReader reader = new CsvBarReader(settings.timeZone(), new HashSet<>(order));
        if (files.size() == 1 && CsvBarReader.columns(files.get(0)).asset() >= 0) {
            Map<String, BarSeries> all = reader.readMany(files.get(0));
            if (all.isEmpty()) {
                throw new MalformedMarketDataException(
                        files.get(0) + " has no bars" + (order.isEmpty() ? "" : " of " + order) + ". Export it again.");
            }
            return new TreeMap<>(all);
        }
        Map<String, BarSeries> bars = new TreeMap<>();
        for (Map.Entry<String, Path> file : filesByAsset().entrySet()) {
            bars.put(file.getKey(), reader.readOne(file.getValue(), file.getKey()));
        }
        return bars;
    }

    /** The file of each asset that is wanted, in the configured order or that of the alphabet. */
    Map<String, Path> filesByAsset() throws IOException {
        List<String> order = settings.assets();
        Map<String, Path> byAsset = new TreeMap<>();
        for (Path file : files) {
            String name = file.getFileName().toString();
            String asset = name.substring(0, name.length() - SUFFIX.length());
            if (!AssetNames.isName(asset)) {
                throw new MalformedMarketDataException(
                        file + " is not named for an asset. Rename it to its asset's name" + " of at most "
                                + AssetNames.MAX_LENGTH + " printable characters.");
            }
            if (byAsset.put(asset, file) != null) {
                throw new MalformedMarketDataException(
                        file + " is there in capitals and in small letters. Keep one of them.");
            }
        }
        if (order.isEmpty()) {
            return byAsset;
        }
        Map<String, Path> ordered = new LinkedHashMap<>();
        for (String asset : order) {
            Path file = byAsset.get(asset);
            if (file == null) {
                throw new NoSuchFileException(
                        home.resolve(asset + SUFFIX).toString(),
                        null,
                        "no market data of " + asset + ": " + asset + SUFFIX + " must be in " + home
                                + ", because data.assets names it. Copy it there or correct the name (capitals count)");
            }
            ordered.put(asset, file);
        }
        return ordered;
    }

    private static boolean isCsv(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(".")
                && name.length() > SUFFIX.length()
                && name.toLowerCase(Locale.ROOT).endsWith(SUFFIX)
                && Files.isRegularFile(file);
    }
}
