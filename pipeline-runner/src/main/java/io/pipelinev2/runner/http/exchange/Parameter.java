package io.pipelinev2.runner.http.exchange;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Something that may be given with a request: in its path, in its query, or as a member of its body.
 *
 * @param name what it is called
 * @param type as in JSON Schema: {@code string}, {@code integer}, {@code boolean}, {@code array}
 * @param required whether it must be there
 * @param values what it may be; empty for anything
 * @param items of a list, what each of it must keep and how many there may be; empty for all else
 * @param description what it is, in words
 */
public record Parameter(
        String name,
        String type,
        boolean required,
        List<String> values,
        Map<String, Object> items,
        String description) {

    public Parameter {
        values = List.copyOf(values);
        items = Map.copyOf(items);
    }

    public static Parameter text(String name, String description) {
        return new Parameter(name, "string", false, List.of(), Map.of(), description);
    }

    public static Parameter integer(String name, String description) {
        return new Parameter(name, "integer", false, List.of(), Map.of(), description);
    }

    public static Parameter flag(String name, String description) {
        return new Parameter(name, "boolean", false, List.of(), Map.of(), description);
    }

    public static Parameter oneOf(String name, List<String> values, String description) {
        return new Parameter(name, "string", false, values, Map.of(), description);
    }

    /**
     * A list in a body.
     *
     * @param schema the name of the schema that each of it must keep
     * @param most how many there may be; there must be one
     */
    public static Parameter list(String name, String schema, int most, String description) {
        Map<String, Object> items =
                Map.of("items", Map.of("$ref", "#/components/schemas/" + schema), "minItems", 1, "maxItems", most);
        return new Parameter(name, "array", false, List.of(), items, description);
    }

    public Parameter needed() {
        return new Parameter(name, type, true, values, items, description);
    }

    public Map<String, Object> schema() {
        Map<String, Object> schema = new LinkedHashMap<>(items);
        schema.put("type", type);
        if (!values.isEmpty()) {
            schema.put("enum", values);
        }
        return schema;
    }
}
