package io.pipelinev2.runner.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.ServedHome;
import io.pipelinev2.runner.view.DisksView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The document says what is served, all of it and nothing else. */
class OpenApiDocumentTest {

    @TempDir
    Path directory;

    private ServedHome home;

    @BeforeEach
    void open() {
        home = new ServedHome(directory);
    }

    @AfterEach
    void close() {
        home.close();
    }

    private JsonNode document() throws Exception {
        return home.json(OpenApiDocument.PATH);
    }

    @Test
    void what_is_documented_is_what_is_registered() throws Exception {
        Set<String> documented = new TreeSet<>();
        document()
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method ->
                                documented.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey())));

        Set<String> registered = new TreeSet<String>(home.server.registered());
        registered.removeIf(route -> route.startsWith("HEAD "));

        assertThat(documented).isEqualTo(registered).hasSizeGreaterThan(30);
    }

    @Test
    void operations_have_names_of_their_own_and_references_lead_somewhere() throws Exception {
        JsonNode document = document();
        assertThat(document.path("openapi").asString()).startsWith("3.1");
        List<String> ids = new ArrayList<>();
        document.path("paths")
                .forEach(path -> path.forEach(
                        operation -> ids.add(operation.path("operationId").asString())));
        assertThat(ids).doesNotHaveDuplicates().allSatisfy(id -> assertThat(id).matches("[a-z][A-Za-z]+"));
        List<String> references = document.findValuesAsString("$ref");
        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    @Test
    void answers_have_the_keys_that_the_document_promises() throws Exception {
        home.sample.alive();
        var trial = home.sample.trial("ppo", 7, 1.0, TrialStatus.DEPLOYED, null);
        home.sample.passed(trial, 1.0);
        var deployment = home.sample.running(trial, 4711);
        home.store.write(tx -> {
            tx.put(
                    DisksView.SETTING,
                    "{\"disks\":[{\"path\":\"/\",\"total_bytes\":10,\"free_bytes\":4,\"days_to_full\":null,\"written\":true}]}");
            return tx.insert(Alert.opened("disk", "/", Alert.Severity.WARNING, "it is nearly full", home.clock.now()));
        });
        JsonNode document = document();
        Map<String, String> places = Map.of(
                "/api/v1/trials/{id}", "/api/v1/trials/" + trial.id(),
                "/api/v1/deployments/{id}", "/api/v1/deployments/" + deployment.id(),
                "/api/v1/deployments/{id}/equity", "/api/v1/deployments/" + deployment.id() + "/equity");
        int checked = 0;
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            JsonNode schema = path.getValue().at("/get/responses/200/content/application~1json/schema/$ref");
            String address = places.getOrDefault(path.getKey(), path.getKey());
            if (schema.isMissingNode() || address.contains("{")) {
                continue;
            }
            JsonNode answer = home.json(address);
            assertConforms(document, document.at(schema.asString().substring(1)), answer, address);
            checked++;
        }
        assertThat(checked).isGreaterThan(9);
    }

    private static void assertConforms(JsonNode document, JsonNode schema, JsonNode value, String where) {
        JsonNode reference = schema.path("$ref");
        if (!reference.isMissingNode()) {
            assertConforms(document, document.at(reference.asString().substring(1)), value, where);
        }
        schema.path("allOf").forEach(part -> assertConforms(document, part, value, where));
        schema.path("required")
                .forEach(key -> assertThat(value.has(key.asString()))
                        .as("%s has %s", where, key.asString())
                        .isTrue());
        JsonNode allowed = schema.path("enum");
        if (!allowed.isMissingNode()) {
            assertThat(allowed).as(where).contains(value);
        }
        schema.path("properties").properties().forEach(property -> {
            if (value.has(property.getKey())) {
                assertConforms(
                        document, property.getValue(), value.path(property.getKey()), where + "." + property.getKey());
            }
        });
        if (!schema.path("type").isMissingNode()) {
            assertThat(types(schema.path("type"))).as(where).contains(type(value));
        }
        if (value.isArray()) {
            value.forEach(item -> assertConforms(document, schema.path("items"), item, where + "[]"));
        }
    }

    private static List<String> types(JsonNode type) {
        List<String> types = new ArrayList<>();
        if (type.isArray()) {
            type.forEach(each -> types.add(each.asString()));
        } else {
            types.add(type.asString());
        }
        if (types.contains("number")) {
            types.add("integer");
        }
        return types;
    }

    private static String type(JsonNode value) {
        if (value.isIntegralNumber()) {
            return "integer";
        }
        return switch (value.getNodeType()) {
            case ARRAY -> "array";
            case OBJECT -> "object";
            case BOOLEAN -> "boolean";
            case NULL -> "null";
            case NUMBER -> "number";
            default -> "string";
        };
    }

    @Test
    void nothing_that_is_read_changes_anything() throws Exception {
        var trial = home.sample.trial("ppo", 7, 1.0, TrialStatus.DEPLOYED, null);
        home.sample.running(trial, 4711);
        long before = home.store.version().orElseThrow();
        for (Map.Entry<String, JsonNode> path : document().path("paths").properties()) {
            String address = path.getKey().replaceAll("\\{[a-z]+}", Long.toString(trial.id()));
            for (String query : List.of("", "?limit=1", "?retry=1&halt=1")) {
                home.get(address + query);
            }
        }
        assertThat(home.store.version()).hasValue(before);
        assertThat(directory.resolve("state").resolve("KILL")).doesNotExist();
    }
}
