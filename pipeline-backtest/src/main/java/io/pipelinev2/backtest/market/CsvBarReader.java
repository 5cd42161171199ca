package io.pipelinev2.backtest.market;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads bars from CSV files: comma separated, UTF-8 (or what a byte order mark says), quotes where needed, the columns
 * named in the first line.
 *
 * <p>What a file can make it allocate is bounded by the sizes below and by the number of bars, whatever is in it.
 */
final class CsvBarReader {

    /** Larger files are refused, as with arrays. */
    static final long MAX_FILE_BYTES = NpyArray.MAX_FILE_BYTES;

    static final int MAX_COLUMNS = 512;
    static final int MAX_FIELD_CHARACTERS = 4096;
    private static final int MAX_LINE_CHARACTERS = 64 * 1024;

    /** What a bar takes on its way into price and feature arrays, with room for others. */
    private static final int BYTES_PER_BAR = 256;

    private final Optional<ZoneId> zone;
    private final Set<String> wanted;
    private final long maxBars;
    private long bars;
    private final double[] bar = new double[5];

    /** @param wanted the only assets to take from files with several, or empty to take all */
    CsvBarReader(Optional<ZoneId> zone, Set<String> wanted) {
        this(zone, wanted, Runtime.getRuntime().maxMemory() / BYTES_PER_BAR);
    }

    CsvBarReader(Optional<ZoneId> zone, Set<String> wanted, long maxBars) {
        this.zone = zone;
        this.wanted = wanted;
        this.maxBars = maxBars;
    }

    /** The file's columns. */
    static CsvColumns columns(Path file) throws IOException {
        try (Records records = Records.open(file)) {
            return records.columns();
        }
    }

    /** Takes bars one by one; the array is used again. */
    interface Rows {
        void bar(String asset, long time, double[] bar);
    }

    /**
     * Goes through lines with bars, oldest first, and keeps none. A bar that repeats the one before is left out.
     *
     * @param file that the lines are of
     * @param asset of all bars, or null if a column says it
     */
    static void scan(InputStream lines, Path file, @Nullable String asset, Optional<ZoneId> zone, Rows rows)
            throws IOException {
        Map<String, long[]> last = new HashMap<>();
        Map<String, double[]> lastBars = new HashMap<>();
        double[] bar = new double[5];
        try (Records records = Records.of(file, Records.reader(lines))) {
            CsvColumns columns = records.columns();
            if (asset == null && columns.asset() < 0) {
                throw new MalformedMarketDataException(
                        file + " has lost its column with the asset. Restore its first line.");
            }
            BarTime times = new BarTime(zone);
            while (records.next()) {
                String name = asset == null ? name(records, columns) : asset;
                long time = time(records, columns, times);
                values(records, columns, bar);
                try {
                    BarSeries.check(bar);
                } catch (IllegalArgumentException e) {
                    throw records.malformed(String.valueOf(e.getMessage()));
                }
                long[] before = last.computeIfAbsent(name, unknown -> new long[] {Long.MIN_VALUE});
                if (time < before[0]) {
                    throw records.malformed("has the bar of " + name + " at " + Instant.ofEpochMilli(time)
                            + " after that at " + Instant.ofEpochMilli(before[0])
                            + "; a file that grows has the oldest bar first. Sort the file by time");
                }
                double @Nullable [] barBefore = lastBars.get(name);
                if (time == before[0] && barBefore != null) {
                    if (!Arrays.equals(bar, barBefore)) {
                        throw records.malformed("has a second bar of " + name + " at " + Instant.ofEpochMilli(time)
                                + " with other values. Find out which is right");
                    }
                    continue;
                }
                before[0] = time;
                lastBars.put(name, bar.clone());
                rows.bar(name, time, bar);
            }
        }
    }

    /** Reads a file with the bars of one asset. An asset column, if there is one, must say the same throughout. */
    BarSeries readOne(Path file, String asset) throws IOException {
        BarSeries series = new BarSeries(asset);
        try (Records records = Records.open(file)) {
            CsvColumns columns = records.columns();
            BarTime times = new BarTime(zone);
            String named = null;
            while (records.next()) {
                if (columns.asset() >= 0) {
                    String name = records.field(columns.asset());
                    if (named != null && !named.equals(name)) {
                        throw records.malformed("has bars of " + AssetNames.shown(name) + " after bars of "
                                + AssetNames.shown(named)
                                + ", but lies beside other CSV files, so that it must hold one"
                                + " asset only. Keep one file with all assets, or one file for each");
                    }
                    named = name;
                }
                add(records, columns, times, series);
            }
        }
        return completed(file, series);
    }

    /** Reads a file with an asset column: bars of several assets, in any interleaving. */
    Map<String, BarSeries> readMany(Path file) throws IOException {
        Map<String, BarSeries> all = new LinkedHashMap<>();
        try (Records records = Records.open(file)) {
            CsvColumns columns = records.columns();
            BarTime times = new BarTime(zone);
            while (records.next()) {
                String name = name(records, columns);
                if (!wanted.isEmpty() && !wanted.contains(name)) {
                    continue;
                }
                BarSeries series = all.get(name);
                if (series == null) {
                    if (all.size() == AssetNames.MAX_ASSETS) {
                        throw records.malformed("names more than " + AssetNames.MAX_ASSETS
                                + " assets. Name those that are traded in data.assets");
                    }
                    series = new BarSeries(name);
                    all.put(name, series);
                }
                add(records, columns, times, series);
            }
        }
        for (BarSeries series : all.values()) {
            completed(file, series);
        }
        return all;
    }

    private static BarSeries completed(Path file, BarSeries series) {
        if (series.size() == 0) {
            throw new MalformedMarketDataException(
                    file + " has no bars, only a header. Export it again, or take it away.");
        }
        series.complete();
        return series;
    }

    private void add(Records records, CsvColumns columns, BarTime times, BarSeries series) {
        long time = time(records, columns, times);
        values(records, columns, bar);
        try {
            if (series.add(time, bar) && ++bars > maxBars) {
                throw records.malformed(
                        "is where the limit of " + maxBars + " bars is passed, which is what fits into the"
                                + " memory of this process. Give it more (java -Xmx) or shorten the range of bars");
            }
        } catch (IllegalArgumentException e) {
            throw records.malformed(String.valueOf(e.getMessage()));
        }
    }

    private static String name(Records records, CsvColumns columns) {
        String name = records.field(columns.asset());
        if (!AssetNames.isName(name)) {
            throw records.malformed("has the asset " + AssetNames.shown(name) + "; a name has 1 to "
                    + AssetNames.MAX_LENGTH + " printable characters");
        }
        return name;
    }

    private static long time(Records records, CsvColumns columns, BarTime times) {
        String text = records.field(columns.time());
        try {
            return times.read(text);
        } catch (IllegalArgumentException e) {
            throw records.malformed("has the time " + AssetNames.shown(text) + ", which " + e.getMessage());
        }
    }

    private static void values(Records records, CsvColumns columns, double[] bar) {
        for (int i = 0; i < bar.length; i++) {
            bar[i] = number(
                    records,
                    CsvColumns.VALUES.get(i),
                    records.field(columns.values().get(i)));
        }
    }

    private static double number(Records records, String column, String text) {
        // Double.parseDouble takes NaN, hexadecimal numbers and suffixes too, which no export of prices means.
        boolean plain = !text.isEmpty()
                && text.length() <= 64
                && text.chars().allMatch(c -> c >= '0' && c <= '9' || "+-.eE".indexOf(c) >= 0);
        try {
            if (plain) {
                return Double.parseDouble(text);
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw records.malformed("has the " + column + " " + AssetNames.shown(text)
                + ", which is not a number such as 1234.5. Repair that bar");
    }

    /** The lines of one open file. */
    private static final class Records implements AutoCloseable {

        private static final CsvReader.CsvReaderBuilder BUILDER = CsvReader.builder()
                .detectBomHeader(true)
                .allowMissingFields(true)
                .allowExtraFields(true)
                .maxBufferSize(MAX_LINE_CHARACTERS);

        private final Path file;
        private final CsvReader<CsvRecord> reader;
        private final Iterator<CsvRecord> iterator;
        private final CsvColumns columns;
        private List<String> fields = List.of();
        private long line = 1;

        private Records(Path file, CsvReader<CsvRecord> reader) throws IOException {
            this.file = file;
            this.reader = reader;
            this.iterator = reader.iterator();
            if (!advance()) {
                throw new MalformedMarketDataException(file + " is empty. Export it again, or take it away.");
            }
            try {
                this.columns = CsvColumns.of(fields);
            } catch (IllegalArgumentException e) {
                throw new MalformedMarketDataException(file + " " + e.getMessage() + ".");
            }
        }

        static Records open(Path file) throws IOException {
            long size = Files.size(file);
            if (size > MAX_FILE_BYTES) {
                throw new MalformedMarketDataException(file + " is " + size + " bytes long, more than the limit of "
                        + MAX_FILE_BYTES + ". Save a shorter range of bars.");
            }
            return of(file, BUILDER.build(handler(), file));
        }

        static CsvReader<CsvRecord> reader(InputStream lines) {
            return BUILDER.build(handler(), lines);
        }

        static Records of(Path file, CsvReader<CsvRecord> reader) throws IOException {
            try {
                return new Records(file, reader);
            } catch (IOException | RuntimeException e) {
                reader.close();
                throw e;
            }
        }

        private static CsvRecordHandler handler() {
            return CsvRecordHandler.builder()
                    .maxFields(MAX_COLUMNS)
                    .maxFieldSize(MAX_FIELD_CHARACTERS)
                    .maxRecordSize(MAX_LINE_CHARACTERS)
                    .build();
        }

        CsvColumns columns() {
            return columns;
        }

        /** Goes to the next line with something in it. */
        boolean next() throws IOException {
            if (!advance()) {
                return false;
            }
            if (fields.size() != columns.width()) {
                throw malformed("has " + fields.size() + " fields, but the header names " + columns.width()
                        + " columns. Was the file cut short?");
            }
            return true;
        }

        String field(int column) {
            return fields.get(column).strip();
        }

        private boolean advance() throws IOException {
            try {
                if (!iterator.hasNext()) {
                    return false;
                }
                CsvRecord record = iterator.next();
                line = record.getStartingLineNumber();
                fields = record.getFields();
                return true;
            } catch (CsvParseException e) {
                throw malformed("or a line soon after is not CSV with at most " + MAX_COLUMNS + " columns, "
                        + MAX_FIELD_CHARACTERS + " characters in a field and " + MAX_LINE_CHARACTERS
                        + " in a line. Is it another kind of file, or a quote without its partner?");
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }

        MalformedMarketDataException malformed(String what) {
            return new MalformedMarketDataException(
                    file + ", line " + line + " " + what + (what.endsWith("?") ? "" : "."));
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
