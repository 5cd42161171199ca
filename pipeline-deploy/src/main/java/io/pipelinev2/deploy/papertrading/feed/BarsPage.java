package io.pipelinev2.deploy.papertrading.feed;

import io.pipelinev2.backtest.market.BarHistory;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * One page of an endpoint's answer. What no market can have sent (a price of 0, a high below the low) counts as not there;
 * an answer that is not in the shape of bars is refused as a whole.
 *
 * @param bars in the order of the answer
 * @param refused what was left out and why, in words
 * @param next what to ask the next page with, empty if this is the last
 */
record BarsPage(List<ReceivedBar> bars, List<String> refused, Optional<String> next) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};
    private static final List<String> VALUES = List.of("o", "h", "l", "c", "v");
    private static final int MOST_REFUSED = 10;
    private static final int MAX_TOKEN = 4096;

    /**
     * Reads an answer.
     *
     * @param symbols what each asset is called, in the order of the assets
     * @throws EndpointException if it is not what was asked for
     */
    static BarsPage parse(byte[] answer, List<String> symbols, Duration interval) throws EndpointException {
        Map<String, @Nullable Object> values;
        try {
            values = JSON.readValue(answer, OBJECT);
        } catch (JacksonException e) {
            throw EndpointException.lasting(
                    "The endpoint's answer is not JSON: was it cut short, or is the url one of a page for people?");
        }
        if (values == null || !(values.get("bars") instanceof Map<?, ?> all)) {
            throw EndpointException.lasting(
                    "The endpoint's answer has no object 'bars'. Is the url that of bars of several symbols?");
        }
        List<ReceivedBar> bars = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (Map.Entry<?, ?> entry : all.entrySet()) {
            String symbol = String.valueOf(entry.getKey());
            int asset = symbols.indexOf(symbol);
            if (asset < 0) {
                throw EndpointException.lasting(
                        "The endpoint sent bars of " + Inert.shown(symbol) + ", which was not asked for.");
            }
            if (entry.getValue() == null) {
                continue;
            }
            if (!(entry.getValue() instanceof List<?> list)) {
                throw EndpointException.lasting("The endpoint's bars of " + symbol + " are no list.");
            }
            for (Object element : list) {
                try {
                    bars.add(bar(asset, element, interval));
                } catch (IllegalArgumentException e) {
                    if (refused.size() < MOST_REFUSED) {
                        refused.add("A bar of " + symbol + " " + e.getMessage() + ". It counts as not there.");
                    }
                }
            }
        }
        Object token = values.get("next_page_token");
        if (token != null && !(token instanceof String text && text.length() <= MAX_TOKEN)) {
            throw EndpointException.lasting("The endpoint's next_page_token is no text.");
        }
        return new BarsPage(bars, refused, Optional.ofNullable((String) token).filter(text -> !text.isEmpty()));
    }

    private static ReceivedBar bar(int asset, @Nullable Object element, Duration interval) {
        if (!(element instanceof Map<?, ?> map) || !(map.get("t") instanceof String text)) {
            throw new IllegalArgumentException("has no time 't'");
        }
        long time = time(text, interval);
        double[] values = new double[VALUES.size()];
        for (int i = 0; i < values.length; i++) {
            if (!(map.get(VALUES.get(i)) instanceof Number number)) {
                throw new IllegalArgumentException(
                        "at " + Instant.ofEpochMilli(time) + " has no number '" + VALUES.get(i) + "'");
            }
            values[i] = number.doubleValue();
        }
        try {
            BarHistory.check(values);
        } catch (IllegalArgumentException e) {
            // what follows the rule is advice to who wrote a file
            String rule = String.valueOf(e.getMessage()).replaceFirst("\\. Repair.*", "");
            throw new IllegalArgumentException("at " + Instant.ofEpochMilli(time) + " " + rule, e);
        }
        return ReceivedBar.of(asset, time, values);
    }

    private static long time(String text, Duration interval) {
        Instant time;
        try {
            time = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("has the time " + Inert.shown(text) + ", which is none", e);
        }
        long step = interval.toMillis();
        boolean onGrid = Duration.ofDays(1).toMillis() % step != 0
                        || step == Duration.ofDays(1).toMillis()
                ? time.getNano() == 0
                : time.toEpochMilli() % step == 0 && time.getNano() % 1_000_000 == 0;
        if (!onGrid) {
            throw new IllegalArgumentException("begins at " + time + ", where no bar of " + interval + " begins");
        }
        return time.toEpochMilli();
    }
}
