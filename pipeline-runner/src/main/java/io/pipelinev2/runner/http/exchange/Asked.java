package io.pipelinev2.runner.http.exchange;

import io.javalin.http.Context;
import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.access.AccessRules;
import io.pipelinev2.runner.http.access.Caller;
import io.pipelinev2.runner.http.problem.ProblemException;
import io.pipelinev2.runner.view.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A request that was allowed, and whose query and body hold nothing but what its endpoint knows. */
public final class Asked {

    private static final Logger log = LoggerFactory.getLogger(Asked.class);
    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};
    private static final Pattern ID = Pattern.compile("[0-9]{1,18}");
    private static final int LONGEST_TEXT = 1_000;
    private static final int DEEPEST = 8;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Context ctx;
    private final Endpoint endpoint;
    private final Caller caller;
    private final Map<String, @Nullable Object> body;

    private Asked(Context ctx, Endpoint endpoint, Caller caller, Map<String, @Nullable Object> body) {
        this.ctx = ctx;
        this.endpoint = endpoint;
        this.caller = caller;
        this.body = body;
    }

    /** @throws ProblemException if the query or the body is not of the endpoint's form */
    public static Asked of(Context ctx, Endpoint endpoint, Caller caller) {
        requireKnown("The query", ctx.queryParamMap().keySet(), endpoint.query());
        ctx.queryParamMap().forEach((name, values) -> {
            if (values.size() != 1) {
                throw new ProblemException(400, name + " is given " + values.size() + " times. Give it once.");
            }
        });
        Asked asked =
                new Asked(ctx, endpoint, caller, endpoint.access() == Access.CHANGE ? body(ctx, endpoint) : Map.of());
        endpoint.query().forEach(asked::requireInQuery);
        endpoint.body().forEach(asked::requireInBody);
        return asked;
    }

    private static Map<String, @Nullable Object> body(Context ctx, Endpoint endpoint) {
        if (endpoint.takesForm()) {
            return form(ctx, endpoint);
        }
        if (!AccessRules.isOf(ctx, "application/json")) {
            throw new ProblemException(415, "The body must be JSON, sent as Content-Type: application/json.");
        }
        Map<String, @Nullable Object> body = parse(ctx.bodyAsBytes());
        requireKnown("The body", body.keySet(), endpoint.body());
        return body;
    }

    /** What was left empty was not given; a box that was ticked is a true. */
    private static Map<String, @Nullable Object> form(Context ctx, Endpoint endpoint) {
        if (!AccessRules.isForm(ctx)) {
            throw new ProblemException(
                    415, "The body must be a form, sent as Content-Type: application/x-www-form-urlencoded.");
        }
        Set<String> names = new TreeSet<>(ctx.formParamMap().keySet());
        names.removeAll(List.of(AccessRules.CSRF_FIELD, RequestKey.FIELD));
        requireKnown("The form", names, endpoint.body());
        Map<String, @Nullable Object> body = new HashMap<>();
        for (Parameter parameter : endpoint.body()) {
            String given = ctx.formParam(parameter.name());
            if (given != null && !given.isEmpty()) {
                body.put(parameter.name(), parameter.type().equals("boolean") ? Boolean.TRUE : given);
            }
        }
        return body;
    }

    private static Map<String, @Nullable Object> parse(byte[] bytes) {
        if (bytes.length == 0) {
            return Map.of();
        }
        try {
            @Nullable Map<String, @Nullable Object> body = JSON.readValue(bytes, OBJECT);
            if (body != null) {
                return body;
            }
        } catch (JacksonException e) {
            // words of the parser may quote the body
            log.debug("a body that is no JSON object", e);
        }
        throw new ProblemException(400, "The body must be one JSON object, such as {\"reason\":\"why\"}.");
    }

    private static void requireKnown(String what, Set<String> given, List<Parameter> known) {
        List<String> names = known.stream().map(Parameter::name).toList();
        for (String name : given) {
            if (!names.contains(name)) {
                throw new ProblemException(
                        400,
                        what + " holds a name that is not known here. "
                                + (names.isEmpty()
                                        ? "There are none."
                                        : "There are: " + String.join(", ", new TreeSet<>(names)) + "."));
            }
        }
    }

    private void requireInQuery(Parameter parameter) {
        String given = query(parameter.name());
        if (given == null) {
            if (parameter.required()) {
                throw missing(parameter);
            }
        } else if (given.length() > LONGEST_TEXT) {
            throw new ProblemException(400, parameter.name() + " may have " + LONGEST_TEXT + " characters at most.");
        } else if (!parameter.values().isEmpty() && !parameter.values().contains(given)) {
            throw notOf(parameter);
        }
    }

    private void requireInBody(Parameter parameter) {
        Object given = body.get(parameter.name());
        if (given == null) {
            if (parameter.required()) {
                throw missing(parameter);
            }
            return;
        }
        boolean fits = switch (parameter.type()) {
            case "boolean" -> given instanceof Boolean;
            case "integer" -> given instanceof Integer || given instanceof Long;
            case "array" -> given instanceof List<?>;
            default -> given instanceof String text && text.length() <= LONGEST_TEXT;
        };
        if (!fits) {
            throw new ProblemException(
                    400,
                    parameter.name() + " must be "
                            + (parameter.type().equals("string")
                                    ? "text of " + LONGEST_TEXT + " characters at most."
                                    : "a JSON " + parameter.type() + "."));
        }
        if (!parameter.values().isEmpty() && !parameter.values().contains(given)) {
            throw notOf(parameter);
        }
    }

    private static ProblemException missing(Parameter parameter) {
        return new ProblemException(400, parameter.name() + " is missing: " + parameter.description());
    }

    private static ProblemException notOf(Parameter parameter) {
        return new ProblemException(
                400, parameter.name() + " must be one of: " + String.join(", ", parameter.values()) + ".");
    }

    public Context ctx() {
        return ctx;
    }

    /** A list of the body, with whatever stands in it. */
    public List<?> list(String name) {
        return body.get(name) instanceof List<?> list ? list : List.of();
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    public Caller caller() {
        return caller;
    }

    /** Text of the query, or null if it is not given; a form's empty field is not. */
    public @Nullable String query(String name) {
        String given = ctx.queryParam(name);
        return given == null || given.isEmpty() ? null : given;
    }

    /** A whole number of the query. */
    public int query(String name, int fallback, int least, int most) {
        String given = query(name);
        if (given == null) {
            return fallback;
        }
        if (!ID.matcher(given).matches() || Long.parseLong(given) < least || Long.parseLong(given) > most) {
            throw new ProblemException(400, name + " must be a whole number from " + least + " to " + most + ".");
        }
        return Integer.parseInt(given);
    }

    /** A pipeline's own id of the query, or null if it is not given. */
    public @Nullable Long queryId(String name) {
        String given = query(name);
        if (given != null && !ID.matcher(given).matches()) {
            throw new ProblemException(400, name + " must be a whole number.");
        }
        return given == null ? null : Long.valueOf(given);
    }

    /** A pipeline's own id of the path. What cannot be one names nothing. */
    public long pathId(String name) {
        String given = ctx.pathParam(name);
        if (!ID.matcher(given).matches()) {
            throw new ProblemException(
                    404,
                    "There is nothing at this address: its " + name + " must be a whole number, the pipeline's own.");
        }
        return Long.parseLong(given);
    }

    public String path(String name) {
        return ctx.pathParam(name);
    }

    /** Text of the body, or null if it is not given. */
    public @Nullable String text(String name) {
        return (String) body.get(name);
    }

    public boolean flag(String name) {
        return Boolean.TRUE.equals(body.get(name));
    }

    /** Why something is to be done; empty if that is not said. */
    public String reason() {
        String reason = text("reason");
        return reason == null ? "" : reason.strip();
    }

    public void answer(Map<String, ? extends @Nullable Object> json) {
        ctx.contentType("application/json");
        ctx.result(Json.compact(json));
    }
}
