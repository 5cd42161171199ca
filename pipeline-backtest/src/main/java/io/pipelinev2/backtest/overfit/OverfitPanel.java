package io.pipelinev2.backtest.overfit;

import io.pipelinev2.backtest.metrics.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one trial's luck, to be judged, stored and drawn.
 *
 * @param trial name of the trial
 * @param figures all of them; what could not be computed is undefined with its reason
 * @param effectiveMethod in words, how the effective number of trials was found and why so
 * @param logits histogram of the splits' logits, empty without a PBO
 * @param splits a sample of the splits, empty without a PBO
 * @param sharpes per step, of the compared trials, the best first, thinned when there are many
 * @param position index of this trial in {@code sharpes}, null when it is not among them
 */
public record OverfitPanel(
        String trial,
        Map<OverfitFigure, Metric> figures,
        String effectiveMethod,
        List<LogitBin> logits,
        List<SplitPoint> splits,
        List<Double> sharpes,
        @Nullable Integer position) {

    /** Takes its own copies; a figure that is missing becomes undefined. */
    public OverfitPanel {
        EnumMap<OverfitFigure, Metric> all = new EnumMap<>(OverfitFigure.class);
        for (OverfitFigure figure : OverfitFigure.values()) {
            all.put(figure, figures.getOrDefault(figure, Metric.undefined("was not measured")));
        }
        figures = Collections.unmodifiableMap(all);
        logits = List.copyOf(logits);
        splits = List.copyOf(splits);
        sharpes = List.copyOf(sharpes);
        if (position != null && (position < 0 || position >= sharpes.size())) {
            throw new IllegalArgumentException("trial '" + trial + "' is at position " + position
                    + " of the Sharpe ratios but there are " + sharpes.size());
        }
    }

    /** One figure. */
    public Metric get(OverfitFigure figure) {
        return figures.getOrDefault(figure, Metric.undefined("was not measured"));
    }

    /** The figures by the names that gates use. */
    public Map<String, Metric> evidence() {
        Map<String, Metric> evidence = new LinkedHashMap<>();
        figures.forEach((figure, metric) -> evidence.put(figure.word(), metric));
        return evidence;
    }

    /** As JSON-like values: finite numbers, nulls, strings, lists and maps. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        Map<String, @Nullable Object> remarks = new LinkedHashMap<>();
        figures.forEach((figure, metric) -> {
            values.put(figure.word(), metric.value());
            if (metric.remark() != null) {
                remarks.put(figure.word(), metric.remark());
            }
        });
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("trial", trial);
        map.put("figures", values);
        map.put("remarks", remarks);
        map.put("effective_method", effectiveMethod);
        map.put(
                "logits",
                logits.stream()
                        .map(bin -> List.<Object>of(bin.above(), bin.upTo(), bin.count()))
                        .toList());
        map.put(
                "splits",
                splits.stream()
                        .map(point -> List.of(point.inSample(), point.outOfSample()))
                        .toList());
        map.put("sharpes", sharpes);
        map.put("position", position);
        return map;
    }

    /**
     * The panel that {@link #toMap()} wrote. Figures that this version does not know are left out, and those that the
     * writer did not know are undefined.
     *
     * @throws IllegalArgumentException naming the part that is not as it was written
     */
    public static OverfitPanel from(Map<String, ? extends @Nullable Object> map) {
        Map<?, ?> values = part(map, "figures", Map.class);
        Map<?, ?> remarks = part(map, "remarks", Map.class);
        Map<OverfitFigure, Metric> figures = new EnumMap<>(OverfitFigure.class);
        Arrays.stream(OverfitFigure.values())
                .filter(figure -> values.containsKey(figure.word()))
                .forEach(figure -> figures.put(
                        figure, metric(figure.word(), values.get(figure.word()), remarks.get(figure.word()))));
        List<LogitBin> logits = new ArrayList<>();
        for (List<Double> row : rows(map, "logits", 3)) {
            logits.add(new LogitBin(row.get(0), row.get(1), Math.round(row.get(2))));
        }
        List<SplitPoint> splits = new ArrayList<>();
        for (List<Double> row : rows(map, "splits", 2)) {
            splits.add(new SplitPoint(row.get(0), row.get(1)));
        }
        Object position = map.get("position");
        return new OverfitPanel(
                part(map, "trial", String.class),
                figures,
                part(map, "effective_method", String.class),
                logits,
                splits,
                numbers("sharpes", part(map, "sharpes", List.class)),
                position == null ? null : (int) number("position", position));
    }

    private static Metric metric(String name, @Nullable Object value, @Nullable Object remark) {
        String text = remark == null ? null : remark.toString();
        return new Metric(value == null ? null : number(name, value), value == null && text == null ? "unknown" : text);
    }

    private static List<List<Double>> rows(Map<String, ? extends @Nullable Object> map, String name, int width) {
        List<List<Double>> rows = new ArrayList<>();
        for (Object row : part(map, name, List.class)) {
            if (!(row instanceof List<?> cells) || cells.size() != width) {
                throw new IllegalArgumentException("a stored overfit panel must have " + width
                        + " numbers in each row of '" + name + "', had " + row);
            }
            rows.add(numbers(name, cells));
        }
        return rows;
    }

    private static List<Double> numbers(String name, List<?> cells) {
        List<Double> numbers = new ArrayList<>();
        for (Object cell : cells) {
            numbers.add(number(name, cell));
        }
        return numbers;
    }

    private static double number(String name, @Nullable Object value) {
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException(
                "a stored overfit panel must have finite numbers in '" + name + "', had " + value);
    }

    private static <T> T part(Map<String, ? extends @Nullable Object> map, String name, Class<T> type) {
        Object value = map.get(name);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("a stored overfit panel must have a "
                    + type.getSimpleName().toLowerCase(Locale.ROOT) + " '" + name + "', had " + value);
        }
        return type.cast(value);
    }
}
