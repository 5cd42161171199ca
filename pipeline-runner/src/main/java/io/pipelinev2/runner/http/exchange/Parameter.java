package io.pipelinev2.runner.http.exchange;

import java.util.List;
import java.util.Map;

/**
 * Something that may be given with a request: in its path, in its query, or as a member of its body.
 *
 * @param name what it is called
 * @param type as in JSON Schema: {@code string}, {@code integer}, {@code boolean}
 * @param required whether it must be there
 * @param values what it may be; empty for anything
 * @param description what it is, in words
 */
public record Parameter(String name, String type, boolean required, List<String> values, String description) {

    public Parameter {
        values = List.copyOf(values);
    }

    public static Parameter text(String name, String description) {
        return new Parameter(name, "string", false, List.of(), description);
    }

    public static Parameter integer(String name, String description) {
        return new Parameter(name, "integer", false, List.of(), description);
    }

    public static Parameter flag(String name, String description) {
        return new Parameter(name, "boolean", false, List.of(), description);
    }

    public static Parameter oneOf(String name, List<String> values, String description) {
        return new Parameter(name, "string", false, values, description);
    }

    public Parameter needed() {
        return new Parameter(name, type, true, values, description);
    }

    public Map<String, Object> schema() {
        return values.isEmpty() ? Map.of("type", type) : Map.of("type", type, "enum", values);
    }
}
