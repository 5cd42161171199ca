package io.pipelinev2.backtest.market;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files that hold the market data of a directory, found but not read yet: NumPy arrays, or CSV with bars. */
public sealed interface MarketDataFiles permits ArrayFiles, CsvFiles {

    /** As {@link #in(MarketDataSettings)} where nothing is known but the directory. */
    static MarketDataFiles in(Path directory) throws IOException {
        return in(MarketDataSettings.of(directory));
    }

    /**
     * Looks into {@code directory/val}, else into {@code directory}. Arrays go before CSV files.
     *
     * @throws IOException naming the directory when neither holds the files; they may still be copied there
     */
    static MarketDataFiles in(MarketDataSettings settings) throws IOException {
        Path directory = settings.directory();
        Path val = directory.resolve("val");
        // A val/ with only one of two files is a copy that is not finished, never a reason to use training data.
        boolean fallback = !Files.isDirectory(val);
        Path home = fallback ? directory : val;
        boolean arrays = ArrayFiles.anyIn(home);
        if (!arrays) {
            List<Path> csv = CsvFiles.list(home);
            if (!csv.isEmpty()) {
                return CsvFiles.of(home, csv, fallback, settings);
            }
        }
        ArrayFiles files = new ArrayFiles(home, fallback, settings);
        for (Path file : List.of(files.prices(), files.tech())) {
            if (!Files.isRegularFile(file)) {
                throw new NoSuchFileException(
                        file.toString(),
                        null,
                        "no market data: val/" + ArrayFiles.PRICES + " and val/" + ArrayFiles.TECH + ", or val/*.csv,"
                                + " must be in " + directory
                                + ". Copy them there or point data.directory to where they are");
            }
        }
        return files;
    }

    /**
     * Reads and checks the files.
     *
     * @throws IOException when a file cannot be read; a later attempt may succeed
     * @throws MalformedMarketDataException when a file was read and breaks a rule
     */
    MarketData load() throws IOException;

    /**
     * The same bars one by one, with no more memory than needed.
     *
     * @throws IOException when a file cannot be read; a later attempt may succeed
     * @throws MalformedMarketDataException when a file was read and breaks a rule
     */
    RecordedBars open() throws IOException;

    /**
     * The same files as they grow; empty for arrays, which are written as a whole.
     *
     * @throws IOException when a file cannot be read; a later attempt may succeed
     * @throws MalformedMarketDataException when a file was read and breaks a rule
     */
    Optional<GrowingCsv> growing() throws IOException;

    /** What tells whether the files are still the ones that were read: paths, sizes and modification times. */
    Version version() throws IOException;

    /** Whether they lie in the directory itself because it has no {@code val/}. */
    boolean trainingFallback();

    /** Identity of files at one moment. */
    record Version(List<Entry> files) {

        /** Keeps a copy. */
        public Version {
            files = List.copyOf(files);
        }

        static Version of(List<Path> paths) throws IOException {
            List<Entry> entries = new ArrayList<>();
            for (Path path : paths) {
                entries.add(new Entry(path.toAbsolutePath(), Files.size(path), Files.getLastModifiedTime(path)));
            }
            return new Version(entries);
        }

        /** One file. */
        public record Entry(Path path, long bytes, FileTime modified) {}
    }

    /** The warning that goes with data that is not in a {@code val/}. */
    static List<String> fallbackWarning(Path home, boolean fallback, String what) {
        return fallback
                ? List.of(
                        home + " has no val/ directory, so " + what
                                + " in it were used: they may be the bars that the trials were trained on, which would flatter them.")
                : List.of();
    }
}
