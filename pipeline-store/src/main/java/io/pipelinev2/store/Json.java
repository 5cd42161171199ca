package io.pipelinev2.store;

import io.pipelinev2.core.stage.internal.JsonValues;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.trial.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** The columns that hold JSON text. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .build();
    private static final ObjectReader VALUES = MAPPER.readerFor(new TypeReference<Map<String, @Nullable Object>>() {});
    private static final ObjectReader OBJECTIVES = MAPPER.readerFor(new TypeReference<List<@Nullable Object>>() {});
    private static final ObjectReader WORDS = MAPPER.readerFor(new TypeReference<List<String>>() {});

    private Json() {}

    static @Nullable String ofResults(@Nullable Map<String, @Nullable Object> results) {
        return results == null ? null : MAPPER.writeValueAsString(JsonValues.checked(results));
    }

    static @Nullable Map<String, @Nullable Object> results(@Nullable String json) {
        return json == null ? null : ofContent(json);
    }

    /** The content of a finding, which always has some. */
    static Map<String, @Nullable Object> ofContent(String json) {
        return known(json, text -> JsonValues.checked(VALUES.<Map<String, @Nullable Object>>readValue(text)));
    }

    /** JSON has no infinities: they stand as text. What is undefined is null. */
    static String ofObjectives(List<@Nullable Double> values) {
        List<@Nullable Object> plain = new ArrayList<>(values.size());
        for (Double value : values) {
            if (value == null || value.isNaN()) {
                plain.add(null);
            } else {
                plain.add(value.isInfinite() ? value.toString() : value);
            }
        }
        return MAPPER.writeValueAsString(plain);
    }

    static List<@Nullable Double> objectives(String json) {
        return known(json, text -> {
            List<@Nullable Double> values = new ArrayList<>();
            for (Object value : OBJECTIVES.<List<@Nullable Object>>readValue(text)) {
                values.add(value == null ? null : Double.valueOf(value.toString()));
            }
            return values;
        });
    }

    static String ofDirections(List<Direction> directions) {
        return MAPPER.writeValueAsString(
                directions.stream().map(Direction::label).toList());
    }

    static List<Direction> directions(String json) {
        return known(
                json,
                text -> WORDS.<List<String>>readValue(text).stream()
                        .map(Direction::of)
                        .toList());
    }

    private static <T> T known(String json, Function<String, T> reading) {
        try {
            return reading.apply(json);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new StoreException(
                    "A row of the state holds JSON that this program does not know (%s). It was changed by hand or by another program: correct it, or restore a backup."
                            .formatted(e.getMessage()),
                    e);
        }
    }
}
