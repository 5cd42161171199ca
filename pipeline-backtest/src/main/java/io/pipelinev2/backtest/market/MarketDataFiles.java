package io.pipelinev2.backtest.market;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The two files that hold the market data of a directory, found but not read yet.
 *
 * @param trainingFallback whether they lie in the directory itself because it has no {@code val/}
 */
public record MarketDataFiles(Path prices, Path tech, boolean trainingFallback) {

    private static final String PRICES = "price_array.npy";
    private static final String TECH = "tech_array.npy";

    /**
     * Looks into {@code directory/val}, else into {@code directory}.
     *
     * @throws IOException naming the directory when neither holds the files; they may still be copied there
     */
    public static MarketDataFiles in(Path directory) throws IOException {
        Path val = directory.resolve("val");
        // A val/ with only one of the two files is a copy that is not finished, never a reason to use training data.
        boolean fallback = !Files.isDirectory(val);
        Path home = fallback ? directory : val;
        Path prices = home.resolve(PRICES);
        Path tech = home.resolve(TECH);
        for (Path file : List.of(prices, tech)) {
            if (!Files.isRegularFile(file)) {
                throw new NoSuchFileException(
                        file.toString(),
                        null,
                        "no market data: val/" + PRICES + " and val/" + TECH + " must be in " + directory
                                + ". Copy them there or point data.directory to where they are");
            }
        }
        return new MarketDataFiles(prices, tech, fallback);
    }

    /** Reads and checks both files. */
    public MarketData load() throws IOException {
        NpyArray priceArray = NpyArray.read(prices);
        NpyArray techArray = NpyArray.read(tech);
        List<String> warnings = new ArrayList<>();
        if (trainingFallback) {
            warnings.add(
                    prices.getParent() + " has no val/ directory, so " + PRICES + " and " + TECH
                            + " in it were used: they may be the bars that the trials were trained on, which would flatter them.");
        }
        if (priceArray.widened()) {
            warnings.add(prices + " holds float32 prices. They were widened to double; the original computes partly in"
                    + " float32 with such a file, so its equity may differ by up to 2e-6 relative.");
        }
        return MarketData.checked(
                matrix(prices, priceArray),
                matrix(tech, techArray),
                prices.getParent().toString(),
                trainingFallback,
                warnings);
    }

    /** What tells whether the files are still the ones that were read: paths, sizes and modification times. */
    public Version version() throws IOException {
        return new Version(
                prices.toAbsolutePath(),
                Files.size(prices),
                Files.getLastModifiedTime(prices),
                Files.size(tech),
                Files.getLastModifiedTime(tech));
    }

    private static MarketData.Matrix matrix(Path file, NpyArray array) {
        if (array.dimensions() != 2) {
            throw new MalformedMarketDataException(file + " has shape " + array.shape()
                    + ", but bars x columns are needed. Reshape it and save it again.");
        }
        return new MarketData.Matrix(file.toString(), array.values(), array.rows(), array.columns());
    }

    /** Identity of the two files at one moment. */
    public record Version(Path prices, long priceBytes, FileTime pricesAt, long techBytes, FileTime techAt) {}
}
