package io.pipelinev2.runner.http.api;

import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.view.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The API in the form of OpenAPI 3.1, made from the endpoints themselves; the schemas of answers stand in a file beside. */
public final class OpenApiDocument {

    public static final String PATH = "/api/v1/openapi.json";

    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private OpenApiDocument() {}

    public static String of(List<Endpoint> endpoints) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put(
                "info",
                Map.of(
                        "title",
                        "Pipeline V2",
                        "version",
                        "1",
                        "description",
                        "All money is simulated (PAPER). Errors are application/problem+json (RFC 9457) with a stable `code`."));
        Map<String, Map<String, @Nullable Object>> paths = new TreeMap<>();
        for (Endpoint endpoint : endpoints) {
            paths.computeIfAbsent(endpoint.path(), path -> new LinkedHashMap<>())
                    .put(endpoint.method().toLowerCase(Locale.ROOT), operation(endpoint));
        }
        document.put("paths", paths);
        document.put("components", components());
        return Json.compact(document);
    }

    private static Map<String, @Nullable Object> operation(Endpoint endpoint) {
        Map<String, @Nullable Object> operation = new LinkedHashMap<>();
        operation.put("operationId", endpoint.id());
        operation.put("summary", endpoint.summary());
        List<Object> parameters = new ArrayList<>();
        endpoint.places()
                .forEach(name -> parameters.add(
                        Map.of("name", name, "in", "path", "required", true, "schema", Map.of("type", place(name)))));
        endpoint.query()
                .forEach(each -> parameters.add(Map.of(
                        "name",
                        each.name(),
                        "in",
                        "query",
                        "required",
                        each.required(),
                        "description",
                        each.description(),
                        "schema",
                        each.schema())));
        if (endpoint.access() == Access.CHANGE) {
            parameters.add(Map.of("$ref", "#/components/parameters/IdempotencyKey"));
            operation.put("requestBody", body(endpoint));
        }
        operation.put("parameters", parameters);
        operation.put("security", security(endpoint.access()));
        operation.put("responses", responses(endpoint));
        return operation;
    }

    private static String place(String name) {
        return name.equals("stage") ? "string" : "integer";
    }

    private static List<Object> security(Access access) {
        return switch (access) {
            case OPEN -> List.of();
            case READ -> List.of(Map.of(), Map.of("token", List.of()));
            case CHANGE -> List.of(Map.of("token", List.of()), Map.of("session", List.of(), "csrf", List.of()));
        };
    }

    private static Map<String, @Nullable Object> body(Endpoint endpoint) {
        Map<String, @Nullable Object> properties = new LinkedHashMap<>();
        endpoint.body().forEach(each -> {
            Map<String, @Nullable Object> schema = new LinkedHashMap<>(each.schema());
            schema.put("description", each.description());
            properties.put(each.name(), schema);
        });
        Map<String, @Nullable Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put(
                "required",
                endpoint.body().stream()
                        .filter(Parameter::required)
                        .map(Parameter::name)
                        .toList());
        schema.put("additionalProperties", false);
        String mediaType = endpoint.takesForm() ? "application/x-www-form-urlencoded" : "application/json";
        return Map.of("required", true, "content", Map.of(mediaType, Map.of("schema", schema)));
    }

    private static Map<String, @Nullable Object> responses(Endpoint endpoint) {
        Map<String, @Nullable Object> content = Map.of(
                endpoint.answer().mediaType(),
                endpoint.answer().schema().isEmpty()
                        ? Map.of()
                        : Map.of(
                                "schema",
                                Map.of(
                                        "$ref",
                                        "#/components/schemas/"
                                                + endpoint.answer().schema())));
        Map<String, @Nullable Object> responses = new TreeMap<>();
        responses.put("200", Map.of("description", "As asked for.", "content", content));
        if (endpoint.answer().schema().equals("Bulk")) {
            responses.put("207", Map.of("description", "Done for some, refused for others.", "content", content));
            responses.put("409", Map.of("description", "Refused for all.", "content", content));
        } else if (endpoint.access() == Access.CHANGE) {
            responses.put(
                    "202",
                    Map.of(
                            "description",
                            "Written down; whoever supervises the home carries it out.",
                            "content",
                            content));
        }
        responses.put("default", Map.of("$ref", "#/components/responses/Problem"));
        return responses;
    }

    private static Map<String, @Nullable Object> components() {
        try (InputStream in =
                OpenApiDocument.class.getResourceAsStream("/io/pipelinev2/runner/http/openapi-components.json")) {
            if (in == null) {
                throw new IllegalStateException(
                        "the program was packed without openapi-components.json; build it again");
            }
            return JsonMapper.shared().readValue(in, OBJECT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
