package io.pipelinev2.optuna;

import io.pipelinev2.core.trial.Direction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Optuna's own API answers about a storage, written down as JSON. Non-finite numbers are {@code {"$f": NAME}}. */
record ExpectedStorage(List<Study> studies) {

    record Study(long id, String name, List<Direction> directions, List<Trial> complete, int pruned, int others) {}

    record Trial(
            long id,
            int number,
            List<@Nullable Object> values,
            String start,
            Map<String, @Nullable Object> parameters,
            Map<String, String> types,
            List<String> order,
            Map<String, @Nullable Object> userAttributes) {}

    static ExpectedStorage of(String name) {
        try (InputStream in = ExpectedStorage.class.getResourceAsStream("/optuna/expected/" + name + ".json")) {
            List<Study> studies = new ArrayList<>();
            JsonMapper.shared().readTree(in).get("studies").forEach(node -> studies.add(study(node)));
            return new ExpectedStorage(studies);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Study study(JsonNode node) {
        List<Direction> directions = new ArrayList<>();
        node.get("directions").forEach(direction -> directions.add(Direction.valueOf(direction.stringValue())));
        List<Trial> complete = new ArrayList<>();
        int pruned = 0;
        int others = 0;
        for (JsonNode trial : node.get("trials")) {
            if (trial.get("state").stringValue().equals("COMPLETE")) {
                complete.add(trial(trial));
            } else {
                pruned += trial.get("state").stringValue().equals("PRUNED") ? 1 : 0;
                others++;
            }
        }
        return new Study(
                node.get("study_id").longValue(),
                node.get("study_name").stringValue(),
                directions,
                complete,
                pruned,
                others);
    }

    private static Trial trial(JsonNode node) {
        Map<String, @Nullable Object> parameters = map(node.get("params"));
        Map<String, String> types = new LinkedHashMap<>();
        node.get("param_types").forEachEntry((name, type) -> types.put(name, type.stringValue()));
        List<String> order = new ArrayList<>();
        node.get("param_order").forEach(name -> order.add(name.stringValue()));
        List<@Nullable Object> values = new ArrayList<>();
        node.get("values").forEach(value -> values.add(plain(value)));
        return new Trial(
                node.get("trial_id").longValue(),
                node.get("number").intValue(),
                values,
                node.get("datetime_start").stringValue(),
                parameters,
                types,
                order,
                map(node.get("user_attrs")));
    }

    private static Map<String, @Nullable Object> map(JsonNode node) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        node.forEachEntry((key, value) -> map.put(key, plain(value)));
        return map;
    }

    private static @Nullable Object plain(JsonNode node) {
        if (node.has("$f")) {
            return Double.valueOf(node.get("$f").stringValue());
        }
        if (node.isObject()) {
            return map(node);
        }
        if (node.isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            node.forEach(element -> list.add(plain(element)));
            return list;
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
        return node.isIntegralNumber() ? (Object) node.longValue() : node.doubleValue();
    }
}
