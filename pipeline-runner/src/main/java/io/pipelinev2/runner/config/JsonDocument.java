package io.pipelinev2.runner.config;

import io.pipelinev2.runner.config.JsonValue.Items;
import io.pipelinev2.runner.config.JsonValue.Member;
import io.pipelinev2.runner.config.JsonValue.Members;
import io.pipelinev2.runner.config.JsonValue.Null;
import io.pipelinev2.runner.config.JsonValue.Numeral;
import io.pipelinev2.runner.config.JsonValue.Text;
import io.pipelinev2.runner.config.JsonValue.Truth;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Reads JSON token by token, so that every value keeps its line and every repeated name is found. Comments
 * ({@code //}, {@code /*}) are allowed: a configuration needs them.
 */
final class JsonDocument {

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(50)
                    .maxNumberLength(100)
                    .build())
            .build();

    /** Stands for numbers whose exponent is too large to compute with; every rule refuses it. */
    private static final BigDecimal BEYOND_ALL_LIMITS = new BigDecimal("1e999999999");

    private final Faults faults;

    private JsonDocument(Faults faults) {
        this.faults = faults;
    }

    /** The members of the file's one object; none if it is malformed, which is then among the faults. */
    static Members read(byte[] bytes, Faults faults) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                faults.add(
                        line(parser),
                        first == null
                                ? "the file is empty but must hold a JSON object { … }"
                                : "the file must hold one JSON object { … }");
                return Members.NONE;
            }
            Members members = new JsonDocument(faults).members(parser, "");
            if (parser.nextToken() != null) {
                faults.add(line(parser), "there is something after the closing brace of the file's object");
            }
            return members;
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation() == null ? TokenStreamLocation.NA : e.getLocation();
            // the parser's own words may quote the file
            faults.add(
                    Math.max(at.getLineNr(), Faults.NO_LINE),
                    "not JSON%s: %s"
                            .formatted(
                                    at.getColumnNr() > 0 ? " at column " + at.getColumnNr() : "",
                                    InertText.of(Shown.masked(e.getOriginalMessage()))));
            return Members.NONE;
        }
    }

    private JsonValue value(JsonParser parser, String path) {
        int line = line(parser);
        return switch (parser.currentToken()) {
            case START_OBJECT -> members(parser, path);
            case START_ARRAY -> items(parser, path);
            case VALUE_STRING -> new Text(line, parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Numeral(line, parser.getString(), decimal(parser));
            case VALUE_TRUE -> new Truth(line, true);
            case VALUE_FALSE -> new Truth(line, false);
            default -> new Null(line);
        };
    }

    private static BigDecimal decimal(JsonParser parser) {
        try {
            return parser.getDecimalValue();
        } catch (NumberFormatException e) {
            return BEYOND_ALL_LIMITS;
        }
    }

    private Members members(JsonParser parser, String path) {
        int line = line(parser);
        Map<String, Member> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            int nameLine = line(parser);
            String memberPath = Options.path(path, name);
            parser.nextToken();
            Member member = new Member(nameLine, value(parser, memberPath));
            Member first = members.putIfAbsent(name, member);
            if (first != null) {
                faults.add(nameLine, "%s is set twice, first on line %d: keep one".formatted(memberPath, first.line()));
            }
        }
        return new Members(line, members);
    }

    private Items items(JsonParser parser, String path) {
        int line = line(parser);
        List<JsonValue> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser, path + "[" + items.size() + "]"));
        }
        return new Items(line, items);
    }

    private static int line(JsonParser parser) {
        return Math.max(parser.currentTokenLocation().getLineNr(), Faults.NO_LINE);
    }
}
