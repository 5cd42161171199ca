package io.pipelinev2.optuna;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Python's {@code json.dumps} writes: JSON, and beyond it the literals NaN, Infinity and -Infinity. */
final class PythonJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private PythonJson() {}

    /**
     * As null, Boolean, Long, Double, String, List or Map; a whole number beyond 64 bits is a BigInteger.
     *
     * @throws MalformedRowException if it is not JSON
     */
    static @Nullable Object value(@Nullable String json) throws MalformedRowException {
        if (json == null) {
            throw new MalformedRowException("has no JSON text");
        }
        JsonNode node;
        try {
            node = MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new MalformedRowException("has a text that is not JSON: " + Quoted.of(e.getOriginalMessage()), e);
        }
        if (node.isMissingNode()) {
            throw new MalformedRowException("has an empty text, which is not JSON");
        }
        return plain(node);
    }

    private static @Nullable Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            node.forEachEntry((key, value) -> map.put(key, plain(value)));
            return Collections.unmodifiableMap(map);
        }
        if (node.isArray()) {
            List<@Nullable Object> list = new ArrayList<>(node.size());
            node.forEach(element -> list.add(plain(element)));
            return Collections.unmodifiableList(list);
        }
        if (node.isNull()) {
            return null;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isString()) {
            return node.stringValue();
        }
        if (node.isIntegralNumber()) {
            return node.canConvertToLong() ? (Object) node.longValue() : node.bigIntegerValue();
        }
        return node.doubleValue();
    }
}
