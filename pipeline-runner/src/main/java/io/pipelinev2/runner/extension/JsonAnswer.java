package io.pipelinev2.runner.extension;

import io.pipelinev2.runner.config.InertText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Takes the one JSON object out of what a command wrote, and nothing else. */
final class JsonAnswer {

    private static final int SHOWN = 80;
    private static final String ONE_OBJECT =
            "standard output must hold one JSON object and nothing else: write everything else to standard error";

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(50)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonAnswer() {}

    static Map<String, @Nullable Object> object(byte[] output) throws MalformedAnswerException {
        try (JsonParser parser = JSON.createParser(output)) {
            requireObject(parser, output);
            Map<String, @Nullable Object> object = JSON.readValue(parser, new TypeReference<>() {});
            requireEnd(parser);
            return object;
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation() == null ? TokenStreamLocation.NA : e.getLocation();
            throw new MalformedAnswerException("the output was not JSON at line %d, column %d: %s"
                    .formatted(at.getLineNr(), at.getColumnNr(), InertText.of(e.getOriginalMessage())));
        }
    }

    private static void requireObject(JsonParser parser, byte[] output) throws MalformedAnswerException {
        JsonToken first;
        try {
            first = parser.nextToken();
        } catch (JacksonException e) {
            throw new MalformedAnswerException(
                    "the output began with %s, which is not JSON; %s".formatted(beginning(output), ONE_OBJECT));
        }
        if (first == null) {
            throw new MalformedAnswerException("the output was empty; " + ONE_OBJECT);
        }
        if (first != JsonToken.START_OBJECT) {
            throw new MalformedAnswerException(
                    "the output began with %s, which is no object; %s".formatted(beginning(output), ONE_OBJECT));
        }
    }

    private static void requireEnd(JsonParser parser) throws MalformedAnswerException {
        int line = parser.currentLocation().getLineNr();
        boolean more;
        try {
            more = parser.nextToken() != null;
        } catch (JacksonException e) {
            more = true;
        }
        if (more) {
            throw new MalformedAnswerException(
                    "the output went on after its object, which ends in line %d; %s".formatted(line, ONE_OBJECT));
        }
    }

    private static String beginning(byte[] output) {
        String text = new String(output, 0, Math.min(output.length, 4 * SHOWN), StandardCharsets.UTF_8).strip();
        return shown(text.lines().findFirst().orElse(""));
    }

    /**
     * Refuses what nobody would read.
     *
     * @param path where the object stands, or {@code it} for the whole answer
     */
    static void requireKnown(String path, Map<?, ?> object, List<String> known) throws MalformedAnswerException {
        for (Object key : object.keySet()) {
            if (!known.contains(key)) {
                throw new MalformedAnswerException("%s has the key %s, which is not known; known are %s"
                        .formatted(path, shown(String.valueOf(key)), String.join(", ", known)));
            }
        }
    }

    static MalformedAnswerException unlike(String path, @Nullable Object value, String rule) {
        return new MalformedAnswerException(
                "%s was %s but must be %s".formatted(path, value == null ? "missing" : shown(value), rule));
    }

    /** A value as a message shows it: on one line, and not too long. */
    static String shown(Object value) {
        if (value instanceof Map<?, ?>) {
            return "an object";
        }
        if (value instanceof List<?> list) {
            return list.isEmpty() ? "an empty list" : "a list";
        }
        String text = InertText.of(String.valueOf(value));
        String cut = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
        return value instanceof String ? "'" + cut + "'" : cut;
    }
}
