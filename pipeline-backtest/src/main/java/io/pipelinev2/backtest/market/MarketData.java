package io.pipelinev2.backtest.market;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of market: per bar (row) one price for each asset and a row of technical features. Immutable, so that any
 * number of trials may share one.
 *
 * <p>All values are finite and all prices positive. Features are asset-major: {@link #features()} is a multiple of {@link
 * #assets()}. {@link #sha256()} is taken over shapes and values, not over file bytes: the same numbers give the same hash
 * however they were stored, and results are only ever compared on equal hashes. Names of assets and times of bars, where
 * they are known, are labels and not part of the hash: arrays and a CSV file with the same numbers are the same data.
 */
public final class MarketData {

    private final int first;
    private final int rows;
    private final int assets;
    private final int features;
    private final double[] prices;
    private final double[] tech;
    private final String source;
    private final boolean trainingFallback;
    private final List<String> warnings;
    private final String sha256;
    private final List<String> assetNames;
    private final long @Nullable [] times;

    /** @param first row of the arrays where these bars begin; they may be some of a longer stretch */
    private MarketData(
            int first,
            int rows,
            int assets,
            int features,
            double[] prices,
            double[] tech,
            String source,
            boolean trainingFallback,
            List<String> warnings,
            String sha256,
            List<String> assetNames,
            long @Nullable [] times) {
        this.first = first;
        this.rows = rows;
        this.assets = assets;
        this.features = features;
        this.prices = prices;
        this.tech = tech;
        this.source = source;
        this.trainingFallback = trainingFallback;
        this.warnings = List.copyOf(warnings);
        this.sha256 = sha256;
        this.assetNames = List.copyOf(assetNames);
        this.times = times;
    }

    /**
     * Market data from arrays in memory; they are copied.
     *
     * @param prices rows x assets, all positive and finite
     * @param tech rows x features, all finite, features a multiple of assets
     * @throws MalformedMarketDataException naming row and column of the first value that breaks a rule
     */
    public static MarketData of(double[][] prices, double[][] tech) {
        return checked(
                new Matrix("prices", flat("prices", prices), prices.length, width(prices)),
                new Matrix("tech", flat("tech", tech), tech.length, width(tech)),
                "memory",
                false,
                List.of());
    }

    /**
     * Market data from a directory: {@code val/price_array.npy} and {@code val/tech_array.npy} or CSV files with bars in
     * {@code val/}, else the files in the directory itself, which may be what the trials were trained on: {@link
     * #trainingFallback()} then says so.
     *
     * @throws IOException when a file is missing or cannot be read; a later attempt may succeed
     * @throws MalformedMarketDataException when a file was read and breaks a rule
     */
    public static MarketData load(Path directory) throws IOException {
        return MarketDataFiles.in(directory).load();
    }

    /** As {@link #load(Path)}, with what is known beyond the files. */
    public static MarketData load(MarketDataSettings settings) throws IOException {
        return MarketDataFiles.in(settings).load();
    }

    static MarketData checked(
            Matrix prices, Matrix tech, String source, boolean trainingFallback, List<String> warnings) {
        checkShapes(prices.name(), prices.rows(), prices.columns(), tech.name(), tech.rows(), tech.columns());
        for (int row = 0; row < prices.rows(); row++) {
            for (int column = 0; column < prices.columns(); column++) {
                checkPrice(prices.name(), row, column, prices.get(row, column));
            }
        }
        for (int row = 0; row < tech.rows(); row++) {
            for (int column = 0; column < tech.columns(); column++) {
                checkFeature(tech.name(), row, column, tech.get(row, column));
            }
        }
        return new MarketData(
                0,
                prices.rows(),
                prices.columns(),
                tech.columns(),
                prices.values(),
                tech.values(),
                source,
                trainingFallback,
                warnings,
                hash(0, prices.rows(), prices.columns(), tech.columns(), prices.values(), tech.values()),
                List.of(),
                null);
    }

    /** Checks what holds for two arrays as a whole. */
    static void checkShapes(String prices, int priceRows, int assets, String tech, int techRows, int features) {
        if (priceRows != techRows) {
            throw new MalformedMarketDataException(prices + " has " + priceRows + " rows and " + tech + " has "
                    + techRows + ", but there must be one row of each per bar. Export both again together.");
        }
        if (priceRows == 0 || assets == 0) {
            throw new MalformedMarketDataException(prices + " has " + priceRows + " bars of " + assets
                    + " assets; at least one of each is needed. Export it again.");
        }
        if (features == 0 || features % assets != 0) {
            throw new MalformedMarketDataException(tech + " has " + features
                    + " columns, which is not a multiple of the " + assets
                    + " assets: every asset must have the same number of features. Export both arrays again together.");
        }
    }

    static void checkPrice(String prices, int row, int column, double price) {
        if (!(price > 0) || price == Double.POSITIVE_INFINITY) {
            throw new MalformedMarketDataException(prices + " has the price " + price + " at row " + row + ", column "
                    + column + "; a price must be positive and finite. Repair that bar in the export.");
        }
    }

    static void checkFeature(String tech, int row, int column, double value) {
        if (!Double.isFinite(value)) {
            throw new MalformedMarketDataException(tech + " has the value " + value + " at row " + row + ", column "
                    + column + "; a feature must be finite. Drop the rows where indicators are undefined.");
        }
    }

    /**
     * The same data with labels, under the same hash.
     *
     * @param names of the assets in the order of the price columns, or empty if unknown
     * @param barTimes epoch milliseconds of the bars, strictly ascending, or null if unknown
     * @throws IllegalArgumentException when their number is not that of the assets or bars, or times do not ascend
     */
    public MarketData labelled(List<String> names, long @Nullable [] barTimes) {
        if (!names.isEmpty() && names.size() != assets) {
            throw new IllegalArgumentException(names.size() + " names for " + assets + " assets");
        }
        if (barTimes != null) {
            if (barTimes.length != rows) {
                throw new IllegalArgumentException(barTimes.length + " times for " + rows + " bars");
            }
            for (int row = 1; row < rows; row++) {
                if (barTimes[row] <= barTimes[row - 1]) {
                    throw new IllegalArgumentException(
                            "the time of bar " + row + " is not after that of the one before");
                }
            }
        }
        return new MarketData(
                first,
                rows,
                assets,
                features,
                prices,
                tech,
                source,
                trainingFallback,
                warnings,
                sha256,
                names,
                barTimes == null ? null : barTimes.clone());
    }

    /**
     * The first bars alone, with a hash of their own: what is left when the last ones are sealed.
     *
     * @param count how many, from 1 to {@link #rows()}
     */
    public MarketData head(int count) {
        return slice(0, count);
    }

    /**
     * The bars from one on alone, with a hash of their own.
     *
     * @param row the first to be kept, below {@link #rows()}
     */
    public MarketData from(int row) {
        return slice(row, rows);
    }

    /** A view: the values are held once. */
    private MarketData slice(int from, int to) {
        if (from < 0 || to > rows || from >= to) {
            throw new IllegalArgumentException("no bars from " + from + " to " + to + " in " + rows);
        }
        if (to - from == rows) {
            return this;
        }
        return new MarketData(
                first + from,
                to - from,
                assets,
                features,
                prices,
                tech,
                source,
                trainingFallback,
                warnings,
                hash(first + from, to - from, assets, features, prices, tech),
                assetNames,
                times == null ? null : Arrays.copyOfRange(times, from, to));
    }

    /** Number of bars. */
    public int rows() {
        return rows;
    }

    /** Number of assets: price columns. */
    public int assets() {
        return assets;
    }

    /** Number of features per bar, over all assets. */
    public int features() {
        return features;
    }

    /** Price of {@code asset} (column, from 0) at bar {@code row} (from 0). */
    public double price(int row, int asset) {
        return prices[(first + row) * assets + asset];
    }

    /** Feature {@code column} at bar {@code row}. */
    public double tech(int row, int column) {
        return tech[(first + row) * features + column];
    }

    /** Names of the assets in the order of the price columns; empty when they are not known. */
    public List<String> assetNames() {
        return assetNames;
    }

    /** Epoch milliseconds of bar {@code row} (from 0); empty when times are not known. */
    public OptionalLong time(int row) {
        return times == null ? OptionalLong.empty() : OptionalLong.of(times[row]);
    }

    /** Epoch milliseconds of the first bar; empty when times are not known. */
    public OptionalLong firstTime() {
        return time(0);
    }

    /** Epoch milliseconds of the last bar; empty when times are not known. */
    public OptionalLong lastTime() {
        return time(rows - 1);
    }

    /** Where the data came from: a directory, or {@code memory}. */
    public String source() {
        return source;
    }

    /** Whether there was no {@code val/} directory, so that these may be the bars that the trials were trained on. */
    public boolean trainingFallback() {
        return trainingFallback;
    }

    /** What a reader of the results should know about this data, in sentences; empty when there is nothing. */
    public List<String> warnings() {
        return warnings;
    }

    /** SHA-256 over shapes and values, lower-case hex. */
    public String sha256() {
        return sha256;
    }

    @Override
    public String toString() {
        return rows + " bars of " + assets + " assets with " + features + " features from " + source;
    }

    private static String hash(int first, int rows, int assets, int features, double[] prices, double[] tech) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
        update(digest, "price_array <f8 (" + rows + ", " + assets + ")\n", prices, first * assets, rows * assets);
        update(digest, "tech_array <f8 (" + rows + ", " + features + ")\n", tech, first * features, rows * features);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, String title, double[] values, int from, int count) {
        digest.update(title.getBytes(StandardCharsets.US_ASCII));
        ByteBuffer chunk = ByteBuffer.allocate(8 * 1024).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = from; at < from + count; ) {
            chunk.clear();
            int now = Math.min(from + count - at, 1024);
            chunk.asDoubleBuffer().put(values, at, now);
            chunk.limit(now * 8);
            digest.update(chunk);
            at += now;
        }
    }

    private static int width(double[][] matrix) {
        return matrix.length == 0 ? 0 : matrix[0].length;
    }

    private static double[] flat(String name, double[][] matrix) {
        int width = width(matrix);
        double[] flat = new double[Math.multiplyExact(matrix.length, width)];
        for (int row = 0; row < matrix.length; row++) {
            if (matrix[row].length != width) {
                throw new MalformedMarketDataException(name + " has " + matrix[row].length + " columns in row " + row
                        + " and " + width + " in row 0; all rows must be equally long.");
            }
            System.arraycopy(matrix[row], 0, flat, row * width, width);
        }
        return flat;
    }

    /** Values row by row with the name that an error should use for them. */
    record Matrix(String name, double[] values, int rows, int columns) {
        double get(int row, int column) {
            return values[row * columns + column];
        }
    }
}
