package io.pipelinev2.runner.backup;

import io.pipelinev2.runner.view.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a restore has decided to do, written down before any of it is done.
 *
 * @param backup tells which backup is restored
 * @param aside the directory in the home that the old files go to
 * @param replacements in their order
 */
record RestorePlan(String backup, Path aside, List<Replacement> replacements) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    RestorePlan {
        replacements = List.copyOf(replacements);
    }

    /** The plan in this file, or empty if there is none. */
    static Optional<RestorePlan> read(Path file, Path home) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            List<Replacement> replacements = new ArrayList<>();
            for (JsonNode each : json.path("replacements")) {
                replacements.add(new Replacement(
                        path(home, each.path("target")),
                        each.path("staged").isString() ? path(home, each.path("staged")) : null,
                        path(home, each.path("aside"))));
            }
            return Optional.of(
                    new RestorePlan(json.path("backup").asString(), path(home, json.path("aside")), replacements));
        } catch (JacksonException e) {
            throw new BackupException(
                    "The plan %s of an interrupted restore is damaged (%s). What was there is in the directory before-restore-… of the home, what was to come is beside the plan: move one of the two into place by hand, then delete %s."
                            .formatted(file, e.getOriginalMessage(), file.getParent()),
                    e);
        }
    }

    private static Path path(Path home, JsonNode json) {
        return home.resolve(json.asString()).normalize();
    }

    /** Relative to the home, which may be moved before the restore is completed. */
    byte[] bytes(Path home) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        for (Replacement each : replacements) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("target", home.relativize(each.target()).toString());
            json.put(
                    "staged",
                    each.staged() == null
                            ? null
                            : home.relativize(each.staged()).toString());
            json.put("aside", home.relativize(each.aside()).toString());
            list.add(json);
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("backup", backup);
        json.put("aside", home.relativize(aside).toString());
        json.put("replacements", list);
        return (Json.pretty(json) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
