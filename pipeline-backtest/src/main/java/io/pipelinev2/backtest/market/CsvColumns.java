package io.pipelinev2.backtest.market;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the columns of a CSV file with bars are, found by name, in any case and order; others are ignored.
 *
 * @param width how many columns the header has
 * @param time index of the bar's time
 * @param values indexes of open, high, low, close, volume
 * @param asset index of the asset's name, -1 if the file has none
 */
record CsvColumns(int width, int time, List<Integer> values, int asset) {

    static final List<String> VALUES = List.of("open", "high", "low", "close", "volume");
    private static final List<String> TIME = List.of("time", "timestamp", "date", "datetime");
    private static final List<String> ASSET = List.of("asset", "symbol", "ticker");

    /**
     * Reads a header.
     *
     * @throws IllegalArgumentException saying which column is not there or there twice, to be put behind the file's name
     */
    static CsvColumns of(List<String> header) {
        List<String> names = header.stream()
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList();
        List<Integer> values = new ArrayList<>();
        for (String value : VALUES) {
            values.add(find(names, List.of(value)).orElseThrow(() -> absent(value, header)));
        }
        return new CsvColumns(
                names.size(),
                find(names, TIME).orElseThrow(() -> absent("time (or timestamp, date, datetime)", header)),
                List.copyOf(values),
                find(names, ASSET).orElse(-1));
    }

    private static Optional<Integer> find(List<String> names, List<String> wanted) {
        Optional<Integer> found = Optional.empty();
        for (int i = 0; i < names.size(); i++) {
            if (wanted.contains(names.get(i))) {
                if (found.isPresent()) {
                    throw new IllegalArgumentException("has both a column " + names.get(found.get()) + " and a column "
                            + names.get(i) + ", and only one of them can be used. Rename the other");
                }
                found = Optional.of(i);
            }
        }
        return found;
    }

    private static IllegalArgumentException absent(String name, List<String> header) {
        String begin = AssetNames.shown(String.join(",", header.subList(0, Math.min(header.size(), 12))));
        return new IllegalArgumentException("has no column " + name + "; its first line begins " + begin
                + ". The first line must name the columns time, open, high, low, close, volume, separated by commas");
    }
}
