package io.pipelinev2.deploy.papertrading.feed;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a trader's bars come from: the block {@code stages.deploy.feed} of the configuration. */
public sealed interface FeedSettings {

    /** The recorded bars of the market data, one per pace. */
    record Replay() implements FeedSettings {

        @Override
        public Map<String, @Nullable Object> toMap() {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            values.put("type", REPLAY);
            return values;
        }
    }

    /**
     * Files that somebody else appends to.
     *
     * @param directory where they lie, as that of the market data; empty for the market data themselves
     * @param interval the time between two bars; empty if the times of the bars tell
     */
    record Follow(Optional<Path> directory, Optional<Duration> interval) implements FeedSettings {

        /** Checks that the interval is one. */
        public Follow {
            interval.ifPresent(value -> requirePositive("interval", value));
        }

        @Override
        public Map<String, @Nullable Object> toMap() {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            values.put("type", FOLLOW);
            values.put("directory", directory.map(Path::toString).orElse(null));
            values.put("interval_millis", interval.map(Duration::toMillis).orElse(null));
            return values;
        }
    }

    /**
     * An endpoint in the shape of Alpaca's crypto bars, which is polled.
     *
     * @param url of the bars, without a query
     * @param symbols what the endpoint calls each asset, in the order of the model's assets
     * @param timeframe the time between two bars, as the endpoint calls it, such as {@code 1Hour}
     * @param keyFile a file with the key, which only its owner may read; empty for an endpoint that needs none
     * @param poll the least time between two requests of all traders of a home
     * @param patience how long after its end a bar that one asset lacks is waited for, before the gap is filled; empty for
     *     two intervals
     */
    record HttpBars(
            URI url,
            Map<String, String> symbols,
            String timeframe,
            Optional<Path> keyFile,
            Duration poll,
            Optional<Duration> patience)
            implements FeedSettings {

        /** How often is asked at most, unless configured. */
        public static final Duration DEFAULT_POLL = Duration.ofSeconds(30);

        private static final Pattern SYMBOL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9./:_-]{0,31}");
        private static final int MAX_SYMBOLS = 1000;

        /** Checks everything but the key file, which may not be there yet. */
        public HttpBars {
            Addresses.require(url);
            symbols = Collections.unmodifiableMap(new LinkedHashMap<>(symbols));
            if (symbols.isEmpty() || symbols.size() > MAX_SYMBOLS) {
                throw new IllegalArgumentException(
                        "symbols must name what the endpoint calls each asset, such as {\"BTC\": \"BTC/USD\"}");
            }
            symbols.forEach((asset, symbol) -> {
                if (asset.isBlank() || !SYMBOL.matcher(symbol).matches()) {
                    throw new IllegalArgumentException(
                            "symbols must name each asset and its symbol of up to 32 letters,"
                                    + " digits and ./:_-, unlike " + Inert.shown(asset) + ": " + Inert.shown(symbol));
                }
            });
            if (symbols.values().stream().distinct().count() < symbols.size()) {
                throw new IllegalArgumentException("symbols must have a symbol of its own for every asset");
            }
            Timeframe.of(timeframe);
            if (poll.compareTo(Duration.ofSeconds(1)) < 0 || poll.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("poll must be from 1s to 1d, was " + poll);
            }
            patience.ifPresent(value -> requirePositive("patience", value));
        }

        /** The time between two bars. */
        public Duration interval() {
            return Timeframe.of(timeframe);
        }

        @Override
        public Map<String, @Nullable Object> toMap() {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            values.put("type", HTTP_BARS);
            values.put("url", url.toString());
            values.put("symbols", new LinkedHashMap<>(symbols));
            values.put("timeframe", timeframe);
            values.put("key_file", keyFile.map(Path::toString).orElse(null));
            values.put("poll_millis", poll.toMillis());
            values.put("patience_millis", patience.map(Duration::toMillis).orElse(null));
            return values;
        }
    }

    /** The name of {@link Replay}. */
    String REPLAY = "replay";

    /** The name of {@link Follow}. */
    String FOLLOW = "follow";

    /** The name of {@link HttpBars}. */
    String HTTP_BARS = "http-bars";

    /** The fields, for a JSON object that {@link #of} reads. */
    Map<String, @Nullable Object> toMap();

    /**
     * Reads what {@link #toMap} gave.
     *
     * @throws IllegalArgumentException naming the field that is wrong
     */
    static FeedSettings of(Map<String, ? extends @Nullable Object> values) {
        String type = text(values, "type").orElseThrow(() -> new IllegalArgumentException("the feed has no type"));
        return switch (type) {
            case REPLAY -> new Replay();
            case FOLLOW -> new Follow(text(values, "directory").map(Path::of), millis(values, "interval_millis"));
            case HTTP_BARS ->
                new HttpBars(
                        URI.create(required(values, "url")),
                        symbols(values.get("symbols")),
                        required(values, "timeframe"),
                        text(values, "key_file").map(Path::of),
                        millis(values, "poll_millis").orElse(HttpBars.DEFAULT_POLL),
                        millis(values, "patience_millis"));
            default ->
                throw new IllegalArgumentException("there is no feed of type " + Inert.shown(type) + "; there are "
                        + String.join(", ", REPLAY, FOLLOW, HTTP_BARS));
        };
    }

    private static String required(Map<String, ? extends @Nullable Object> values, String name) {
        return text(values, name)
                .orElseThrow(() -> new IllegalArgumentException("the feed has no field '" + name + "'"));
    }

    private static Optional<String> text(Map<String, ? extends @Nullable Object> values, String name) {
        Object value = values.get(name);
        if (value != null && !(value instanceof String)) {
            throw new IllegalArgumentException("the feed's field '" + name + "' is not text");
        }
        return Optional.ofNullable((String) value);
    }

    private static Optional<Duration> millis(Map<String, ? extends @Nullable Object> values, String name) {
        Object value = values.get(name);
        if (value != null && !(value instanceof Integer || value instanceof Long)) {
            throw new IllegalArgumentException("the feed's field '" + name + "' is not a whole number");
        }
        return value == null ? Optional.empty() : Optional.of(Duration.ofMillis(((Number) value).longValue()));
    }

    private static Map<String, String> symbols(@Nullable Object value) {
        Map<String, String> symbols = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((asset, symbol) -> symbols.put(String.valueOf(asset), String.valueOf(symbol)));
        }
        return symbols;
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isZero() || value.isNegative() || value.compareTo(Duration.ofDays(366)) > 0) {
            throw new IllegalArgumentException(name + " must be above 0 and at most a year, was " + value);
        }
    }
}
