package io.pipelinev2.backtest.market;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * CSV files with bars that somebody appends to while they are read. Rules are those of {@link MarketData#load}, and these: a
 * line counts once its line end is there; bars run from old to new; what was read before must still be there.
 *
 * <p>Appended lines are read together with the {@value GrowingFile#LOOK_BACK} before them, so that the cost of a bar does not
 * depend on the length of the file. A file that was replaced or cut is read as a whole.
 */
public final class GrowingCsv {

    private static final int TIMES = 4096;

    private final List<GrowingFile> files;
    private final List<String> assets;
    private final Optional<Duration> step;
    private final List<String> warnings;

    private GrowingCsv(List<GrowingFile> files, List<String> assets, Optional<Duration> step, List<String> warnings) {
        this.files = List.copyOf(files);
        this.assets = List.copyOf(assets);
        this.step = step;
        this.warnings = List.copyOf(warnings);
    }

    /** Told of every bar that was known with other values. */
    public interface Revisions {

        /**
         * @param asset its place among the assets
         * @param time epoch milliseconds
         */
        void revised(int asset, long time);
    }

    static GrowingCsv of(CsvFiles csv) throws IOException {
        List<String> order = csv.settings().assets();
        Optional<ZoneId> zone = csv.settings().timeZone();
        Path first = csv.files().get(0);
        boolean together =
                csv.files().size() == 1 && CsvBarReader.columns(first).asset() >= 0;
        List<String> assets = order;
        List<Path> paths = List.of(first);
        if (together) {
            if (order.isEmpty()) {
                TreeSet<String> names = new TreeSet<>();
                new GrowingFile(first, null, zone).survey((asset, time, bar) -> names.add(asset));
                assets = List.copyOf(names);
            }
        } else {
            var byAsset = csv.filesByAsset();
            assets = order.isEmpty() ? List.copyOf(byAsset.keySet()) : order;
            paths = List.copyOf(byAsset.values());
        }
        List<GrowingFile> files = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            files.add(new GrowingFile(paths.get(i), together ? null : assets.get(i), zone));
        }
        List<String> warnings = order.isEmpty() && assets.size() > 1
                ? List.of("The assets are taken in alphabetical order, " + String.join(" ", assets)
                        + ". A model fits the order that it was trained with and no other: say it in data.assets.")
                : List.of();
        return new GrowingCsv(files, assets, step(files.get(0)), warnings);
    }

    private static Optional<Duration> step(GrowingFile file) throws IOException {
        List<Long> times = new ArrayList<>();
        String[] one = new String[1];
        file.survey((asset, time, bar) -> {
            if (one[0] == null) {
                one[0] = asset;
            }
            if (asset.equals(one[0]) && times.size() < TIMES) {
                times.add(time);
            }
        });
        long step =
                BarGrid.of(times.stream().mapToLong(Long::longValue).toArray()).step();
        return step > 0 ? Optional.of(Duration.ofMillis(step)) : Optional.empty();
    }

    /** The assets, in the order of the data. */
    public List<String> assets() {
        return assets;
    }

    /** The usual time between two bars; empty if there are too few to tell. */
    public Optional<Duration> step() {
        return step;
    }

    /** What a reader should know about these files, in sentences. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Reads what changed since the last time. A file that makes no sense changes nothing, is told of after the others were
     * read, and is read again when it is asked for the next time.
     *
     * @param into a history for each asset
     * @return whether anything was read
     * @throws IOException when a file cannot be read; a later attempt may succeed
     * @throws MalformedMarketDataException when a file was read and breaks a rule, until it keeps it
     */
    public boolean readInto(List<BarHistory> into, Revisions revisions) throws IOException {
        boolean read = false;
        @Nullable IOException unreadable = null;
        @Nullable MalformedMarketDataException malformed = null;
        for (GrowingFile file : files) {
            try {
                read |= file.readInto(assets, into, revisions);
            } catch (IOException e) {
                unreadable = unreadable == null ? e : unreadable;
            } catch (MalformedMarketDataException e) {
                malformed = malformed == null ? e : malformed;
            }
        }
        if (malformed != null) {
            throw malformed;
        }
        if (unreadable != null) {
            throw unreadable;
        }
        return read;
    }

    @Override
    public String toString() {
        return Arrays.toString(files.stream().map(GrowingFile::path).toArray());
    }
}
